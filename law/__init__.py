"""The rules: dated, explained, without a clock and without input or output; read in the order of the code."""
