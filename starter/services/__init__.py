"""One function an act, called by the API and by the pages alike."""
