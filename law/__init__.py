"""The rules: dated, explained, pure (no clock, no input or output), in the order of the Code du travail."""
