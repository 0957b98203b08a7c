"""The doors: authenticate, validate, one transaction, start, update or query, render. No rule, no act, no SQL."""
