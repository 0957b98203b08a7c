"""Pages of an agent of the préfet."""
