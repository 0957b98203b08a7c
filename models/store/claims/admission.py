"""The admission of a claim: one transaction, in which the entitlement arbitrates.

Locks are taken in this order, here and wherever several of them are needed (docs/ledger.md): establishment → request →
upload → entitlement → claim → person_year → person_week → ledger_balance, rows of a table in ascending order. The
entitlement is held first, so that claims of one authorization are admitted one after another: those that the hours left
are enough for, and no other. No event is appended to the case: a claim has a chain of its own.
"""

import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import Connection, text

from law.amounts import of_cents, to_cents
from law.calendar import local
from law.payment import financing, payment_delay
from law.texts import number_in_french
from models.claim_files import line_warnings
from models.claim_files.line_warnings import Warned
from models.claim_labels import ClaimSignal, ClaimState
from models.store.cases import requests
from models.store.cases.records import RequestRecord
from models.store.claims import controls, ends, entitlements, judgement, late_claims, ledger, processes, records, usage
from models.store.claims.judgement import StagedTotals
from models.store.claims.ledger import Amount
from models.store.claims.records import ClaimRecord, EntitlementRecord
from models.store.claims.refusals import AdmissionRefused
from models.store.claims.uploads import records as uploads
from models.store.claims.usage import Exchange
from models.store.journal import events, representation
from models.store.journal.claim_grammar import claim_chain
from models.store.journal.events import Actor


class Reception(NamedTuple):
    """When a claim is received and its file had come, whether only to put one right, whose place it takes, warnings."""

    at: datetime
    sent_at: datetime
    late: bool
    replaces: str | None
    warned: Sequence[Warned]


def admit(
    connection: Connection, claim_id: str, actor: Actor, *, replaces: str | None = None, warned: Sequence[Warned] = ()
) -> ClaimRecord:
    """Admit a staged claim and return it; one that was admitted before is returned as it is.

    It is received when this is called, even if it then waits for others; one of a file is in time if its file was: we
    read it, and our delay takes nobody’s right. `replaces` is the id of the version whose place it takes, and counts
    for nothing if that one ended; `warned` what the check of its lines found worth a look. A claim under an unproven
    authority, for another bank account than that of the authorization, or once a works-council opinion is missing, is
    admitted and held: nothing that was sent in time is lost. Raises `Unknown`, and `AdmissionRefused`, after which the
    transaction must be undone.
    """
    reference = records.get(connection, claim_id).reference
    case = requests.get(connection, reference)
    at = requests.received_now(connection, case.clock_offset)
    entitlements.follow_amendments(connection, reference)
    entitlement = records.hold_entitlement(connection, reference)
    claim = records.hold(connection, claim_id)
    if claim.state is not ClaimState.CHECKED:
        return claim
    if replaces:  # before what it is judged by: whoever agrees to it at this moment goes first, or finds it replaced
        records.hold(connection, replaces)
    totals = judgement.add_up(connection, claim_id)
    judgement.judge_period(entitlement, claim.month, totals)
    judgement.refuse_days_cut_off(connection, entitlement, claim)
    sent_at = _sent_at(connection, claim, case, at)
    late = late_claims.is_put_right_late(connection, entitlement, claim, case, case.day_of(sent_at))
    standing = judgement.find_replaced(connection, claim, replaces)
    judgement.judge_employees(connection, entitlement, claim, standing)
    replaced = records.get(connection, standing.id) if standing else None
    reception = Reception(at, sent_at, late, replaced.id if replaced else None, warned)
    _take_hours(connection, entitlement, totals, replaced)
    taken = Exchange(case.siret, reference, case.ground, claim.month, claim_id, reception.replaces)
    usage.exchange(connection, taken)
    if replaced:
        ends.record(connection, replaced, ClaimState.REPLACED, at)
    admitted = _record(connection, case, claim, totals, reception)
    _announce(connection, admitted, replaced, reception, actor)
    return admitted


def _sent_at(connection: Connection, claim: ClaimRecord, case: RequestRecord, at: datetime) -> datetime:
    """Return when the file of a claim had come, if that was on an earlier day; else when the claim is received."""
    received_at = uploads.find_reception(connection, claim.id)
    sent_at = received_at + case.clock_offset if received_at else at
    return sent_at if case.day_of(sent_at) < case.day_of(at) else at


def _take_hours(
    connection: Connection, entitlement: EntitlementRecord, totals: StagedTotals, replaced: ClaimRecord | None
) -> None:
    given_back = ends.amount_of(replaced).hours if replaced else Decimal(0)
    row = {"reference": entitlement.reference, "delta": totals.hours - given_back}
    if connection.execute(_TAKE_HOURS, row).first() is None:
        left = entitlement.authorised_hours - entitlement.admitted_hours + given_back
        detail = f"Il reste {number_in_french(left)} heures à cette autorisation : {number_in_french(totals.hours)}"
        raise AdmissionRefused("hours-exceeded", f"{detail} sont demandées.")


