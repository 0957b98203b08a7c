"""The page of standing instructions: given once a form, revoked after a question; errors beside their fields."""

from datetime import timedelta

import pytest

from models.store.database import Database
from tests.builders import Credentials, staff
from tests.models.store.claims.reviewed import today
from tests.starter.pages.agent.acting import Desk, errors, hidden, words
from tests.starter.pages.agent.conftest import OpenDesk

PAGE = "/claims/instructions"


def typed(database: Database, **changes: str) -> dict[str, str]:
    day = today(database)
    fields = {"departments": "34", "ceiling": "5 000,50", "from_on": f"{day:%d/%m/%Y}", "to_on": str(day)} | changes
    return {name: value for name, value in fields.items() if value}


async def test_an_instruction_is_given_once_and_revoked_after_a_question(
    desk: Desk, open_desk: OpenDesk, database: Database
) -> None:
    fields = typed(database) | {"key": hidden(await desk.get(PAGE), "key")}
    answers = [await desk.post(PAGE, fields) for _ in range(2)]
    assert [each.headers["location"] for each in answers] == [f"{PAGE}?done=given"] * 2
    shown = await desk.get(f"{PAGE}?done=given")
    assert words(shown).count("Nadia Perrin, jusqu’à 5 000,50 € par mois et par autorisation") == 1
    [address] = {each for each in shown.text.split('"') if each.endswith("/revocation")}
    assert "Retirer" not in words(await open_desk(staff(database, "reader")).get(PAGE))
    assert (await open_desk(staff(database)).get(address)).status_code == 404
    assert "reviennent à l’examen" in words(await desk.get(address))
    stale = await desk.post(address, {}, token="x")
    assert stale.headers["location"] == address
    done = await desk.post(address, {})
    assert "L’instruction est retirée" in words(await desk.get(done.headers["location"]))
    assert (await desk.get(address)).status_code == 404


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        (
            {"ceiling": "", "departments": "", "from_on": "", "to_on": ""},
            {"departments", "ceiling", "from_on", "to_on"},
        ),
        ({"ceiling": "beaucoup"}, {"ceiling"}),
        ({"from_on": "2020-01-01"}, {"from_on"}),
        ({"to_on": "2020-01-01"}, {"to_on"}),
        ({"departments": "75"}, {"departments"}),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field(
    desk: Desk, database: Database, changes: dict[str, str], fields: set[str]
) -> None:
    answer = await desk.post(PAGE, typed(database, **changes))
    assert (answer.status_code, {*errors(answer)}) == (422, fields)


async def test_an_instruction_beyond_ones_delegation_is_refused(
    open_desk: OpenDesk, agent: Credentials, database: Database
) -> None:
    later = today(database) + timedelta(days=30)
    assert (await open_desk(agent).post(PAGE, typed(database, to_on=str(later)))).status_code == 303
    instructor = open_desk(staff(database, "instructor"))
    assert "Nouvelle instruction" not in words(await instructor.get(PAGE))
    assert (await instructor.post(PAGE, typed(database))).status_code == 403
