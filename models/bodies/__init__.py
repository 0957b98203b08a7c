"""What callers send: validated bodies in the shape of the contract."""
