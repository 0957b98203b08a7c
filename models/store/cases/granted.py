"""The terms granted by a case, as statements read them: those of its notified decision, or all that it asked for."""

from typing import Final

from sqlalchemy import ColumnElement, and_, func

from models.store.schema.cases import decision, request

TERMS: Final = ("start_on", "end_on", "employees", "hours")
NOTIFIED: Final = and_(decision.c.reference == request.c.reference, decision.c.state == "notified")
"""Joins the decision of a request that was notified, if there is one."""


def granted(name: str) -> ColumnElement[object]:
    """Return a term (one of `TERMS`) of a request joined with its decision."""
    return func.coalesce(decision.c[name], request.c[name])


def notified_of(case: str) -> str:
    """Return the same join in SQL; `case` is how the statement names the request, and `d` the decision."""
    return f" LEFT JOIN decision d ON d.reference = {case}.reference AND d.state = 'notified'"


def granted_of(case: str, name: str) -> str:
    """Return the same term in SQL."""
    return f"coalesce(d.{name}, {case}.{name})"


def terms_of(case: str) -> str:
    """Return all terms in SQL, each under its name."""
    return ", ".join(f"{granted_of(case, each)} AS {each}" for each in TERMS)
