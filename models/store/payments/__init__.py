"""Payments: what is ordered, the runs that carry it to the bank, and what the bank booked or sent back."""
