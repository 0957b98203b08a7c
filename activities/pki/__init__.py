"""Signatures, time-stamps and their verification (PAdES, RFC 3161)."""
