"""Agents are told what came: of new requests once a day each, of the last piece those who follow the case."""

from models.engine.names import account_process
from models.store.cases import arrivals, requests
from models.store.database import Database
from models.store.journal import outbox
from models.store.people import notices
from tests.builders import Credentials, staff
from tests.cases import file_a_case


def told(database: Database, who: Credentials) -> list[tuple[str, dict[str, str]]]:
    """The kinds of mails that wait for an account, and what they say."""
    with database.begin() as connection:
        waiting = notices.list_unsent(connection, account_process(who.account_id))
        started = [each.workflow_id for each in outbox.list_waiting(connection, 99)]
    assert started.count(account_process(who.account_id)) == len(waiting)
    return [(each.kind, each.data) for each in waiting]


def announce(database: Database, reference: str) -> None:
    with database.begin() as connection:
        arrivals.announce_request(connection, requests.get(connection, reference))


def test_new_requests_are_told_once_a_day_to_each_agent_of_their_departement(database: Database) -> None:
    agent, instructor = staff(database), staff(database, "instructor")
    others = [staff(database, "head"), staff(database, "reader"), staff(database, "agent", "75")]
    for _ in range(2):
        reference = file_a_case(database)
        announce(database, reference)
        announce(database, reference)
    assert told(database, agent) == told(database, instructor) == [("new_requests", {})]
    assert [told(database, each) for each in others] == [[], [], []]


def test_a_request_that_somebody_has_in_charge_or_that_ended_is_no_news(database: Database) -> None:
    agent = staff(database)
    taken, ended = file_a_case(database), file_a_case(database)
    with database.begin() as connection:
        requests.assign(connection, taken, agent.account_id)
        row = requests.get(connection, ended).model_copy(update={"outcome": "tacit"})
        arrivals.announce_request(connection, row)
    announce(database, taken)
    assert told(database, agent) == []


def test_the_last_piece_is_told_once_to_whoever_follows_the_case(database: Database) -> None:
    agent, colleague = staff(database), staff(database, "instructor")
    reference = file_a_case(database)
    with database.begin() as connection:
        requests.assign(connection, reference, colleague.account_id)
        for _ in range(2):
            arrivals.announce_pieces(connection, requests.get(connection, reference), "P1")
    assert told(database, colleague) == [("pieces_received", {"reference": reference})]
    assert told(database, agent) == []
