"""One function an act, called by the API and by the pages alike.

A function takes the context and the caller's credential, admits the caller by its verb, runs the one transaction of
the act, and returns a value that the API serialises and the pages render. A body that must not be validated before the
caller is admitted comes as a `Submission`. API and pages only parse and render.
"""
