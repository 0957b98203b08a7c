"""The acts: thin, idempotent by business key; they do to the world what the procedure decides."""
