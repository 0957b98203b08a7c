"""Requests and all that belongs to one, from the draft to the decision or the silence."""
