"""What processes say to acts and to each other: references, instants and digests, never names."""
