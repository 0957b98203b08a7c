"""What the law objects to a decision, judged where it is taken."""

from sqlalchemy import Connection

from law.amendment import amendment_grant_objections
from law.commitments import commitment_objections
from law.decision import grant_objections
from law.reasons import legal_bases, reasons_objections
from models.bodies.decision import GrantBody, RefusalBody
from models.errors import Unlawful
from models.store.cases import amendments
from models.store.cases.records import RequestRecord


def refuse_unlawful(connection: Connection, case: RequestRecord, body: GrantBody | RefusalBody) -> None:
    """Raise `Unlawful` with every objection of the law; reasons are judged by the law of the request’s reception."""
    bases = legal_bases(case.law_day)
    if isinstance(body, GrantBody):
        terms = body.terms(case.terms)
        fixed_until = [each.until_on for each in body.commitments or ()]
        objections = grant_objections(case.terms, terms, body.reasons, bases)
        objections += commitment_objections(fixed_until, terms.end_on)
        if case.amends and (in_force := amendments.find_in_force(connection, case.amends)):
            objections += amendment_grant_objections(in_force, case.terms, terms)
    else:
        objections = reasons_objections(body.reasons, bases)
    if objections:
        raise Unlawful(objections)
