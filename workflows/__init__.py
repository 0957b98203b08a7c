"""The procedure: it reads like the decree, and imports the law and the words only."""
