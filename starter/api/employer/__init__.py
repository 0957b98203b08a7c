"""What employers and their agents of record call."""
