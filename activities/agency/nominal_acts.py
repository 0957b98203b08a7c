"""The act that makes the nominal file of a claim: the people of the register, enveloped to the agency’s certificate."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from temporalio import activity

from activities.agency.nominal import PeopleReader, envelop
from activities.errors import naming_what_breaks
from activities.transactions import transactions
from models.claim_files.lines import ClaimLine
from models.claim_labels import ClaimState
from models.labels import Part
from models.messages.agency_acts import NominalActs
from models.messages.case import Ref
from models.store.claims import nominal_files, records
from models.store.database import Database

BEAT_LINES: Final = 5_000
"""Lines between two heartbeats: a second of a slow machine."""


class EnvelopedPeople(NominalActs):
    """Nominal files for the holder of a certificate; `people` opens those of a claim."""

    def __init__(self, database: Database, certificate: Path | None, people: PeopleReader) -> None:
        self._transaction = transactions(database)
        self._certificate = certificate
        self._people = people

    def envelop_people(self, ref: Ref) -> None:
        """Make the file of an agreed claim that has none; of two made at once, the first one kept stands.

        Nothing is locked while it is made: a claim of many people takes long. Whoever replaces or refuses the claim
        meanwhile goes first, and no file of it is kept.
        """
        with self._transaction() as connection, naming_what_breaks(otherwise=Part.AGENCY):
            if nominal_files.find_digest(connection, ref.id):
                return
            people = self._people(connection, ref.id)
            content = envelop(people._replace(lines=_beating(people.lines)), self._certificate)
        with self._transaction() as connection:
            if records.hold(connection, ref.id).state is ClaimState.AGREED:
                nominal_files.keep(connection, ref.id, content)


def _beating(lines: Iterable[ClaimLine]) -> Iterator[ClaimLine]:
    """Yield the lines; beat meanwhile with how many were come to."""
    for at, line in enumerate(lines):
        if at % BEAT_LINES == 0 and activity.in_activity():
            activity.heartbeat(at)
        yield line
