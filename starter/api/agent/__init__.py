"""Endpoints of the préfet's agents."""
