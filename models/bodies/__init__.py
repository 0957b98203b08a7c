"""Request bodies that callers send, validated, in the shape of the contract."""
