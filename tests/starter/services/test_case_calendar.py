"""What falls due in a case, as a calendar that programs can subscribe to."""

from datetime import UTC, datetime

from models.store.cases import completions, desistments
from models.store.database import Database
from models.store.journal.events import SYSTEM
from tests.builders import Credentials, a_filing, employer
from tests.cases import an_agent, request_pieces
from tests.starter.people import Door


async def events(door: Door, who: Credentials, reference: str) -> dict[str, str]:
    """UID → start of each event."""
    answer = await door(who).get(f"/requests/{reference}/calendar.ics")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    lines = answer.text.split("\r\n")
    assert (lines[0], lines[-2:]) == ("BEGIN:VCALENDAR", ["END:VCALENDAR", ""])
    assert lines.count("BEGIN:VALARM") == lines.count("BEGIN:VEVENT")
    uids, starts = ([line.partition(":")[2] for line in lines if line.startswith(name)] for name in ("UID", "DTSTART"))
    return dict(zip(uids, starts, strict=True))


def utc(instant: str) -> str:
    return f"{datetime.fromisoformat(instant).astimezone(UTC):%Y%m%dT%H%M%SZ}"


async def test_silence_pieces_and_the_opinion_fall_due(
    door: Door, boss: Credentials, agent: Credentials, database: Database
) -> None:
    body = a_filing(headcount=60, works_council={"pending": True})
    filed = (await door(boss).post("/requests", json=body)).json()
    reference = filed["reference"]
    view = (await door(boss).get(f"/requests/{reference}")).json()
    opinion, silence = f"{reference}-opinion@tacite", f"{reference}-silence@tacite"
    due = await events(door, boss, reference)
    assert due == {silence: utc(filed["tacit_acceptance_at"]), opinion: due[opinion]}
    assert due[opinion][:8] == view["opinion_due_on"].replace("-", ""), "midnight in France is the evening in UTC"
    assert await events(door, agent, reference) == due
    asked = request_pieces(database, reference, an_agent(database))
    assert await events(door, boss, reference) == due, "nothing tells of it before it is notified"
    with database.begin() as connection:
        completions.notify(connection, asked)
    assert (await events(door, boss, reference)).keys() == {f"{reference}-pieces-{asked}@tacite", opinion}


async def test_nothing_falls_due_once_a_case_has_ended(
    door: Door, case: str, boss: Credentials, database: Database
) -> None:
    with database.begin() as connection:
        desistments.desist(connection, case, SYSTEM)
    assert await events(door, boss, case) == {}


async def test_the_calendar_of_a_strangers_case_is_unknown(door: Door, case: str, database: Database) -> None:
    for reference in (case, "034ZZZZ99"):
        assert (await door(employer(database)).get(f"/requests/{reference}/calendar.ics")).status_code == 404
