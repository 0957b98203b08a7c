"""Where a case stands for its employer: whose turn it is, until when, what the employer may do, how to contest."""

from datetime import date, datetime, timedelta
from typing import Final, Literal, NamedTuple

from law.calendar import local
from law.courts import Appeal, appeal
from law.remedies import remedies
from models.labels import Outcome, Status
from models.store.cases.records import RequestRecord
from starter.services.case_schemas import CaseView, Decision

INSTANT: Final = timedelta(microseconds=1)
PARTIAL: Final = "Autorisée en partie"
OPINION_USELESS: Final = (Outcome.REFUSED, Outcome.DESISTED)


class Remedies(NamedTuple):
    """How a refusal, whole or partial, may be contested: the court and the other ways, as the decision states them."""

    appeal: Appeal
    paragraphs: tuple[str, ...]
    over: bool
    """Whether the last day is past."""


class Standing(NamedTuple):
    """Where a case stands at one instant."""

    turn: Literal["employer", "service", "nobody"]
    """Who must act next."""
    last_day_on: date | None
    """Last day for whoever must act, in the legal time of the département."""
    days_left: int | None
    """Days until the last one: 0 on that day, less once it is past."""
    may_supply_pieces: bool
    may_supply_opinion: bool
    may_desist: bool
    may_write: bool
    may_amend: bool
    """Whether an amendment may be asked for now."""
    may_change_account: bool
    remedies: Remedies | None


def status_label(status: str, outcome: Outcome | None, *, partial: bool) -> str:
    """Return how a request stands, in words; less than was asked for is said."""
    return PARTIAL if partial else (outcome or Status.of(status)).label


def standing(record: RequestRecord, view: CaseView, at: datetime) -> Standing:
    """Return where a case stands at an instant of its clock; `view` is what its employer sees of it."""
    today = local(at, record.department).date()
    pending, open_ended = view.pending_completion, record.outcome is None
    opinion_awaited = view.opinion_due_on is not None and record.outcome not in OPINION_USELESS
    turn, last = _turn(view, opinion_awaited)
    return Standing(
        turn=turn,
        last_day_on=last,
        days_left=(last - today).days if last else None,
        may_supply_pieces=open_ended and pending is not None,
        may_supply_opinion=opinion_awaited,
        may_desist=open_ended and (record.deadline_at is None or record.deadline_at > at),
        may_write=record.closed_at is None,
        may_amend=_stands(record, view) and all(each.outcome for each in view.amendments),
        may_change_account=_stands(record, view) and all(each.effective_at for each in view.bank_changes),
        remedies=_remedies(view.decision, record.department, today),
    )


def _stands(record: RequestRecord, view: CaseView) -> bool:
    """Whether it is an authorization that may still be amended."""
    return view.in_force is not None and record.amends is None and record.closed_at is None


def _turn(view: CaseView, opinion_awaited: bool) -> tuple[Literal["employer", "service", "nobody"], date | None]:
    if view.outcome is None and view.pending_completion:
        return "employer", view.pending_completion.due_on
    if view.outcome is None:
        silence = view.clock.tacit_acceptance_at
        return "service", (silence - INSTANT).date() if silence else None
    return ("employer", view.opinion_due_on) if opinion_awaited else ("nobody", None)


def _remedies(decision: Decision | None, department: str, today: date) -> Remedies | None:
    if decision is None or decision.notified_at is None or (decision.outcome == "grant" and not decision.partial):
        return None
    notified_on = decision.notified_at.date()
    found = appeal(notified_on, department)
    return Remedies(found, remedies(notified_on, department), over=found.last_day_on < today)
