"""What anybody who has an account calls about that account."""
