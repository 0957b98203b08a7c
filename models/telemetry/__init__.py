"""Logs, metrics and spans, and the trace context that they share."""
