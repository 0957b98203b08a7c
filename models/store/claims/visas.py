"""What agents say of a claim: an agreement or a refusal, in person or by a standing instruction, and who may sign it.

A visa is given under a delegation in force on that day in the case, which is locked: the end of a power and what is
done under it are in order. Before anything is signed, `may_still_sign` asks again.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import Connection, bindparam, insert, select, update

from law.reasons import CLAIM_BASES, reasons_objections
from models.claim_labels import ClaimState
from models.errors import Conflict, Unlawful
from models.identifiers import Instant
from models.store.cases import requests
from models.store.cases.records import RequestRecord
from models.store.claims import case_signals, instructions, processes, records, steps
from models.store.claims.records import ClaimRecord
from models.store.database import case_now
from models.store.journal import events
from models.store.journal.claim_grammar import claim_chain
from models.store.journal.events import Actor
from models.store.people import delegations
from models.store.records import Record
from models.store.schema.agents import delegation
from models.store.schema.cases import account
from models.store.schema.claims import visa

Outcome = Literal["agreed", "refused"]
OUTCOMES: Final[dict[Outcome, str]] = {"agreed": "claim", "refused": "claim_refusal"}
"""Outcome of a visa → that of the delegations under which it is given."""
Answer = Literal["done", "already", "refused", "not-under-review", "signals-changed"]
"""What becomes of a visa: given now, given before, or impossible, because of a refusal, of the state of the claim or of
signals other than those that were shown."""
BEFORE_AGREEMENT: Final = (ClaimState.ADMITTED, ClaimState.HELD, ClaimState.UNDER_REVIEW)
"""States in which a claim may be refused."""


class VisaRecord(Record):
    """A visa that stands, with whoever signs what it orders: name of the agent, certificate and act of the delegation.

    `certificate` is an id of `signatories.json`.
    """

    id: str
    claim_id: str
    account_id: str
    delegation_id: str
    instruction_id: str | None
    outcome: Outcome
    reasons: tuple[str, ...]
    given_at: Instant
    name: str
    certificate: str
    act: str


def find_standing(connection: Connection, claim_id: str) -> VisaRecord | None:
    """Return the visa of a claim that has not lapsed, None if there is none."""
    return VisaRecord.first(connection, _STANDING, {"of": claim_id})


_STANDING = (
    select(visa, account.c.name, delegation.c.certificate, delegation.c.act)
    .join(account, account.c.id == visa.c.account_id)
    .join(delegation, delegation.c.id == visa.c.delegation_id)
    .where(visa.c.claim_id == bindparam("of"), visa.c.lapsed_at.is_(None))
)


def agree(connection: Connection, claim_id: str, actor: Actor, seen: str | None = None) -> Answer:
    """Give the visa of an agent to a claim under review; of several at once, one is recorded.

    `seen` is the digest of the signals that the agent was shown (`case_signals.digest`): others are not agreed to; None
    for those of now. Raises `Unknown`, and `NotAllowed` without a delegation in force for it.
    """
    reference = records.get(connection, claim_id).reference
    requests.get(connection, reference, hold=True)  # before the claim, as everywhere: its signals are seen with it
    claim = records.hold(connection, claim_id)
    case, at = _moment(connection, claim)
    given = delegations.require(connection, actor.account_id, case.department, case.day_of(at), OUTCOMES["agreed"])
    standing = find_standing(connection, claim_id)
    if standing is not None:
        return "refused" if standing.outcome == "refused" else "already"
    if claim.state is not ClaimState.UNDER_REVIEW:
        return "not-under-review"
    case_has = case_signals.list_open(connection, reference)
    if seen is not None and seen != case_signals.digest(claim.signals, case_has):
        return "signals-changed"
    row: dict[str, object] = {"account_id": actor.account_id, "delegation_id": given.id, "given_at": at}
    _insert(connection, claim_id, "agreed", row)
    requests.see_signals(connection, reference, case_has)
    steps.take(connection, claim_id, ClaimState.AGREED, actor, delegation=given.id)
    return "done"


def agree_by_instruction(connection: Connection, claim_id: str) -> bool:
    """Give a claim the visa of a standing instruction that covers it; False if none does.

    Neither the claim nor its case has a signal. The ceiling bounds the parts of a month together, whatever became of
    the other ones: a month is not split to pass under it. The process of the claim calls it and goes on: it is not
    woken. The caller holds the entitlement.
    """
    claim = records.hold(connection, claim_id)
    if claim.state is not ClaimState.UNDER_REVIEW or find_standing(connection, claim_id):
        return False
    if case_signals.with_case(connection, claim):
        return False
    case, at = _moment(connection, claim)
    allowance = records.sum_of_month(connection, claim.reference, claim.month)
    found = instructions.find_covering(connection, case.department, case.day_of(at), allowance)
    if found is None:
        return False
    under: dict[str, object] = {"delegation_id": found.delegation_id, "instruction_id": found.id}
    _insert(connection, claim_id, "agreed", {"account_id": found.account_id, "given_at": at} | under)
    return steps.take(
        connection,
        claim_id,
        ClaimState.AGREED,
        found.actor,
        wakes=False,
        delegation=found.delegation_id,
        instruction=found.id,
    )


def register_refusal(connection: Connection, claim_id: str, grounds: Sequence[str], actor: Actor) -> Answer:
    """Register the refusal of a claim that nobody agreed to; its process signs it, which ends the claim.

    The same refusal by the same agent again is `already`. Raises `Unknown`, `NotAllowed`, and `Unlawful` unless the
    grounds state the law and a fact.
    """
    claim = records.hold(connection, claim_id)
    case, at = _moment(connection, claim)
    refuse_unfounded(grounds)
    needed = OUTCOMES["refused"]
    given = delegations.require(connection, actor.account_id, case.department, case.day_of(at), needed)
    standing = find_standing(connection, claim_id)
    if standing is not None and standing.outcome == "refused":
        same = (standing.account_id, standing.reasons) == (actor.account_id, tuple(grounds))
        return "already" if same else "refused"
    if standing is not None or claim.state not in BEFORE_AGREEMENT:
        return "not-under-review"
    row: dict[str, object] = {"account_id": actor.account_id, "delegation_id": given.id, "given_at": at}
    _insert(connection, claim_id, "refused", row | {"reasons": list(grounds)})
    chain = claim_chain(claim_id)
    events.append(connection, chain, "claim_refusal_registered", at, actor, recorded_at=at, delegation=given.id)
    processes.wake(connection, claim)
    return "done"


def settled(answer: Answer) -> Conflict:
    """Return why a refusal is not registered."""
    said = "Un refus est déjà enregistré" if answer in ("refused", "already") else "Elle n’est plus à l’examen"
    return Conflict("claim-settled", f"{said} : cette demande d’indemnisation ne peut pas être refusée.")


def refuse_unfounded(grounds: Sequence[str]) -> None:
    """Raise `Unlawful` unless grounds cite an article on which a claim may be refused, and state a fact (L. 211-5)."""
    objections = reasons_objections(grounds, CLAIM_BASES)
    if objections:
        raise Unlawful(objections)


def may_still_sign(connection: Connection, given: VisaRecord) -> bool:
    """Whether what a visa orders may be signed now: its account, delegation and instruction are in force, and locked.

    The delegation is that of the visa, on this day in the département of the case; the claim is held by the caller.
    Nothing is signed under an instruction once the claim or its case has a signal.
    """
    claim = records.get(connection, given.claim_id)
    case, at = _moment(connection, claim)
    day = case.day_of(at)
    if given.instruction_id:
        in_force = instructions.is_in_force(connection, given.instruction_id, case.department, day)
        if not in_force or case_signals.with_case(connection, claim):
            return False
    outcome = OUTCOMES[given.outcome]
    return delegations.is_in_force(connection, given.delegation_id, case.department, day, outcome)


def lapse(connection: Connection, claim_id: str) -> bool:
    """End the visa of a claim that nobody may sign any more; False if it has none, or if it was signed.

    A claim that was agreed to is under review again; one that was refused is controlled again.
    """
    claim = records.hold(connection, claim_id)
    standing = find_standing(connection, claim_id)
    states = BEFORE_AGREEMENT if standing is not None and standing.outcome == "refused" else (ClaimState.AGREED,)
    if standing is None or claim.state not in states:
        return False
    _, at = _moment(connection, claim)
    connection.execute(update(visa).where(visa.c.id == standing.id).values(lapsed_at=at))
    if standing.outcome == "refused":
        return steps.lapse_refusal(connection, claim_id)
    return steps.lapse_agreement(connection, claim_id, case_signals.with_case(connection, claim))


def _moment(connection: Connection, claim: ClaimRecord) -> tuple[RequestRecord, datetime]:
    """Return the case of a claim and the instant in it."""
    return requests.get(connection, claim.reference), case_now(connection, claim.reference)


def _insert(connection: Connection, claim_id: str, outcome: Outcome, row: dict[str, object]) -> None:
    connection.execute(insert(visa).values(row | {"claim_id": claim_id, "outcome": outcome}))
