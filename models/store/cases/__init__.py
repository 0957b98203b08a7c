"""Cases: a request and all that belongs to it, from the draft to the decision or the silence."""
