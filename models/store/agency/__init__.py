"""What is handed over to the paying agency (ASP)."""
