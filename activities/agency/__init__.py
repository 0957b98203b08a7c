"""The hand-over to the paying agency (ASP): layout of a file, its transport, its deposit."""
