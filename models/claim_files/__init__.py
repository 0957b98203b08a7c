"""Files of a claim: the lines, faults and headers that are read of them, and what an employer says of its own files."""
