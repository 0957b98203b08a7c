"""Acts on enrolments: issue and follow credentials in the register, look up the establishment in the directory."""

import asyncio

from activities.companies import NO_DIRECTORY, CompanyDirectory, DirectoryUnavailable
from activities.transactions import transactions
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
    """Acts on enrolments; activation codes are derived from the master key."""

    def __init__(self, database: Database, master: MasterKey, companies: CompanyDirectory = NO_DIRECTORY) -> None:
        self._transaction = transactions(database, final=False)
        self._master = master
        self._companies = companies

    def issue_credentials(self, ref: Ref) -> EnrolmentState:
        """Issue the code and its notice once for each version."""
        with self._transaction() as connection:
            return activations.issue(connection, ref.id, self._master)

    def watch_credentials(self, ref: Ref) -> EnrolmentState:
        """Record once what is due by the enrolment's clock."""
        with self._transaction() as connection:
            return activations.watch(connection, ref.id)

    def lapse_enrolment(self, ref: Ref) -> EnrolmentState:
        """Close the enrolment if, by its own clock, its credentials can no longer be used."""
        with self._transaction() as connection:
            return activations.lapse(connection, ref.id)

    async def identify(self, ref: Ref) -> Listed:
        """Query the directory outside any transaction; notify the agents of the département of anything unexpected."""
        listed = await self._look_up(ref.reference)
        await asyncio.to_thread(self._record, ref, listed)
        return listed

    async def _look_up(self, siret: str) -> Listed:
        if not self._companies.configured:
            return "unasked"
        try:
            company = await self._companies.look_up(siret)
        except DirectoryUnavailable:
            return "away"
        return company.state if company else "unknown"

    def _record(self, ref: Ref, listed: Listed) -> None:
        with self._transaction() as connection:
            enrolments.hold(connection, ref.reference)
            enrolment = enrolments.get(connection, ref.id)
            if enrolment.listed == listed:
                return
            enrolments.change(connection, ref.id, listed=listed)
            at = enrolments.now(connection, ref.id)
            events.append(connection, ref.reference, "establishment_looked_up", at, listed=listed)
            if listed in REPORTED_TO_AGENTS:
                agents = [each.id for each in accounts.list_in_charge(connection, enrolment.department, *FOLLOWING)]
                process, key = enrolment_id(ref.reference), f"{listed}-{ref.id}"
                notices.announce(connection, process, f"enrolment_{listed}", key, *agents)
