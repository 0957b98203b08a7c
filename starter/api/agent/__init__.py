"""What agents of the préfet call."""
