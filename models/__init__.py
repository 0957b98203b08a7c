"""What the programs share: bodies, messages, the engine, telemetry, settings and the register."""
