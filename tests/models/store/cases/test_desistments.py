"""A desistment comes before silence, or not at all."""

from datetime import timedelta

import pytest

from models.errors import Conflict
from models.store.cases import desistments
from models.store.database import Database
from models.store.journal.events import Actor
from tests.cases import file_a_case


def test_desistment_is_refused_once_silence_has_come(database: Database) -> None:
    reference = file_a_case(database, left=timedelta())
    with database.begin() as connection, pytest.raises(Conflict) as told:
        desistments.desist(connection, reference, Actor(role="employer"))
    assert told.value.slug == "deadline-passed"
