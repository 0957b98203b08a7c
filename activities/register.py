"""Acts on the register: one short, idempotent transaction each."""

import asyncio

from activities.companies import NO_DIRECTORY, CompanyDirectory
from activities.controls import directory_signals, signals
from activities.reminders import LATE_OPINION, remind
from activities.transactions import transactions
from models.engine.processes import SHORT_LIVED, hold
from models.messages import acts
from models.messages.acts import Process
from models.messages.case import Incident, Publication, Ref, Reminder, SilenceOutcome
from models.messages.draft import DraftEnd
from models.store.agency import rows
from models.store.cases import completions, controls, decisions, drafts, requests, silence
from models.store.cases.records import RequestRecord
from models.store.database import Database, case_now
from models.store.journal import events
from models.store.operations import incidents, retention


class StoredRegisterActs(acts.RegisterActs):
    """Acts on the register. Their errors are always retried, because nothing may fail a case that waits for them."""

    def __init__(self, database: Database, companies: CompanyDirectory = NO_DIRECTORY) -> None:
        self._transaction = transactions(database, final=False)
        self._companies = companies

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
        request = await asyncio.to_thread(self._request, ref.reference)
        directory_findings = await directory_signals(request, self._companies)
        return await asyncio.to_thread(self._record_signals, ref.reference, directory_findings)

    def remind(self, reminder: Reminder) -> bool:
        """Write the notices of one reminder; idempotent."""
        with self._transaction() as connection:
            return remind(connection, reminder)

    def hand_over(self, ref: Ref) -> None:
        """Queue the authorization with its published document, and wake the process of the channel."""
        with self._transaction() as connection:
            rows.hand_over(connection, ref.reference)

    def close_case(self, ref: Ref) -> None:
        """Close the case and record its event, once."""
        with self._transaction() as connection:
            if requests.get(connection, ref.reference, hold=True).closed_at is None:
                at = case_now(connection, ref.reference)
                requests.close(connection, ref.reference, at)
                events.append(connection, ref.reference, "case_closed", at)

    def lapse_draft(self, ref: Ref) -> DraftEnd:
        """Close the draft `ref.reference` if its window has closed by the register's clock."""
        with self._transaction() as connection:
            return drafts.lapse(connection, ref.reference)

    def forget_old(self, process: Process) -> int:
        """Erase what is past its retention period; idempotent."""
        with self._transaction() as connection:
            return retention.forget_old(connection, SHORT_LIVED)

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

    def _record_signals(self, reference: str, directory_findings: tuple[str, ...]) -> tuple[str, ...]:
        with self._transaction() as connection:
            request = requests.get(connection, reference, hold=True)
            findings = (*directory_findings, *signals(request, controls.get_facts(connection, request)))
            late = (each for each in request.signals if each == LATE_OPINION)
            requests.add_signals(connection, reference, [*findings, *late])
            return findings
