"""What the register does by itself: one short transaction an act, twice done is once done."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from activities.companies import NOWHERE, CompanyDirectory
from activities.controls import listed, signals
from activities.errors import naming_what_breaks
from activities.reminders import LATE_OPINION, remind
from models.messages import acts
from models.messages.acts import Process
from models.messages.case import Incident, Publication, Ref, Reminder, SilenceOutcome
from models.messages.draft import DraftEnd
from models.store.agency import deposits
from models.store.cases import completions, controls, decisions, drafts, requests, silence
from models.store.cases.records import RequestRecord
from models.store.database import Database, case_now
from models.store.journal import events
from models.store.operations import incidents, retention


class StoredRegisterActs(acts.RegisterActs):
    """The register in PostgreSQL. Its errors are tried again: nothing may fail a case that waits for it."""

    def __init__(self, database: Database, companies: CompanyDirectory = NOWHERE) -> None:
        self._database = database
        self._companies = companies

    def establish_silence(self, ref: Ref) -> SilenceOutcome:
        """Every silence that is due is established in one statement; a case of its own finds it standing."""
        with self._transaction() as connection:
            return silence.establish(connection, ref.reference)

    def notify_decision(self, ref: Ref) -> Publication:
        """Compare-and-set against the deadline; an already notified decision answers as the first time."""
        with self._transaction() as connection:
            return decisions.notify(connection, ref.id)

    def notify_completion_request(self, ref: Ref) -> Publication:
        """The same arbitration; in time, it stops the clock."""
        with self._transaction() as connection:
            return completions.notify(connection, ref.id)

    async def control(self, ref: Ref) -> tuple[str, ...]:
        """Keep what is found on the request, for the desk; never an obstacle.

        The establishment is looked up outside any transaction, and holds no thread that silence may need.
        """
        asked = await asyncio.to_thread(self._request, ref.reference)
        return await asyncio.to_thread(
            self._keep_signals, ref.reference, await listed(asked, self._companies)
        )

    def remind(self, reminder: Reminder) -> bool:
        """Write the notices of one rung; the same rung twice is one reminder."""
        with self._transaction() as connection:
            return remind(connection, reminder)

    def hand_over(self, ref: Ref) -> None:
        """Queue the authorization with its published document; the channel's process hears of it."""
        with self._transaction() as connection:
            deposits.hand_over(connection, ref.reference)

    def close_case(self, ref: Ref) -> None:
        """Mark the case as closed, with its event, once."""
        with self._transaction() as connection:
            if requests.get(connection, ref.reference, hold=True).closed_at is None:
                at = case_now(connection, ref.reference)
                requests.close(connection, ref.reference, at)
                events.append(connection, ref.reference, "case_closed", at)

    def lapse_draft(self, ref: Ref) -> DraftEnd:
        """The draft is `ref.reference`; the register's clock says whether its window has closed."""
        with self._transaction() as connection:
            return drafts.lapse(connection, ref.reference)

    def forget_old(self, process: Process) -> int:
        """Once a night, or again: what is gone is gone."""
        with self._transaction() as connection:
            return retention.forget_old(connection)

    def open_incident(self, incident: Incident) -> None:
        """One open incident for a process and an act."""
        with self._transaction() as connection:
            incidents.open_incident(connection, incident)

    def close_incident(self, incident: Incident) -> None:
        """Nothing to close is closed."""
        with self._transaction() as connection:
            incidents.close_incident(connection, incident)

    def _request(self, reference: str) -> RequestRecord:
        with self._transaction() as connection:
            return requests.get(connection, reference)

    def _keep_signals(self, reference: str, said: tuple[str, ...]) -> tuple[str, ...]:
        with self._transaction() as connection:
            asked = requests.get(connection, reference, hold=True)
            found = (*said, *signals(asked, controls.facts(connection, asked)))
            later = (each for each in asked.signals if each == LATE_OPINION)
            requests.add_signals(connection, reference, [*found, *later])
            return found

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with naming_what_breaks(final=False), self._database.begin() as connection:
            yield connection
