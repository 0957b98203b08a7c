"""Endpoints of operators and auditors."""
