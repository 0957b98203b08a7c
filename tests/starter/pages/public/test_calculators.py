"""« Quand aurai-je une réponse ? » and « Puis-je encore déposer ? »: the answers of the API, as people read them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from law.calendar import local
from local.postgres import Postgres
from models.store.database import Database
from tests.starter.conftest import one_register
from tests.starter.pages.browsing import Page
from tests.starter.people import Door


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


DEPOSIT = {"received_on": "2026-11-28", "department": "974"}
PLACEMENT = {"ground": "exceptional_circumstances", "placement_on": "2020-03-20", "department": "75"}


def _plain(text: str) -> str:
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


async def test_an_answer_is_that_of_the_api_with_each_reason_and_its_article(
    browser: httpx.AsyncClient, door: Door
) -> None:
    shown = await browser.get("/deadlines", params=DEPOSIT)
    text = _plain(shown.text)
    assert shown.status_code == 200
    assert "Au plus tard le 13 décembre 2026 à minuit" in text
    assert "heure de La Réunion" in text
    stated = {"received_at": "2026-11-28T00:00:00+04:00", "department": "974"}
    answer = (await door().get("/deadlines", params=stated)).json()
    assert answer["tacit_acceptance_at"] == "2026-12-14T00:00:00+04:00"
    for reason in answer["why"]:
        assert _plain(reason["text"]) in text
        assert _plain(reason["article"]) in text


async def test_an_hour_counts_where_the_delay_was_of_hours_and_is_then_asked_for(browser: httpx.AsyncClient) -> None:
    asked = {"received_on": "03/04/2020", "department": "75"}
    without = await browser.get("/deadlines", params=asked)
    assert without.status_code == 422
    assert "Indiquez l’heure de réception" in without.text
    assert 'value="2020-04-03"' in without.text
    given = await browser.get("/deadlines", params=asked | {"received_time": "10h11"})
    assert "5 avril 2020 à 10 h 11 min 00 s" in _plain(given.text)


async def test_whether_one_may_still_file_is_said_first(browser: httpx.AsyncClient) -> None:
    closed = _plain((await browser.get("/filing-windows", params=PLACEMENT)).text)
    assert "Non, le délai s’est achevé le 30 avril 2020 à minuit" in closed
    assert "par tolérance" in closed
    assert "période qui commence après" in closed
    tomorrow = local(datetime.now(UTC), "75").date() + timedelta(days=1)
    asked = {"ground": "economic_conditions", "placement_on": tomorrow.isoformat(), "department": "75"}
    opened = _plain((await browser.get("/filing-windows", params=asked)).text)
    assert "Oui, jusqu’au" in opened
    assert "C’est le dernier jour." in opened


@pytest.mark.parametrize(
    ("address", "asked", "name"),
    [("/deadlines", DEPOSIT, "echeance.ics"), ("/filing-windows", PLACEMENT, "delai-de-depot.ics")],
)
async def test_an_answer_is_kept_by_its_address_and_as_a_calendar_file_with_an_alarm(
    address: str, asked: dict[str, str], name: str, browser: httpx.AsyncClient
) -> None:
    shown = await browser.get(address, params=asked)
    links = [each["href"] or "" for each in Page(shown.text).all("a")]
    [calendar] = [each for each in links if "calendar.ics" in each]
    [link] = [each for each in links if each.startswith(f"{address}?")]
    assert (await browser.get(link)).text == shown.text
    file = await browser.get(calendar)
    assert file.headers["content-type"] == "text/calendar; charset=utf-8"
    assert name in file.headers["content-disposition"]
    lines = file.text.split("\r\n")
    assert "BEGIN:VALARM" in lines
    [stamp] = [each for each in lines if each.startswith("DTSTAMP:")]
    stamped = datetime.strptime(stamp, "DTSTAMP:%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    assert timedelta() <= datetime.now(UTC) - stamped < timedelta(minutes=1)


async def test_a_day_is_asked_for_by_a_calendar_and_links_hold_it_in_one_form(browser: httpx.AsyncClient) -> None:
    for address, asked, name in (
        ("/deadlines", DEPOSIT, "received_on"),
        ("/filing-windows", PLACEMENT, "placement_on"),
    ):
        year, month, day = asked[name].split("-")
        shown = await browser.get(address, params=asked | {name: f"{day}/{month}/{year}"})
        [field] = [each for each in Page(shown.text).all("input") if each.get("name") == name]
        assert (field["type"], field["value"]) == ("date", asked[name])
        links = [each["href"] or "" for each in Page(shown.text).all("a")]
        assert [f"{name}={asked[name]}" in each for each in links if f"{address}?" in each] == [True]


WRONG = {
    "nothing but a département": ("/deadlines", {"department": "75"}, {"received_on": "Indiquez le jour du dépôt."}),
    "a day in words": (
        "/deadlines",
        {"received_on": "hier", "department": "75"},
        {"received_on": "Écrivez cette date ainsi : « 01/12/2026 »."},
    ),
    "an hour that is none": (
        "/deadlines",
        DEPOSIT | {"received_time": "midi"},
        {"received_time": "Écrivez l’heure ainsi"},
    ),
    "before the first text": (
        "/deadlines",
        {"received_on": "2013-06-30", "department": "75"},
        {"received_on": "1er juillet 2013"},
    ),
    "no ground and no département": (
        "/filing-windows",
        {"placement_on": "2026-12-01"},
        {"ground": "Choisissez le motif", "department": "Choisissez le département"},
    ),
    "a département that is none": ("/filing-windows", PLACEMENT | {"department": "99"}, {"department": "inconnu"}),
}


@pytest.mark.parametrize("case", WRONG)
async def test_a_wrong_answer_is_said_beside_its_field_and_kept(case: str, browser: httpx.AsyncClient) -> None:
    address, asked, expected = WRONG[case]
    shown = await browser.get(address, params=asked)
    page = Page(shown.text)
    assert shown.status_code == 422
    assert "<title>Erreur" in shown.text
    wrong = {each["id"]: each for each in page.all("p") if (each.get("id") or "").endswith("-wrong")}
    assert set(wrong) == {f"{name}-wrong" for name in expected}
    for name, sentence in expected.items():
        assert sentence in _plain(shown.text), name
    kept = {each["name"]: each.get("value") for each in page.all("input") if each.get("type") in ("date", "time")}
    assert {name: asked[name] for name in kept if name in asked} == {name: kept[name] for name in kept if kept[name]}


async def test_the_home_page_answers_what_is_asked_first(browser: httpx.AsyncClient) -> None:
    text = _plain((await browser.get("/")).text)
    for question in ("Suis-je concerné ?", "Que préparer ?", "Combien de temps ?", "Combien vais-je percevoir ?"):
        assert question in text
    assert "dans les 15 jours calendaires" in text
    assert text.count("la demande peut se déposer après le début") == 2
