"""What is judged of a claim before it takes any hour, under the lock of its entitlement.

Whether it comes in time, or puts one right that did, is judged in `models.store.claims.late_claims`.
"""

from datetime import date
from decimal import Decimal
from typing import Final

from sqlalchemy import Connection, text

from law.texts import in_french
from models.claim_files.claim import days_of_month, days_of_period, sunday
from models.claim_labels import STANDING, ClaimState
from models.identifiers import Period
from models.store.cases import amendments
from models.store.claims import records
from models.store.claims.ends import BEFORE_HAND_OVER
from models.store.claims.records import ClaimRecord, EntitlementRecord
from models.store.claims.refusals import AdmissionRefused
from models.store.journal.claim_grammar import entitlement_chain
from models.store.records import Record

_NOT_OPEN: Final = {
    "frozen": "Les demandes d’indemnisation de cette autorisation sont suspendues.",
    "void": "Cette autorisation a été retirée : elle n’ouvre droit à aucune indemnisation.",
}


class StagedTotals(Record):
    """What the staged lines of a claim add up to."""

    people: int
    hours: Decimal
    allowance_cents: int
    indemnity_cents: int
    first_week: date
    last_week: date


class StandingClaim(Record):
    """The version that a month and part has."""

    id: str
    version: int
    state: ClaimState


def add_up(connection: Connection, claim_id: str) -> StagedTotals:
    """Return the sums of a staged claim."""
    totals = StagedTotals.first(connection, _TOTALS, {"id": claim_id})
    assert totals is not None  # noqa: S101 -- an aggregate has one row
    return totals


def judge_period(entitlement: EntitlementRecord, month: date, totals: StagedTotals) -> None:
    """Raise `AdmissionRefused` unless the entitlement is open, and its weeks are of the month and the period."""
    if entitlement.state != "open":
        raise AdmissionRefused("not-authorized", _NOT_OPEN[entitlement.state])
    days = entitlement.days_of(month)
    if days is None or sunday(totals.first_week) < days.start_on or totals.last_week > days.end_on:
        detail = f"La demande porte sur des jours hors de son mois ou de la période autorisée, {_bounds(entitlement)}."
        raise AdmissionRefused("outside-period", detail)


def refuse_days_cut_off(connection: Connection, entitlement: EntitlementRecord, claim: ClaimRecord) -> None:
    """Raise `AdmissionRefused` if amendments counted since the lines of a claim were staged took days of its weeks.

    Its hours are those of the days that were authorised then: nobody knows how many are of those left.
    """
    reference = claim.reference
    row = {"id": claim.id, "reference": reference, "chain": entitlement_chain(reference)}
    counted = connection.execute(_COUNTED_BEFORE, row).scalar()
    if counted == entitlement.amended_by:
        return
    accepted = {each.reference: each.terms for each in amendments.list_in_force(connection, reference)}
    terms = accepted[counted] if counted else amendments.find_granted(connection, reference)
    assert terms is not None  # noqa: S101 -- an entitlement is opened from them
    period = Period(start_on=terms.start_on, end_on=terms.end_on)
    refuse_other_days(connection, entitlement, claim, period)


def refuse_other_days(
    connection: Connection, entitlement: EntitlementRecord, claim: ClaimRecord, checked: Period
) -> None:
    """Raise `AdmissionRefused` if a week of a staged claim has fewer days than the period its lines were checked by."""
    for monday in connection.execute(_WEEKS, {"id": claim.id}).scalars():
        days = days_of_month(monday, claim.month)
        stated = days and days_of_period(days, checked)
        left = stated and days_of_period(stated, entitlement.period)
        if left != stated:
            detail = (
                f"La période autorisée va maintenant {_bounds(entitlement)} : elle n’a plus tous les jours qui étaient"
                f" autorisés de la semaine du {in_french(monday)} quand ses lignes ont été lues : renvoyez-les."
            )
            raise AdmissionRefused("outside-period", detail)


def _bounds(entitlement: EntitlementRecord) -> str:
    return f"du {in_french(entitlement.start_on)} au {in_french(entitlement.end_on)}"


