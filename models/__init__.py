"""The words: what is said between processes, and what is kept."""
