"""French administrative documents: their contents, their wording, their rendering to PDF."""
