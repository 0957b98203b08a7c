"""What every page is made of: rendering, forms, the visitor."""
