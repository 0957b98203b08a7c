"""Endpoints open to everyone."""
