"""Temporal: the client, the payload codec, the data keys, traces and names."""
