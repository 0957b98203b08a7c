"""One function an act, called by the API and by the pages alike.

A function takes the context and the caller's credential, admits the caller by its verb, runs the one transaction of
the act, and returns a value that the API serialises and the pages render. A body comes as a `Submission` where it
must not be validated before the caller is admitted; whoever called has no more to do than parse and render.
"""
