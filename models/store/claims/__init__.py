"""Claims: what an authorization entitles to, what is claimed of it, and the ledger of both."""
