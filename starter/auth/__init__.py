"""Who is calling, how they proved it, and what they may do."""
