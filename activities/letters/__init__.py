"""Letters on paper: drawn into the folder from which a printing channel takes them, kept nowhere else."""
