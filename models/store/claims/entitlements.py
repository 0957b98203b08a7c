"""The entitlement of an authorization: one row, opened once, which arbitrates its claims.

It is opened by whatever needs it first, from the terms as granted, expressly or by silence: neither a notification nor
the silence of many requests writes it, so that nothing here can make them wait or fail.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, text

from models.claim_files.claim import sunday
from models.claim_labels import STANDING
from models.identifiers import Period
from models.store.cases import amendments, forfeitures, requests
from models.store.cases.amendments import AmendmentRecord
from models.store.cases.records import RequestRecord
from models.store.claims import ledger, records
from models.store.claims.ledger import Amount
from models.store.claims.refusals import AdmissionRefused
from models.store.database import case_now
from models.store.journal import events
from models.store.journal.claim_grammar import entitlement_chain


def open_once(connection: Connection, reference: str) -> None:
    """Open the entitlement of an authorization unless it is open; raises `Unknown` and `AdmissionRefused`."""
    # First of all locks: whoever changes an authorization holds its request, then its entitlement.
    requests.keep(connection, reference)
    case = requests.get(connection, reference)
    terms = amendments.find_granted(connection, reference)
    if terms is None or case.amends:
        raise AdmissionRefused("not-authorized", "Aucune autorisation n’est en vigueur dans ce dossier.")
    if case.closed_at is not None:
        raise AdmissionRefused("forfeited", "Le dossier est clos : plus aucune heure ne peut être demandée.")
    limit = forfeitures.of_period(connection, case, terms.end_on)
    row = {
        "reference": reference,
        "hours": terms.hours,
        "employees": terms.employees,
        "start_on": terms.start_on,
        "end_on": terms.end_on,
        "forfeited_on": limit.forfeited_on,
        "regularise_until": limit.regularise_until,
    }
    if connection.execute(_OPEN, row).first():
        at: datetime = case_now(connection, reference)
        ledger.append(connection, reference, "granted", Amount(terms.hours), at, key=f"granted:{reference}")
        events.append(connection, entitlement_chain(reference), "entitlement_opened", at, reference=reference)
    follow_amendments(connection, reference)


_OPEN = text(
    "INSERT INTO entitlement (reference, authorised_hours, authorised_employees, start_on, end_on, forfeited_on,"
    "   regularise_until, iban_digest)"
    " SELECT n.reference, :hours, :employees, :start_on, :end_on, :forfeited_on, :regularise_until,"
    "   sha256(n.salt || convert_to(n.iban, 'UTF8')) FROM nominal n WHERE n.reference = :reference"
    " ON CONFLICT DO NOTHING RETURNING reference"
)


def follow_amendments(connection: Connection, reference: str) -> None:
    """Have an entitlement that is open count the amendments accepted since, each once, in order.

    Neither a notification nor the silence of many requests does it: the process of the amendment does, or whoever
    claims first. What was admitted stays: an amendment for fewer hours takes those that are left, and one for other
    days leaves those that are claimed.
    """
    if not connection.execute(_IS_BEHIND, {"reference": reference}).scalar():
        return
    requests.keep(connection, reference)
    case, behind = requests.get(connection, reference), records.hold_entitlement(connection, reference)
    for each in amendments.list_in_force(connection, reference, behind.amended_by or ""):
        _count(connection, case, each)


def _count(connection: Connection, case: RequestRecord, amendment: AmendmentRecord) -> None:
    before, terms = records.hold_entitlement(connection, case.reference), amendment.terms
    claimed = find_claimed_days(connection, case.reference)
    start_on = min(terms.start_on, claimed.start_on) if claimed else terms.start_on
    end_on = max(terms.end_on, claimed.end_on) if claimed else terms.end_on
    limit = forfeitures.of_period(connection, case, end_on)
    hours = max(terms.hours, before.admitted_hours)
    row = {
        "reference": case.reference,
        "amendment": amendment.reference,
        "hours": hours,
        "employees": terms.employees,
        "start_on": start_on,
        "end_on": end_on,
        "forfeited_on": limit.forfeited_on,
        "regularise_until": limit.regularise_until,
    }
    connection.execute(_AMEND, row)
    at: datetime = case_now(connection, case.reference)
    if added := hours - before.authorised_hours:
        kind = "granted" if added > 0 else "reduced"
        key = f"{kind}:{amendment.reference}"
        ledger.append(connection, case.reference, kind, Amount(abs(added)), at, key=key)
    chain = entitlement_chain(case.reference)
    events.append(connection, chain, "entitlement_amended", at, amendment=amendment.reference)


def find_claimed_days(connection: Connection, reference: str) -> Period | None:
    """Return the days, from the first to the last, of the weeks that standing claims of an authorization have.

    Only those of the month of each claim and of the period that the entitlement has; None without such a claim.
    """
    entitlement = records.find_entitlement(connection, reference)
    found = connection.execute(_CLAIMED_WEEKS, {"reference": reference, "states": list(STANDING)}).all()
    months = [(entitlement.days_of(each.month), each) for each in found] if entitlement else []
    claimed = [(max(each.first, days.start_on), min(sunday(each.last), days.end_on)) for days, each in months if days]
    if not claimed:
        return None
    return Period(start_on=min(first for first, _ in claimed), end_on=max(last for _, last in claimed))


_CLAIMED_WEEKS = text(
    "SELECT c.month, min(w.week_on) AS first, max(w.week_on) AS last FROM claim c"
    " JOIN claim_week w ON w.claim_id = c.id WHERE c.reference = :reference AND c.state = ANY(:states)"
    " GROUP BY c.month"
)
_IS_BEHIND = text(
    "SELECT EXISTS (SELECT FROM entitlement e JOIN request r ON r.amends = e.reference"
    " AND r.reference > coalesce(e.amended_by, e.reference) AND r.reference <= e.reference || '99'"
    " WHERE e.reference = :reference AND r.outcome IN ('granted', 'tacit'))"
)
_AMEND = text(
    "UPDATE entitlement SET authorised_hours = :hours, authorised_employees = :employees, start_on = :start_on,"
    " end_on = :end_on, forfeited_on = :forfeited_on, regularise_until = :regularise_until, amended_by = :amendment"
    " WHERE reference = :reference"
)


def has_own_account(connection: Connection, reference: str) -> bool:
    """Whether the bank account of a case is still that of its entitlement."""
    return connection.execute(_OWN_ACCOUNT, {"reference": reference}).first() is not None


HAS_OWN_ACCOUNT: Final = (
    "EXISTS (SELECT FROM entitlement e JOIN nominal n ON n.reference = e.reference WHERE e.reference = {0}"
    " AND e.iban_digest = sha256(n.salt || convert_to(n.iban, 'UTF8')))"
)
"""Condition of `has_own_account`, in which the reference is to be put."""
_OWN_ACCOUNT = text(f"SELECT WHERE {HAS_OWN_ACCOUNT.format(':reference')}")