def find_replaced(connection: Connection, claim: ClaimRecord, replaces: str | None) -> StandingClaim | None:
    """Return the version whose place a claim takes, None if there is none; raises `AdmissionRefused`.

    A version is replaced only by one that names it, and only before it is handed over. One that ended has no place to
    take: a claim that names it is admitted as one that names none.
    """
    place = {"reference": claim.reference, "month": claim.month, "part": claim.part}
    standing = StandingClaim.first(connection, _STANDING, place | {"states": list(STANDING)})
    if standing is None:
        if replaces and not connection.execute(_VERSION, place | {"id": replaces}).scalar():
            detail = "La demande à remplacer n’est pas une version de ce mois et de cette partie."
            raise AdmissionRefused("claim-stands", detail)
        return None
    if standing.state not in BEFORE_HAND_OVER or records.is_reserved(connection, standing.id):
        detail = f"La version {standing.version} de ce mois est déjà partie ({standing.state.label})."
        raise AdmissionRefused("already-handed", detail)
    if replaces != standing.id:
        detail = f"La version {standing.version} de ce mois demeure ({standing.state.label}) : remplacez-la."
        raise AdmissionRefused("claim-stands", detail)
    return standing


def judge_employees(
    connection: Connection, entitlement: EntitlementRecord, claim: ClaimRecord, replaced: StandingClaim | None
) -> None:
    """Raise `AdmissionRefused` if a month has more employees, over all its parts, than are authorised.

    Doubt: no text says whether the number is that of a month or of the whole period; the month is what is refused.
    """
    row = {
        "id": claim.id,
        "reference": claim.reference,
        "month": claim.month,
        "states": list(STANDING),
        "replaced": replaced and replaced.id,
    }
    employees = connection.execute(_EMPLOYEES, row).scalar_one()
    if employees > entitlement.authorised_employees:
        authorised = entitlement.authorised_employees
        detail = f"Avec ses autres parties, ce mois compte {employees} salariés, pour {authorised} autorisés."
        raise AdmissionRefused("employees-exceeded", detail)


_TOTALS = text(
    "SELECT count(*) AS people, sum(p.payable) AS hours, sum(p.allowance_cents)::bigint AS allowance_cents,"
    " sum(p.indemnity_cents)::bigint AS indemnity_cents, w.first_week, w.last_week FROM claim_person p,"
    " (SELECT min(week_on) AS first_week, max(week_on) AS last_week FROM claim_week WHERE claim_id = :id) w"
    " WHERE p.claim_id = :id GROUP BY w.first_week, w.last_week"
)
_COUNTED_BEFORE = text(
    "SELECT e.data ->> 'amendment' FROM event e, claim c, request r WHERE c.id = CAST(:id AS uuid)"
    " AND r.reference = :reference AND e.subject = :chain AND e.type = 'entitlement_amended'"
    " AND EXISTS (SELECT FROM request a WHERE a.reference = e.data ->> 'amendment')"  # a change of account takes no day
    " AND e.recorded_at <= c.staged_at + r.clock_offset ORDER BY e.seq DESC LIMIT 1"
)
"""The last amendment that the entitlement counted when the lines of a claim were staged."""
_WEEKS = text("SELECT DISTINCT week_on FROM claim_week WHERE claim_id = CAST(:id AS uuid) ORDER BY 1")
_STANDING = text(
    "SELECT id::text, version, state FROM claim WHERE reference = :reference AND month = :month AND part = :part"
    " AND state = ANY(:states)"
)
_VERSION = text(
    "SELECT true FROM claim WHERE id = CAST(:id AS uuid) AND reference = :reference AND month = :month AND part = :part"
    " AND version IS NOT NULL"
)
_EMPLOYEES = text(
    "SELECT count(DISTINCT p.blind) FROM claim_person p JOIN claim c ON c.id = p.claim_id WHERE c.id = :id"
    " OR (c.reference = :reference AND c.month = :month AND c.state = ANY(:states)"
    "   AND c.id IS DISTINCT FROM CAST(:replaced AS uuid))"
)
