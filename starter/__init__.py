"""The HTTP server and the relay: authenticate, validate, call the register and the engine, render. No rule, no SQL."""
