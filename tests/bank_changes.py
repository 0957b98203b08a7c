"""Changes of bank account written to the register through the store: asked for, decided, made effective."""

from hashlib import sha256
from typing import Final

from models.bodies.bank_change import BankDecisionBody
from models.identifiers import BankAccount
from models.labels import DocumentKind
from models.store.agency import bank_effects
from models.store.cases import bank_changes, documents, requests
from models.store.cases.bank_changes import NewBankChange
from models.store.cases.documents import Sealed
from models.store.database import Database, case_now
from models.store.journal import events
from models.store.journal.events import Actor
from models.store.journal.idempotency import digest
from tests.cases import AUTHOR, an_agent, master_key

OTHER_IBAN: Final = "FR7630006000011234567890189"
OTHER: Final = BankAccount(iban=OTHER_IBAN, holder="Ateliers Durand SAS")


def ask(database: Database, reference: str, account: BankAccount = OTHER) -> str:
    """Ask for another account as the API does, in one transaction; returns the number of the change."""
    with database.begin() as connection:
        case = requests.get(connection, reference, hold=True)
        entry = NewBankChange(
            reference=reference,
            account=account,
            reasons="L’entreprise a changé de banque.",
            account_id=case.account_id,
            author=AUTHOR,
            received_at=requests.received_now(connection, case.clock_offset),
        )
        actor = Actor(role="employer", account_id=case.account_id)
        return bank_changes.file(connection, entry, master_key(), actor)


def decide(database: Database, reference: str, number: str, agent: Actor | None = None, **body: object) -> None:
    """Decide on a change as the API does, by default to grant it."""
    members = {"id": f"B-{number}", "outcome": "grant"} | body
    by = agent or an_agent(database)
    with database.begin() as connection:
        case = requests.get(connection, reference)
        stated = BankDecisionBody.model_validate(members)
        bank_changes.decide(connection, case, number, stated, digest(members), by)


def acknowledge(database: Database, reference: str, number: str) -> None:
    """Publish a stand-in for the receipt of a change, as its process does."""
    _issue(database, reference, number, DocumentKind.BANK_CHANGE_RECEIPT)


def take_effect(database: Database, reference: str, number: str) -> None:
    """Publish a stand-in for the signed decision of a change, as its process does, with what it does."""
    _issue(database, reference, number, DocumentKind.BANK_CHANGE_DECISION)


def _issue(database: Database, reference: str, number: str, kind: DocumentKind) -> None:
    with database.begin() as connection:
        requests.get(connection, reference, hold=True)
        at, subject, content = case_now(connection, reference), f"bank/{number}", f"{kind} {number}".encode()
        stated = {"reference": reference, "kind": kind.value, "subject": subject, "number": number}
        sealed = Sealed.model_validate(
            stated | {"sha256": sha256(content).hexdigest(), "bytes": content, "signed_at": at}
        )
        kept = documents.store(connection, sealed)
        if kind is DocumentKind.BANK_CHANGE_DECISION:
            bank_effects.take_effect(connection, number)
        documents.publish(connection, reference, subject, at)
        events.append(connection, reference, f"{kind}_issued", at, document=kept.id, sha256=kept.sha256)
