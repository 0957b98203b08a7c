"""The register of establishments: two public APIs behind one directory, with a shared limiter and cache."""
