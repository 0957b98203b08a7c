"""The people of a claim, opened for its nominal file: the agency alone reads it, so no reading is noted here."""

from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection

from activities.agency.nominal import NominalList, PeopleUnreadable
from models.claim_files.lines import ClaimLine
from models.engine.keys import MasterKey
from models.store.claims import payees, records, sealed_people


class SealedPeople:
    """Opens what names the people of claims, under the keys of their cases."""

    def __init__(self, master: MasterKey) -> None:
        self._master = master

    def read(self, connection: Connection, claim_id: str) -> NominalList:
        """Return the lines of a claim, opened as they are asked for; they raise `PeopleUnreadable`."""
        claim = records.get(connection, claim_id)
        direct = payees.are_paid_directly(connection, claim.reference, claim.month)
        return NominalList(self._lines(connection, claim_id), direct)

    def _lines(self, connection: Connection, claim_id: str) -> Iterator[ClaimLine]:
        try:
            for person in sealed_people.list_people(connection, claim_id, self._master):
                if person.named is None:
                    raise PeopleUnreadable(person.figures.n)
                yield from person.named.lines(person.figures)
        except InvalidTag:
            raise PeopleUnreadable(claim_id) from None
