"""Amendments written to the register through the store: the smallest valid ones, with changes."""

from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Connection

from law.silence import silence
from models.store.cases import amendments, authorizations, requests
from models.store.cases.amendments import NewAmendment
from models.store.database import Database
from models.store.journal.events import Actor
from tests.cases import AUTHOR, master_key

REASONS: Final = "La remise en état de l’atelier prendra plus de temps que prévu."


def amend(database: Database, reference: str, **terms: Any) -> str:
    """File an amendment of an authorization as the API does, in one transaction; returns its reference.

    `terms` replace those in force. No rule of law is checked.
    """
    with database.begin() as connection:
        return file(connection, reference, **terms)


def file(connection: Connection, reference: str, **terms: Any) -> str:
    """File an amendment in a transaction."""
    case = requests.get(connection, reference, hold=True)
    amendments.refuse_unless_alone(connection, reference)
    in_force = authorizations.get(connection, reference)[1]
    received = requests.received_now(connection, case.clock_offset)
    entry = NewAmendment(
        amends=reference,
        terms=replace(in_force, **terms),
        reasons=REASONS,
        account_id=case.account_id,
        author=AUTHOR,
        silence=silence(received, case.department, law_on=case.law_on),
    )
    actor = Actor(role="employer", account_id=case.account_id)
    return amendments.file(connection, entry, master_key(), actor)
