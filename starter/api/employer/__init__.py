"""Endpoints of employers and their agents of record."""
