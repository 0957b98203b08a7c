"""One function for each thing that a caller can do, used by the API and by the pages alike.

A function takes the context and the caller's credential, admits the caller by its verb, runs one transaction,
and returns a value that the API serialises and the pages render. A body that must not be validated before the
caller is admitted comes as a `Submission`. API and pages only parse and render.
"""
