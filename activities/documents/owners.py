"""What a document belongs to: a case or one of its claims, whose row, chain, process and number it follows."""

from typing import Final

from sqlalchemy import Connection

from models.engine.names import authorization_id, claim_process
from models.messages.case import Ref
from models.store.cases import documents, requests
from models.store.claims import records
from models.store.journal.claim_grammar import claim_chain


class CaseOwner:
    """The case that a `Ref` names."""

    def hold(self, connection: Connection, ref: Ref) -> None:
        """Lock whatever the document changes until the end of the transaction."""
        requests.get(connection, ref.reference, hold=True)

    def chain(self, ref: Ref) -> str:
        """Return the subject of the events that state the document."""
        return ref.reference

    def process(self, connection: Connection, ref: Ref) -> str:
        """Return the process that sends its notices."""
        return authorization_id(ref.reference)

    def serial(self, connection: Connection, ref: Ref, kind: str, numbered: str) -> str:
        """Return the document’s own number; `numbered` is that of the case and the letters of the kind."""
        return f"{numbered}{documents.count_of_kind(connection, ref.reference, kind) + 1}"

    def claim_id(self, ref: Ref) -> str | None:
        """Return the claim that the document is stored with."""
        return None


class ClaimOwner(CaseOwner):
    """The claim whose id a `Ref` has; the case itself is not held, so that its documents and those of claims go on."""

    def hold(self, connection: Connection, ref: Ref) -> None:
        """In the order of all locks: the reference of the request, to which documents refer, entitlement, claim."""
        requests.keep(connection, ref.reference)
        records.hold_entitlement(connection, ref.reference)
        records.hold(connection, ref.id)

    def chain(self, ref: Ref) -> str:
        """Return the chain of the claim."""
        return claim_chain(ref.id)

    def process(self, connection: Connection, ref: Ref) -> str:
        """Return the process of this version of the claim."""
        return claim_process(records.get(connection, ref.id).subject)

    def serial(self, connection: Connection, ref: Ref, kind: str, numbered: str) -> str:
        """Return a number with month, part and version: many claims of a case are numbered at once."""
        _, month, part, version = records.get(connection, ref.id).subject.split(":")
        return f"{numbered}-{month}-{part}-{version}"

    def claim_id(self, ref: Ref) -> str:
        """Return the claim."""
        return ref.id


CASE: Final = CaseOwner()
CLAIM: Final = ClaimOwner()
