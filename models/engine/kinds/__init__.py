"""The descriptors of processes, one module a subject; `models.engine.processes` finds them here."""
