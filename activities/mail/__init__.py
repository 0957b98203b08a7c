"""Notices by e-mail: a link, never the document."""
