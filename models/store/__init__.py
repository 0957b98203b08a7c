"""The legal register in PostgreSQL: tables, every SQL statement as a small named function, migrations."""