def _record(
    connection: Connection,
    case: RequestRecord,
    claim: ClaimRecord,
    totals: StagedTotals,
    reception: Reception,
) -> ClaimRecord:
    at, shares = reception.at, _shares(totals.allowance_cents, claim.month)
    found = {
        ClaimSignal.REGULARISATION: reception.late,
        ClaimSignal.DSN_TOTAL: _differs_from_prefill(connection, claim, totals),
        **{each.signal: True for each in reception.warned},
    }
    holds = controls.find_holds(connection, claim.reference)
    signals = (*holds, *(signal for signal, is_so in found.items() if is_so))
    row = totals.model_dump(include={"people", "hours", "allowance_cents", "indemnity_cents"}) | {
        "id": claim.id,
        "state": ClaimState.HELD if any(each.holds for each in signals) else ClaimState.ADMITTED,
        "received_at": at,
        "due_on": payment_delay(local(at, case.department).date()).due_on,
        "state_cents": shares[0],
        "unedic_cents": shares[1],
        "replaces": reception.replaces,
        "regularisation": reception.late,
        "signals": json.dumps(signals),
    }
    connection.execute(_ADMIT, row)
    amount, key = Amount(totals.hours, *shares), f"admitted:{claim.id}"
    ledger.append(connection, claim.reference, "admitted", amount, at, key=key, claim_id=claim.id)
    return records.get(connection, claim.id)


def _differs_from_prefill(connection: Connection, claim: ClaimRecord, totals: StagedTotals) -> bool:
    """Whether a DSN that was sent to prefill the claim, and is kept still, has other hours idle in the month."""
    prefilled = uploads.find_prefilled_hours(connection, claim.reference, claim.month, claim.part)
    return prefilled is not None and prefilled != totals.hours


def _shares(allowance_cents: int, month: date) -> tuple[int, int]:
    """Return what State and Unédic bear of an allowance, in cents."""
    state = to_cents(financing(of_cents(allowance_cents), month).state)
    return state, allowance_cents - state


def _announce(
    connection: Connection, claim: ClaimRecord, replaced: ClaimRecord | None, reception: Reception, actor: Actor
) -> None:
    """Append the events of an admission, have the process of the version replaced look again, and start its own."""
    if replaced:
        ends.tell(connection, replaced, ClaimState.REPLACED, reception.at, actor, by=claim.id)
        processes.wake(connection, replaced)
    _tell(connection, claim, reception, actor)
    processes.start(connection, claim)


def _tell(connection: Connection, claim: ClaimRecord, reception: Reception, actor: Actor) -> None:
    """Append the events of an admission; an agent of record names the mandate for the case."""
    at, mandate = reception.at, None
    if actor.role == "employer" and actor.account_id:
        mandate = representation.find_mandate(connection, actor.account_id, claim.reference)
    stated = {
        "reference": claim.reference,
        "month": f"{claim.month:%Y-%m}",
        "part": str(claim.part),
        "version": str(claim.version),
    }
    stated |= {"sent_at": reception.sent_at.isoformat()} if reception.sent_at < at else {}
    stated |= line_warnings.as_data(reception.warned) | ({"mandate": mandate} if mandate else {})
    chain = claim_chain(claim.id)
    events.append(connection, chain, "claim_received", at, actor, recorded_at=at, **stated)
    if claim.state is ClaimState.HELD:
        held = " ".join(each for each in claim.signals if each.holds)
        events.append(connection, chain, "claim_held", at, reasons=held)


_TAKE_HOURS = text(
    "UPDATE entitlement SET admitted_hours = admitted_hours + :delta WHERE reference = :reference"
    " AND admitted_hours + :delta <= authorised_hours RETURNING admitted_hours"
)
_ADMIT = text(
    "UPDATE claim SET state = :state, received_at = :received_at, due_on = :due_on, people = :people, hours = :hours,"
    " allowance_cents = :allowance_cents, indemnity_cents = :indemnity_cents, state_cents = :state_cents,"
    " unedic_cents = :unedic_cents, regularisation = :regularisation, replaces = CAST(:replaces AS uuid),"
    " signals = CAST(:signals AS jsonb),"
    " version = (SELECT coalesce(max(v.version), 0) + 1 FROM claim v"
    "   WHERE (v.reference, v.month, v.part) = (claim.reference, claim.month, claim.part))"
    " WHERE id = :id"
)
