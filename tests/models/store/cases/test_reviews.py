"""What changed without an event, or names no readable holder, waits for an agent; and when it goes on waiting."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from models.bodies.decision import HandOverBody
from models.errors import Conflict, NotAllowed
from models.labels import HoldReason
from models.store.agency import rows
from models.store.cases import authority_holds, holders, holds, requests, reviews
from models.store.database import Database, now
from models.store.journal import events, facts
from models.store.journal.events import SYSTEM
from tests.cases import an_agent, file_a_case
from tests.models.clocks import story

BODY = HandOverBody(reason="Le registre a été rétabli d’après la sauvegarde de la nuit.")
NAMED = HandOverBody(reason="Nom lu sur le relevé d’identité bancaire.", holder="Ateliers Durand")


def standing(database: Database, reference: str) -> list[HoldReason]:
    with database.begin() as connection:
        return [each.reason for each in holds.list_standing(connection, reference)]


def change(database: Database, statement: str, reference: str) -> None:
    with database.begin() as connection:
        connection.execute(text(f"UPDATE {statement} WHERE reference = :r"), {"r": reference})


@pytest.fixture
def changed(database: Database) -> str:
    reference = file_a_case(database)
    change(database, "nominal SET holder = holder || ' SA'", reference)
    with database.begin() as connection:
        assert facts.find_changed(connection, [reference])
        holds.hold(connection, reference, HoldReason.EVIDENCE)
    return reference


def restore(database: Database, reference: str) -> None:
    change(database, "nominal SET holder = left(holder, -3)", reference)


def test_nobody_releases_a_case_whose_rows_are_not_those_of_its_events(database: Database, changed: str) -> None:
    with pytest.raises(Conflict, match=r"le compte bancaire .*n° 1\)") as told, database.begin() as connection:
        reviews.release(connection, changed, BODY, an_agent(database, "head"))
    assert told.value.slug == "hand-over-blocked"
    assert standing(database, changed) == [HoldReason.EVIDENCE]


def test_a_chain_that_is_broken_is_not_released_either(database: Database, changed: str) -> None:
    restore(database, changed)
    with database.begin() as connection:
        connection.execute(text("ALTER TABLE event DISABLE TRIGGER ALL"))
        connection.execute(
            text('UPDATE event SET data = \'{"a": "b"}\' WHERE subject = :r AND seq = 1'), {"r": changed}
        )
    with pytest.raises(Conflict, match="chaînée"), database.begin() as connection:
        reviews.release(connection, changed, BODY, an_agent(database, "head"))


def test_a_head_releases_it_once_the_register_is_put_right_and_a_signatory_does_not(
    database: Database, changed: str
) -> None:
    restore(database, changed)
    with pytest.raises(NotAllowed, match="chef d’unité"), database.begin() as connection:
        reviews.release(connection, changed, BODY, an_agent(database))
    with database.begin() as connection:
        assert reviews.release(connection, changed, BODY, an_agent(database, "head")) == [HoldReason.EVIDENCE]
    assert standing(database, changed) == []
    assert story(database, changed)[-2:] == ["hand_over_reviewed", "hand_over_released"]


def test_an_authority_that_vanished_holds_again(database: Database, changed: str) -> None:
    restore(database, changed)
    with database.begin() as connection:
        connection.execute(text("UPDATE authority SET ended_at = now(), ending = 'revoked'"))
        stated = connection.execute(
            text("SELECT subject, seq FROM event WHERE type LIKE 'authority_%' ORDER BY position DESC LIMIT 1")
        ).one()
    with pytest.raises(Conflict, match="habilitations") as told, database.begin() as connection:
        reviews.release(connection, changed, BODY, an_agent(database, "head"))
    assert f"({stated.subject}, n° {stated.seq})" in told.value.detail


def test_an_authority_that_no_event_ever_stated_is_told_as_such(database: Database, changed: str) -> None:
    restore(database, changed)
    with database.begin() as connection:
        connection.execute(text("ALTER TABLE event DISABLE TRIGGER ALL"))
        connection.execute(text("DELETE FROM event WHERE type LIKE 'authority_%'"))
        [found] = facts.find_changed_firms(connection, [changed])
    assert (found.numbers, found.told) == ((0,), ("aucun événement n’établit les habilitations sur l’établissement",))


@pytest.mark.parametrize("holder", ["…", "\u200b", "42", "   "])
def test_money_does_not_leave_to_a_holder_whom_nobody_can_read_until_an_agent_states_the_name(
    database: Database, holder: str
) -> None:
    reference, agent = file_a_case(database, left=timedelta(seconds=-1)), an_agent(database)
    with database.begin() as connection:
        connection.execute(text("UPDATE nominal SET holder = :h"), {"h": holder})
        assert rows.hand_over(connection, reference) == [HoldReason.HOLDER]
        events.append(connection, reference, "holder_stated", now(connection))  # as if it had always been so
    with pytest.raises(Conflict, match="holder"), database.begin() as connection:
        reviews.release(connection, reference, BODY, agent)
    with database.begin() as connection:
        assert reviews.release(connection, reference, NAMED, agent) == [HoldReason.HOLDER]
        assert not holders.hold_if_unreadable(connection, reference)
        assert requests.get_nominal(connection, reference).holder == "Ateliers Durand"
        assert facts.find_changed(connection, [reference]) == []
    assert story(database, reference)[-3:] == ["holder_stated", "hand_over_reviewed", "hand_over_released"]


def test_what_an_evicted_person_filed_is_a_heads_to_release_once_that_person_is_entitled_again(
    database: Database,
) -> None:
    reference = file_a_case(database)
    with database.begin() as connection:
        case, head, other = requests.get(connection, reference), an_agent(database, "head"), an_agent(database, "head")
        holds.hold(connection, reference, HoldReason.EVICTION)
        authority_holds.revoke(connection, case.siret, case.account_id, SYSTEM)
    with pytest.raises(NotAllowed, match="chef d’unité"), database.begin() as connection:
        reviews.release(connection, reference, BODY, an_agent(database))
    with pytest.raises(Conflict, match="écarté") as told, database.begin() as connection:
        reviews.release(connection, reference, BODY, head)
    assert told.value.slug == "hand-over-blocked"
    with database.begin() as connection:
        authority_holds.validate(connection, case.siret, case.account_id, head, "Pièces vues au guichet.")
    with pytest.raises(NotAllowed, match="Un autre chef d’unité"), database.begin() as connection:
        reviews.release(connection, reference, BODY, head)
    assert HoldReason.EVICTION in standing(database, reference)
    with database.begin() as connection:
        assert reviews.release(connection, reference, BODY, other) == [HoldReason.EVICTION]
    assert standing(database, reference) == []
