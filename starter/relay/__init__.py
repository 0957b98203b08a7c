"""The relay: tells the engine what the register has committed, and reconciles the two."""
