"""The page of decisions that raise a quota: shown before it is recorded, once, with errors beside their fields."""

import pytest

from models.store.database import Database
from tests.builders import Credentials, staff
from tests.models.store.claims.builders import WEEK, authorize
from tests.models.store.claims.reviewed import today
from tests.models.store.claims.test_quota_exceptions import a_decision_file, place_of
from tests.starter.pages.agent.acting import Desk, errors, hidden, words
from tests.starter.pages.agent.conftest import OpenDesk

PAGE = "/claims/quota-exceptions"
FIELDS = ("about", "authority", "decided_on", "year", "hours", "stored", "key")


def typed(database: Database, agent: Credentials, **changes: str) -> dict[str, str]:
    """What an agent types, and the file, stored by a form that was sent before."""
    fields = {
        "authority": "ministers",
        "decided_on": f"{today(database):%d/%m/%Y}",
        "year": str(WEEK.year),
        "hours": "1 200",
        "stored": a_decision_file(database, agent.account_id),
        **changes,
    }
    return {name: value for name, value in fields.items() if value}


@pytest.mark.parametrize("whole", [True, False])
async def test_a_decision_is_shown_then_recorded_once(
    desk: Desk, agent: Credentials, open_desk: OpenDesk, database: Database, *, whole: bool
) -> None:
    reference = authorize(database)
    siret = place_of(database, reference).siret
    fields = typed(database, agent, about=siret if whole else reference)
    assert "Aucune décision" in words(await desk.get(PAGE))
    shown = await desk.post(PAGE, fields | {"key": hidden(await desk.get(PAGE), "key")})
    said = words(shown)
    assert "jusqu’à 1 200 heures en 2026" in said
    assert ("toutes les heures de l’établissement" in said, f"le dossier {reference}" in said) == (whole, not whole)
    assert "Aucune décision" in words(await desk.get(PAGE))
    handed = {name: hidden(shown, name) for name in FIELDS}
    edited = await desk.post(PAGE, handed | {"do": "edit"})
    assert (edited.status_code, hidden(edited, "stored"), errors(edited)) == (200, fields["stored"], {})
    answers = [await desk.post(f"{PAGE}/registration", handed) for _ in range(2)]
    assert [each.headers["location"] for each in answers] == [f"{PAGE}?done=recorded"] * 2
    after = words(await desk.get(f"{PAGE}?done=recorded"))
    assert ("La décision est inscrite" in after, after.count("1 200 heures par salarié en 2026")) == (True, 3)
    assert "Inscrire une décision" not in words(await open_desk(staff(database, "reader")).get(PAGE))


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        (dict.fromkeys(FIELDS, ""), {"about", "authority", "decided_on", "year", "hours", "file"}),
        ({"about": "12"}, {"about"}),
        ({"about": "034ZZZZ99"}, {"about"}),
        ({"about": "034ZZZZ99", "stored": ""}, {"file"}),
        ({"hours": "1 000"}, {"hours"}),
        ({"hours": "beaucoup", "year": "l’an prochain"}, {"hours", "year"}),
        ({"decided_on": "2099-01-01"}, {"decided_on"}),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field(
    desk: Desk, agent: Credentials, database: Database, changes: dict[str, str], fields: set[str]
) -> None:
    sent = typed(database, agent, **{"about": authorize(database)} | changes)
    for address in (PAGE, f"{PAGE}/registration"):
        answer = await desk.post(address, sent)
        assert (answer.status_code, {*errors(answer)}) == (422, fields)


async def test_a_decision_beyond_ones_powers_is_refused(
    open_desk: OpenDesk, agent: Credentials, database: Database
) -> None:
    fields = typed(database, agent, about=authorize(database))
    instructor = open_desk(staff(database, "instructor"))
    assert "Inscrire une décision" not in words(await instructor.get(PAGE))
    assert (await instructor.post(PAGE, fields)).status_code == 403
    stale = await open_desk(agent).post(PAGE, fields, token="x")
    assert (stale.status_code, "Votre session avait pris fin" in words(stale)) == (422, True)
