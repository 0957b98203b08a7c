"""The audit: events, their chains, the anchors and the rows, recomputed from what the register holds."""
