"""What operators and auditors call."""
