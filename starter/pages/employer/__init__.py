"""Pages of an employer's space."""
