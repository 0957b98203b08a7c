"""Notices by electronic mail: a link, never the document."""
