"""« Combien vais-je percevoir ? »: the cents of the API, each explained, and wrong values beside their fields."""

from collections.abc import Iterator

import httpx
import pytest

import tacite
from law.amounts import euros_in_french
from local.postgres import Postgres
from models.calculations import AllowanceAnswer
from models.store.database import Database
from tests.starter.conftest import one_register
from tests.starter.people import Door

ASKED = {"on": "2021-05-01", "to": "31/07/2021", "hours": "400", "hourly_gross": "20,00", "department": "75"}


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


def _plain(text: str) -> str:
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ").split())


STATED = [
    {"on": "2021-05-01", "to": "2021-07-31", "hours": "400", "hourly_gross": "20.00", "department": "75"},
    {"on": "2019-02-04", "hours": "30.5", "hourly_gross": "12.34", "department": "75", "headcount": "251"},
    {"on": "2020-04-01", "to": "2020-04-30", "hours": "151.67", "hourly_gross": "10.50", "department": "971"},
    {"on": "2025-01-06", "hours": "99.99", "hourly_gross": "17.77", "department": "976", "sector": "chido"},
    {"on": "2022-01-03", "to": "2022-02-11", "hours": "140", "hourly_gross": "6.33", "department": "75"},
]


@pytest.mark.parametrize("stated", STATED, ids=lambda each: each["on"])
async def test_page_api_and_command_give_the_same_cents_month_by_month(
    stated: dict[str, str], browser: httpx.AsyncClient, door: Door, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = await browser.get("/allowances", params=stated)
    assert shown.status_code == 200
    text = _plain(shown.text)
    answer = AllowanceAnswer.model_validate((await door().get("/allowances", params=stated)).json())
    options = [part for name, value in stated.items() for part in (f"--{name.replace('_', '-')}", value)]
    assert tacite.run(["allowance", *options, "--json"]) == 0
    assert AllowanceAnswer.model_validate_json(capsys.readouterr().out.splitlines()[-1]) == answer
    sums = [answer.allowance.total, answer.indemnity.total, *(each.allowance for each in answer.months)]
    for amount in sums:
        assert _plain(euros_in_french(amount)) in text
    for reason in answer.why:
        assert [
            part for part in map(_plain, (reason.text, reason.value, reason.article, reason.source)) if part not in text
        ] == []
    assert "Ce que ce calcul ne dit pas" in text


async def test_an_allowance_as_high_as_the_indemnity_leaves_nothing_to_the_employer(browser: httpx.AsyncClient) -> None:
    shown = await browser.get("/allowances", params=ASKED | {"on": "2020-04-15", "to": "", "hours": "35"})
    assert "Rien ne reste à la charge de l’employeur." in _plain(shown.text)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"hours": ""}, "Indiquez le nombre d’heures chômées."),
        ({"on": ""}, "Indiquez le premier jour des heures chômées."),
        ({"hours": "beaucoup"}, "Écrivez ce nombre ainsi"),
        ({"hourly_gross": ""}, "Indiquez la rémunération horaire brute"),
        ({"to": "2021-04-01"}, "La période finit avant de commencer"),
        ({"on": "2019-02-01", "to": ""}, "effectif au 1er janvier"),
        ({"department": "976", "on": "2021-02-01", "to": ""}, "Aucun texte lu"),
        ({"department": "20"}, "Département inconnu"),
        ({"sector": "x"}, "Valeur non admise"),
        ({"on": "x"}, "Écrivez cette date ainsi : « 01/12/2026 »."),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field_and_kept(
    said: dict[str, str], message: str, browser: httpx.AsyncClient
) -> None:
    shown = await browser.get("/allowances", params=ASKED | said)
    assert shown.status_code == 422
    text = _plain(shown.text)
    assert message in text
    assert "<title>Erreur : " in text
    assert 'value="20,00"' in shown.text or said.get("hourly_gross") == ""


async def test_a_first_visit_asks_nothing(browser: httpx.AsyncClient) -> None:
    shown = await browser.get("/allowances")
    assert shown.status_code == 200
    assert "Erreur" not in shown.text


async def test_an_apprentice_keeps_their_pay(browser: httpx.AsyncClient) -> None:
    asked = {"on": "2026-03-02", "hours": "7", "hourly_gross": "6", "department": "75", "apprentice": "yes"}
    assert "42,00 €" in _plain((await browser.get("/allowances", params=asked)).text)
