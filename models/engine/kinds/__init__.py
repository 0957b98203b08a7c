"""Descriptors of the kinds of process, one module a subject; `models.engine.processes` discovers them."""
