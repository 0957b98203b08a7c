"""Pages of operators and auditors."""
