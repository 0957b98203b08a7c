"""HTTP itself: request bodies, problems, uploads, the middleware and the OpenAPI document."""
