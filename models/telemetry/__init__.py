"""Logs, metrics, spans, and the trace context that they share."""
