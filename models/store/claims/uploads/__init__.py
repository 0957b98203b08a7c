"""Files of claims: received sealed, read by a worker, submitted or forgotten after a day."""
