"""How doors and workers have the program `examining` judge a file: what is asked, what may be answered, a client."""
