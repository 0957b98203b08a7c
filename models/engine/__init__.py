"""Temporal: names, kinds of process, the client, the payload codec, data keys and tracing."""
