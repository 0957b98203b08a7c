"""What the lines of a claim are read and checked against, as the register knows the case and the employer states it."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from law.decision import Terms
from law.pay import Circumstances
from law.rates import Sector
from models.claim_files.claim import Claim
from models.claim_files.profile import ReadingContext
from models.identifiers import Period
from models.store.cases import authorizations
from models.store.cases.authorizations import NotAuthorized
from models.store.cases.records import RequestRecord
from models.store.claims import payees
from models.store.claims.refusals import AdmissionRefused


class Stated(NamedTuple):
    """What an employer says of the establishment, beside the lines."""

    structural: bool = False
    sector: Sector = Sector.GENERAL
    holidays_worked: bool | None = None


def find(
    connection: Connection, reference: str, month: date, stated: Stated, received_on: date | None = None
) -> tuple[RequestRecord, Claim]:
    """Return a case, and what the claim of a month is checked against; raises `Unknown` and `AdmissionRefused`."""
    try:
        case, terms = authorizations.get(connection, reference)
    except NotAuthorized as nothing:
        raise AdmissionRefused("not-authorized", "Aucune autorisation n’est en vigueur dans ce dossier.") from nothing
    return case, of_terms(connection, case, terms, month, stated, received_on)


def of_terms(
    connection: Connection,
    case: RequestRecord,
    terms: Terms,
    month: date,
    stated: Stated,
    received_on: date | None = None,
) -> Claim:
    """Return what the claim of a month is checked against under the terms of its authorization."""
    return Claim(
        month=month,
        period=Period(start_on=terms.start_on, end_on=terms.end_on),
        where=Circumstances(case.department, headcount=case.headcount, sector=stated.sector),
        structural=stated.structural,
        direct=payees.are_paid_directly(connection, case.reference, month),
        holidays_worked=stated.holidays_worked,
        received_on=received_on,
    )


def reading_context(case: RequestRecord, claim: Claim) -> ReadingContext:
    """Return what whoever reads the lines of a claim is told of it."""
    month = None if claim.month is None else f"{claim.month:%Y-%m}"
    return ReadingContext(month=month, siret=case.siret, payee="employees" if claim.direct else "establishment")
