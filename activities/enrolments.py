"""Acts on enrolments: issue and follow credentials in the register, look up the establishment in the directory."""

import asyncio
from contextlib import suppress

from sqlalchemy import Connection

from activities.companies.directory import CompanyDirectory, DirectoryUnavailable
from activities.transactions import transactions
from models.engine.keys import MasterKey
from models.establishments import DirectoryAnswer
from models.messages import acts
from models.messages.case import Ref
from models.messages.enrolment import REPORTED_TO_AGENTS, EnrolmentState, Listed
from models.roles import FOLLOWING
from models.store.database import Database
from models.store.journal import events
from models.store.people import accounts, activations, companies, enrolments, listings, notices


class StoredEnrolmentActs(acts.EnrolmentActs):
    """Acts on enrolments; activation codes are derived from the master key."""

    def __init__(self, database: Database, master: MasterKey, companies: CompanyDirectory | None = None) -> None:
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
        """Query the directory outside any transaction; apply its answer, and notify agents of anything unexpected.

        Returns "away" while part of the answer is missing: the process then asks again.
        """
        if self._companies is None:
            return await asyncio.to_thread(self._record, ref, "unasked")
        try:
            await self._companies.look_up(ref.reference)
        except DirectoryUnavailable as unavailable:
            await asyncio.to_thread(self._record, ref, "away", quietly=unavailable.spent)
            return "away"
        return await asyncio.to_thread(self._record, ref, "away")

    async def look_up_establishment(self, ref: Ref) -> None:
        """Query the directory; nothing is recorded but its answer, and none is none."""
        if self._companies is not None:
            with suppress(DirectoryUnavailable):
                await self._companies.look_up(ref.reference)

    def _record(self, ref: Ref, otherwise: Listed, *, quietly: bool = False) -> Listed:
        """Record and return what the directory says; `otherwise` if it says nothing."""
        with self._transaction() as connection:
            enrolments.hold(connection, ref.reference)
            answer = companies.find(connection, ref.reference)
            listed = _listed(answer) if answer and answer.fresh else otherwise
            listings.apply(connection, ref.reference)
            if enrolments.get(connection, ref.id).listed != listed:
                enrolments.change(connection, ref.id, listed=listed)
                at = enrolments.now(connection, ref.id)
                events.append(connection, ref.reference, "establishment_looked_up", at, listed=listed)
                if listed in REPORTED_TO_AGENTS and not (quietly and listed == "away"):
                    _notify_agents(connection, ref, listed)
        return listed


def _listed(answer: DirectoryAnswer) -> Listed:
    if answer.listed:
        return answer.listed.state
    return "unknown" if answer.outcome == "unknown" else "undisclosed"


def _notify_agents(connection: Connection, ref: Ref, listed: Listed) -> None:
    enrolment = enrolments.get(connection, ref.id)
    agents = [each.id for each in accounts.list_in_charge(connection, enrolment.department, *FOLLOWING)]
    kind, key, about = f"enrolment_{listed}", f"{listed}-{ref.id}", {"siret": enrolment.siret}
    notices.announce(connection, enrolment.process, kind, key, *agents, **about)
