"""Measures, and the bare shapes beside which ours are measured."""
