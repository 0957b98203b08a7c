"""Reads files of claims that strangers send: bytes, then rows, then lines and faults. No rule of law."""
