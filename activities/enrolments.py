"""Enrolments: credentials issued and watched in the register, the establishment asked of its own register."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from activities.companies import NOWHERE, CompanyDirectory, DirectoryUnavailable
from activities.errors import naming_what_breaks
from models.engine.keys import MasterKey
from models.engine.names import enrolment_id
from models.messages import acts
from models.messages.case import Ref
from models.messages.enrolment import REPORTED_TO_AGENTS, EnrolmentState, Listed
from models.roles import FOLLOWING
from models.store.database import Database
from models.store.journal import events
from models.store.people import accounts, activations, enrolments, notices


class StoredEnrolmentActs(acts.EnrolmentActs):
    """Enrolments in PostgreSQL; the master key makes their codes."""

    def __init__(self, database: Database, master: MasterKey, companies: CompanyDirectory = NOWHERE) -> None:
        self._database = database
        self._master = master
        self._companies = companies

    def issue_credentials(self, ref: Ref) -> EnrolmentState:
        """The same version twice is one code and one notice."""
        with self._transaction() as connection:
            return activations.issue(connection, ref.id, self._master)

    def watch_credentials(self, ref: Ref) -> EnrolmentState:
        """What has come by the enrolment's clock is recorded once."""
        with self._transaction() as connection:
            return activations.watch(connection, ref.id)

    def lapse_enrolment(self, ref: Ref) -> EnrolmentState:
        """The enrolment's clock says whether its credentials can still be used."""
        with self._transaction() as connection:
            return activations.lapse(connection, ref.id)

    async def identify(self, ref: Ref) -> Listed:
        """Asked outside any transaction; what surprises is told to the agents of the département."""
        listed = await self._listed(ref.reference)
        await asyncio.to_thread(self._keep, ref, listed)
        return listed

    async def _listed(self, siret: str) -> Listed:
        if not self._companies.configured:
            return "unasked"
        try:
            found = await self._companies.look_up(siret)
        except DirectoryUnavailable:
            return "away"
        return found.state if found else "unknown"

    def _keep(self, ref: Ref, listed: Listed) -> None:
        with self._transaction() as connection:
            enrolments.hold(connection, ref.reference)
            found = enrolments.get(connection, ref.id)
            if found.listed == listed:
                return
            enrolments.change(connection, ref.id, listed=listed)
            at = enrolments.now(connection, ref.id)
            events.append(connection, ref.reference, "establishment_looked_up", at, listed=listed)
            if listed in REPORTED_TO_AGENTS:
                agents = [
                    each.id for each in accounts.list_in_charge(connection, found.department, *FOLLOWING)
                ]
                process, key = enrolment_id(ref.reference), f"{listed}-{ref.id}"
                notices.announce(connection, process, f"enrolment_{listed}", key, *agents)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with naming_what_breaks(final=False), self._database.begin() as connection:
            yield connection
