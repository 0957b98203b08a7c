"""Bodies, messages, settings and the register: what the programs share."""
