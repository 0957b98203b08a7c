"""Parts shared by all pages: rendering, forms, errors, the visitor's session."""
