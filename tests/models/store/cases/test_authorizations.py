"""What a case authorizes: as granted, as requested when silence accepted, nothing otherwise."""

from decimal import Decimal

import pytest

from models.errors import Unknown
from models.store.cases import authorizations, decisions
from models.store.cases.authorizations import NotAuthorized
from models.store.database import Database
from tests.cases import (
    GROUNDS,
    an_agent,
    file_a_case,
    let_silence_accept,
    notify_a_decision,
    register_a_decision,
)


def test_an_undecided_or_refused_case_authorizes_nothing(database: Database) -> None:
    undecided, refused = file_a_case(database), file_a_case(database)
    notify_a_decision(database, refused, outcome="refusal", grounds=GROUNDS)
    with database.begin() as connection:
        for reference in (undecided, refused):
            with pytest.raises(NotAuthorized):
                authorizations.get(connection, reference)
        with pytest.raises(Unknown):
            authorizations.get(connection, "034ZZZZ01")


def test_silence_authorizes_what_was_requested(database: Database) -> None:
    reference = file_a_case(database)
    let_silence_accept(database, reference)
    with database.begin() as connection:
        case, terms = authorizations.get(connection, reference)
    assert terms == case.terms


def test_a_decision_authorizes_what_it_grants_once_it_is_notified(database: Database) -> None:
    reference = file_a_case(database)
    decided = register_a_decision(database, reference, an_agent(database), outcome="grant", hours="1", grounds=GROUNDS)
    with database.begin() as connection:
        decisions.sign(connection, decided)
        with pytest.raises(NotAuthorized):
            authorizations.get(connection, reference)
        decisions.notify(connection, decided)
        case, terms = authorizations.get(connection, reference)
    assert (terms.hours, terms.end_on) == (Decimal(1), case.end_on)
