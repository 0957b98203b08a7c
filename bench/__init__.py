"""Performance measures of the product, each beside a bare equivalent."""
