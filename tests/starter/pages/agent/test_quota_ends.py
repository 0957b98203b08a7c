"""The page that ends a decision that raises a quota: the reason is asked, the list says since when and why."""

from models.store.database import Database
from tests.builders import Credentials, staff
from tests.models.store.claims.builders import authorize
from tests.models.store.claims.test_quota_exceptions import place_of, record
from tests.starter.pages.agent.acting import Desk, errors, hidden, words
from tests.starter.pages.agent.conftest import OpenDesk

PAGE = "/claims/quota-exceptions"
REASON = "Le nombre d’heures a été mal saisi."


async def test_a_decision_is_shown_then_ended_with_a_reason(desk: Desk, database: Database) -> None:
    given = record(database, place_of(database, authorize(database)))
    address = f"{PAGE}/{given}/end"
    assert f'href="{address}"' in (await desk.get(PAGE)).text
    asked = await desk.get(address)
    assert ("1 200 heures par salarié" in words(asked), "déjà reçues le restent" in words(asked)) == (True, True)
    key = hidden(asked, "key")
    empty = await desk.post(address, {"key": key})
    assert (empty.status_code, {*errors(empty)}, hidden(empty, "key")) == (422, {"reason"}, key)
    answers = [await desk.post(address, {"key": key, "reason": REASON}) for _ in range(2)]
    assert [each.headers["location"] for each in answers] == [f"{PAGE}?done=ended"] * 2
    after = await desk.get(f"{PAGE}?done=ended")
    assert ("La décision a pris fin" in words(after), REASON in words(after)) == (True, True)
    assert f'href="{address}"' not in after.text
    assert (await desk.get(address)).status_code == 404


async def test_a_key_serves_for_one_reason(desk: Desk, database: Database) -> None:
    first, second = [record(database, place_of(database, authorize(database))) for _ in range(2)]
    key = hidden(await desk.get(f"{PAGE}/{first}/end"), "key")
    await desk.post(f"{PAGE}/{first}/end", {"key": key, "reason": REASON})
    again = await desk.post(f"{PAGE}/{second}/end", {"key": key, "reason": REASON})
    assert (again.status_code, "déjà été envoyé" in words(again), hidden(again, "key") != key) == (422, True, True)


async def test_who_cannot_end_one_is_offered_nothing(
    open_desk: OpenDesk, agent: Credentials, database: Database
) -> None:
    given = record(database, place_of(database, authorize(database)))
    instructor = await open_desk(staff(database, "instructor")).get(PAGE)
    assert ("1 200 heures" in words(instructor), "/end" in instructor.text) == (True, False)
    for who, status in ((staff(database, "instructor"), 403), (staff(database, "head", "75"), 404)):
        desk = open_desk(who)
        assert (await desk.get(f"{PAGE}/{given}/end")).status_code == 404
        assert (await desk.post(f"{PAGE}/{given}/end", {"reason": REASON})).status_code == status
    stale = await open_desk(agent).post(f"{PAGE}/{given}/end", {"reason": REASON}, token="x")
    assert (stale.status_code, REASON in stale.text) == (200, True)
