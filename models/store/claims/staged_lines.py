"""Checked lines of an employer become a staged claim: priced, found by blind indexes, sealed under the case’s key."""

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import Connection

from law.work_time import Mode
from models.claim_files.claim import Claim
from models.claim_files.lines import ClaimLine
from models.claim_files.pricing import PricedPerson, price
from models.store.claims import judgement, records, staging
from models.store.claims.people import Terms
from models.store.claims.sealed_people import CaseSeal, NamedPerson, PeopleKeys
from models.store.claims.staging import StagedClaim, StagedPerson, StagedWeek

_SEPARATOR: Final = b"\x1f"


def stage_lines(
    connection: Connection, stated: StagedClaim, lines: Iterable[ClaimLine], claim: Claim, keys: PeopleKeys
) -> str:
    """Stage the lines of a claim and return its id; `claim` is what they were checked against.

    The caller has found no error in them (`models.claim_files.check`). Raises `KeyDestroyed`, as `staging.stage` and
    `price` do, and `AdmissionRefused` if an amendment took days of them since they were checked.
    """
    read = list(lines)
    people = price(read, claim)
    seal = CaseSeal(connection, stated.reference, keys.master)
    by_line = {each.first.line: each for each in people}
    known = stated._replace(
        structural=claim.structural,
        sector=claim.where.sector,
        holidays_worked=claim.holidays_worked,
        body_digest=keys.blind.digest(map(_digested, read)),
    )

    def sealed(claim_id: str, n: int) -> bytes:
        return seal.seal(claim_id, n, NamedPerson.of(_named(by_line[n]), direct=claim.direct))

    claim_id = staging.stage(connection, known, (_staged(each, keys) for each in people), sealed)
    if claim.period and (entitlement := records.find_entitlement(connection, stated.reference)):
        judgement.refuse_other_days(connection, entitlement, records.get(connection, claim_id), claim.period)
    return claim_id


def _named(person: PricedPerson) -> ClaimLine:
    """Return the line that names a person: the first, with the usage name that any of the others states."""
    usage = next((each.usage_name for each in person.weeks.values() if each.usage_name), "")
    return person.first._replace(usage_name=person.first.usage_name or usage)


def _staged(person: PricedPerson, keys: PeopleKeys) -> StagedPerson:
    terms = line_terms(person.first)
    return StagedPerson(
        n=person.first.line,
        blind=keys.blind.index(person.first.nir),
        terms=terms,
        allowance_cents=person.allowance_cents,
        indemnity_cents=person.indemnity_cents,
        weeks={monday: _week(line) for monday, line in person.weeks.items()},
    )


def _week(line: ClaimLine) -> StagedWeek:
    return StagedWeek(line.worked, line.idle, line.idle, line_terms(line))


def line_terms(line: ClaimLine) -> Terms:
    """Return what a line states of its employee beside the hours."""
    return Terms(line.category, Mode(line.mode), line.contract_hours, line.hourly_gross, line.apprentice)


def _digested(line: ClaimLine) -> bytes:
    values: Sequence[object] = (*line[:-1], *(line.payee or ()))
    return _SEPARATOR.join(str(each).encode() for each in values) + b"\n"
