"""Hand-over to the paying agency (ASP): channels, rows, files and what was sent."""
