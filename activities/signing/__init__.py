"""Signatures, time-stamps and their verification (PAdES, RFC 3161)."""

from models.telemetry.logs import silence_parsers

silence_parsers()  # also in commands, which configure no logs: each doubt would be told with its traceback
