"""Acts on the register: one short, idempotent transaction each."""

import asyncio
from contextlib import suppress

from activities.companies.directory import CompanyDirectory, DirectoryUnavailable
from activities.controls import directory_signals, place_signals, signals
from activities.reminders import remind
from activities.transactions import transactions
from models.engine.keys import MasterKey
from models.engine.names import authorization_id
from models.engine.processes import SHORT_LIVED, hold
from models.identifiers import authorization_of
from models.labels import CaseEvent, HoldReason
from models.messages import acts
from models.messages.acts import Process
from models.messages.case import ClaimsForfeiture, Held, Incident, Publication, Ref, Reminder, SilenceOutcome
from models.messages.draft import DraftEnd
from models.store.agency import rows
from models.store.cases import (
    arrivals,
    completions,
    controls,
    decisions,
    drafts,
    forfeitures,
    holds,
    limits,
    opinions,
    requests,
    silence,
)
from models.store.cases.records import RequestRecord
from models.store.claims import entitlements
from models.store.database import Database, case_now
from models.store.journal import events
from models.store.operations import iban_marks, incidents, retention
from models.store.people import companies, listings, notices


class StoredRegisterActs(acts.RegisterActs):
    """Acts on the register. Their errors are always retried, because nothing may fail a case that waits for them."""

    def __init__(
        self, database: Database, companies: CompanyDirectory | None = None, master: MasterKey | None = None
    ) -> None:
        self._transaction = transactions(database, final=False)
        self._companies = companies
        self._master = master

    def establish_silence(self, ref: Ref) -> SilenceOutcome:
        """Establish every silence that is due in one statement; the acts of other cases then find it done."""
        with self._transaction() as connection:
            return silence.establish(connection, ref.reference)

    def notify_decision(self, ref: Ref) -> Publication:
        """Compare and set against the deadline; a decision already notified gets the same answer again."""
        with self._transaction() as connection:
            return decisions.notify(connection, ref.id)

    def notify_completion_request(self, ref: Ref) -> Publication:
        """Arbitrate as for a decision; if notified in time, the request for pieces stops the clock."""
        with self._transaction() as connection:
            return completions.notify(connection, ref.id)

    async def control(self, ref: Ref) -> tuple[str, ...]:
        """Record what an agent should look at; it delays nothing.

        The directory is queried outside any transaction and thread, which establishing silence may need.
        """
        if self._companies:
            with suppress(DirectoryUnavailable):
                await self._companies.look_up((await asyncio.to_thread(self._request, ref.reference)).siret)
        return await asyncio.to_thread(self._record_signals, ref.reference)

    def remind(self, reminder: Reminder) -> bool:
        """Write the notices of one reminder; idempotent."""
        with self._transaction() as connection:
            return remind(connection, reminder)

    def hand_over(self, ref: Ref) -> Held | None:
        """Queue the authorization with its published document and wake the channel; or say what holds it.

        What an amendment gives is counted first, whatever holds its hand-over: hours may be claimed of it now.
        """
        with self._transaction() as connection:
            entitlements.follow_amendments(connection, authorization_of(ref.reference))
        with self._transaction() as connection:
            reasons = rows.hand_over(connection, ref.reference)
            if HoldReason.AUTHORITY in reasons:
                filer = requests.get(connection, ref.reference).account_id
                process = authorization_id(ref.reference)
                notices.announce(connection, process, "authority_missing", f"authority-{ref.id or 0}", filer)
        return Held(reasons=tuple(reasons)) if reasons else None

    def find_forfeiture(self, ref: Ref) -> ClaimsForfeiture:
        """Read the period granted, and the case's clock; changes nothing."""
        with self._transaction() as connection:
            return forfeitures.find(connection, ref.reference)

    def close_case(self, ref: Ref) -> None:
        """Close the case and record its event, once."""
        with self._transaction() as connection:
            if requests.get(connection, ref.reference, hold=True).closed_at is None:
                at = case_now(connection, ref.reference)
                requests.close(connection, ref.reference, at)
                if holds.list_standing(connection, ref.reference):
                    events.append(connection, ref.reference, CaseEvent.HAND_OVER_GIVEN_UP, at)
                events.append(connection, ref.reference, CaseEvent.CASE_CLOSED, at)

    def lapse_draft(self, ref: Ref) -> DraftEnd:
        """Close the draft `ref.reference` if its window has closed by the register's clock."""
        with self._transaction() as connection:
            return drafts.lapse(connection, ref.reference)

    def forget_old(self, process: Process) -> int:
        """Erase what is past its retention period, and mark bank accounts of earlier versions; idempotent."""
        with self._transaction() as connection:
            forgotten = retention.forget_old(connection, SHORT_LIVED)
        if self._master:
            self._mark_accounts(self._master)
        return forgotten

    def _mark_accounts(self, master: MasterKey) -> None:
        for _ in range(iban_marks.BATCHES_A_NIGHT):
            with self._transaction() as connection:
                if not iban_marks.mark_some(connection, master):
                    return

    def open_incident(self, incident: Incident) -> None:
        """Open an incident, unless one is open for the same process and act."""
        with self._transaction() as connection:
            incidents.open_incident(connection, incident, hold(connection, incident.subject))

    def close_incident(self, incident: Incident) -> None:
        """Close the incident of a process and an act, if one is open."""
        with self._transaction() as connection:
            incidents.close_incident(connection, incident, hold(connection, incident.subject))

    def _request(self, reference: str) -> RequestRecord:
        with self._transaction() as connection:
            return requests.get(connection, reference)

    def _record_signals(self, reference: str) -> tuple[str, ...]:
        with self._transaction() as connection:  # apart: it holds the establishment, others hold the request first
            listings.apply(connection, requests.get(connection, reference).siret)
        with self._transaction() as connection:
            request = requests.get(connection, reference, hold=True)
            answer = companies.find(connection, request.siret)
            facts = controls.get_facts(connection, request)
            known = answer if answer and answer.fresh else None
            listed = directory_signals(request, facts, known) if self._companies else place_signals(request, facts)
            if known and facts.enrolled_as == "away":  # it has answered since
                facts = facts.model_copy(update={"enrolled_as": None})
            findings = (*listed, *signals(request, facts))
            late = (each for each in request.signals if each == opinions.LATE or each.startswith(limits.EXCESS))
            requests.add_signals(connection, reference, [*findings, *late])
            arrivals.announce_request(connection, request)
            return findings
