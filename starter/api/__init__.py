"""The calls of the contract under `/api/v1`, one module a subject."""
