"""The acts: thin, idempotent by business key; they carry out what the procedure decides."""
