"""Amendments (avenants): ask for other terms of an authorization, judged as a request of that day would be."""

from collections.abc import Iterator

from law.amendment import AmendmentFacts, amendment_objections
from law.decision import Terms
from law.living import overlap_in_words, overlapping
from law.silence import silence
from law.texts import in_french, number_in_french
from models.bodies.amendment import AmendmentBody
from models.errors import Conflict
from models.identifiers import authorization_of, printed_number
from models.labels import FilingSignal
from models.store.cases import amendments, living, requests
from models.store.cases import bank_changes as bank_changes_store
from models.store.cases.amendments import NewAmendment
from models.store.cases.records import RequestRecord
from models.store.claims import entitlements
from models.store.claims import records as claims
from models.store.claims.records import EntitlementRecord
from models.telemetry import trace_context
from starter.auth.caller import Caller
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import Fault, InvalidRequest, of_law
from starter.http.request_body import Submission
from starter.services import bank_changes, case_view, filing
from starter.services.case_schemas import Filed
from starter.services.filing_signals import Figures, odd_figures


def file_amendment(
    context: Context, credential: PresentedCredential, reference: str, submission: Submission[AmendmentBody]
) -> Filed:
    """File an amendment; raises `InvalidRequest` with every fault, and `Conflict` without an authorization to amend."""
    with context.admit(credential, Verb.AMEND) as caller:
        amends = authorization_of(caller.request(reference).reference)
        created = caller.once(
            submission.key, submission.digest, lambda: _file(context, caller, amends, submission.read())
        )
        change = bank_changes_store.find(caller.connection, created)
        if change:
            return case_view.filed_change(caller.connection, change)
        return case_view.filed(caller.connection, created)


def _file(context: Context, caller: Caller, amends: str, body: AmendmentBody) -> str:
    connection = caller.connection
    siret = requests.get(connection, amends).siret
    requests.hold_establishment(connection, siret)
    filing.own_establishment(caller, siret)  # the account may have been evicted meanwhile
    case = requests.get(connection, amends, hold=True)
    facts = _facts(caller, case, body)
    if body.bank_account:
        return bank_changes.file(context, caller, case, body.bank_account, body)
    amendments.refuse_unless_alone(connection, amends)
    _refuse_overlapping(case, facts)
    if faults := [*of_law(amendment_objections(facts)), *_claimed(caller, facts.asked, amends)]:
        raise InvalidRequest(faults)
    trace_context.about(amends)
    entry = NewAmendment(
        amends=amends,
        terms=facts.asked,
        reasons=body.reasons,
        account_id=caller.account.id,
        author=caller.account.name,
        silence=silence(facts.received_at, case.department, law_on=case.law_on),
        signals=_signals(facts),
    )
    return amendments.file(connection, entry, context.master, caller.actor)


def _facts(caller: Caller, case: RequestRecord, body: AmendmentBody) -> AmendmentFacts:
    """Return what the law judges; raises `Conflict` unless the case has an authorization that stands."""
    in_force = amendments.find_in_force(caller.connection, case.reference)
    if in_force is None:
        raise Conflict("not-authorized", f"La demande {case.reference} n’est pas autorisée : rien n’est à modifier.")
    if case.closed_at is not None:
        raise Conflict("case-closed", f"Le dossier {case.reference} est clos : déposez une nouvelle demande.")
    others = living.list_living(caller.connection, case.siret, case.account_id)
    return AmendmentFacts(
        ground=case.ground,
        department=case.department,
        received_at=requests.received_now(caller.connection, case.clock_offset),
        headcount=case.headcount,
        in_force=in_force,
        asked=_asked(in_force, body),
        living=tuple(each for each in others if each.reference != case.reference),
        law_on=case.law_on,
    )


def _asked(in_force: Terms, body: AmendmentBody) -> Terms:
    """Return the terms of the whole authorization, once what is stated has changed."""
    return Terms(
        start_on=body.period.start_on if body.period else in_force.start_on,
        end_on=body.period.end_on if body.period else in_force.end_on,
        employees=body.employees or in_force.employees,
        hours=body.hours or in_force.hours,
    )


def _claimed(caller: Caller, asked: Terms, amends: str) -> list[Fault]:
    """Return why fewer hours, or other days, cannot be asked for: some are claimed already."""
    entitlement = claims.find_entitlement(caller.connection, amends)
    if entitlement is None:
        return []
    return [*_hours_claimed(entitlement, asked), *_days_claimed(caller, asked, amends)]


def _hours_claimed(entitlement: EntitlementRecord, asked: Terms) -> Iterator[Fault]:
    if asked.hours < entitlement.admitted_hours:
        admitted, number = number_in_french(entitlement.admitted_hours), printed_number(entitlement.reference)
        message = f"{admitted} heures sont déjà demandées sous {number} : n’en demandez pas moins."
        yield Fault(pointer="/hours", code="hours-claimed", message=message)


def _days_claimed(caller: Caller, asked: Terms, amends: str) -> Iterator[Fault]:
    claimed = entitlements.find_claimed_days(caller.connection, amends)
    if claimed and not asked.start_on <= claimed.start_on <= claimed.end_on <= asked.end_on:
        days = f"du {in_french(claimed.start_on)} au {in_french(claimed.end_on)}"
        message = f"Des heures {days} sont déjà demandées sous {printed_number(amends)} : gardez ces jours."
        yield Fault(pointer="/period", code="days-claimed", message=message)


def _refuse_overlapping(case: RequestRecord, facts: AmendmentFacts) -> None:
    """Raise `Conflict` naming another living request for days that are added, unless other employees were stated."""
    asked, before = facts.asked, facts.in_force
    known = overlapping(before.start_on, before.end_on, facts.living)
    added = [each for each in overlapping(asked.start_on, asked.end_on, facts.living) if each not in known]
    if added and not case.other_employees:
        raise Conflict("overlapping-request", overlap_in_words(added[0]))


def _signals(facts: AmendmentFacts) -> tuple[FilingSignal, ...]:
    asked = facts.asked
    figures = Figures(facts.ground, asked.start_on, asked.end_on, facts.headcount, asked.employees, asked.hours)
    return tuple(each.signal for each in odd_figures(figures, facts.received_on))
