"""Amendments have a channel of their own: the agency never finds them in one file with authorizations."""

from decimal import Decimal
from pathlib import Path

from activities.register import StoredRegisterActs
from activities.transport import FolderTransport
from models.messages.case import Ref
from models.messages.deposit import Channel
from models.store.agency import channels, files
from models.store.cases import decisions, documents
from models.store.cases.documents import Sealed
from models.store.database import Database, case_now
from tests.activities.agency.agencies import an_agency
from tests.activities.agency.test_deposits import CHANNEL, an_authorization, lines
from tests.amendments import amend
from tests.cases import an_agent, register_a_decision

OF_AMENDMENTS = Channel(name=channels.AMENDMENTS)


def an_accepted_amendment(database: Database, reference: str) -> str:
    """A granted amendment in the queue, with a stand-in for its signed decision."""
    amendment = amend(database, reference, hours=Decimal(15_000))
    ref = Ref(reference=amendment, id=register_a_decision(database, amendment, an_agent(database)))
    with database.begin() as connection:
        sealed = Sealed(
            reference=amendment,
            kind="grant",
            subject=ref.id,
            number=amendment,
            sha256="c" * 64,
            bytes=b"%PDF",
            signed_at=case_now(connection, amendment),
        )
        documents.store(connection, sealed)
        decisions.sign(connection, ref.id)
    acts = StoredRegisterActs(database)
    acts.notify_decision(ref)
    acts.hand_over(ref)
    return amendment


def test_an_amendment_is_handed_over_apart_with_the_number_that_it_amends(database: Database) -> None:
    reference = an_authorization(database)
    amendment = an_accepted_amendment(database, reference)
    agency = an_agency(database, FolderTransport(Path("/nowhere")), agency_amendments_prefix="AV_")
    first, second = agency.prepare_deposit(CHANNEL), agency.prepare_deposit(OF_AMENDMENTS)
    assert first
    assert second
    assert (first.rows, second.rows, second.name[:3]) == (1, 1, "AV_")
    with database.begin() as connection:
        (created,) = lines(files.content(connection, first.id))
        (changed,) = lines(files.content(connection, second.id))
    assert (created["typeMouvement"], created["numAutorisation"]) == ("C", f"{reference}00")
    assert "numAutorisationModifiee" not in created
    assert (changed["typeMouvement"], changed["numAutorisation"]) == ("M", amendment)
    assert (changed["numAutorisationModifiee"], changed["nbHeures"]) == (f"{reference}00", "15000,00")
