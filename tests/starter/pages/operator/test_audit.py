"""Auditors are told who read a case, what an account did, and whether the chain is whole."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from local.postgres import Postgres
from models.store.audit import verdicts
from models.store.audit.findings import Broken, Verdict
from models.store.database import Database
from starter.pages.operator import audit
from tests.builders import a_filing, employer, staff
from tests.starter.conftest import one_register
from tests.starter.pages.browsing import Page
from tests.starter.pages.operator.conftest import Browse
from tests.starter.people import Door


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


def _plain(text: str) -> str:
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


async def test_who_read_a_case_and_what_an_account_did_are_found(
    database: Database, door: Door, browse: Browse
) -> None:
    agent, auditor = staff(database, "signatory"), staff(database, "auditor")
    read, other = [
        (await door(employer(database)).post("/requests", json=a_filing())).json()["reference"] for _ in range(2)
    ]
    for reference in (read, other):
        assert (await door(agent).get(f"/desk/requests/{reference}")).status_code == 200
    browser = browse(auditor)
    of_case = _plain((await browser.get("/audit", params={"about": f"{read}00"})).text)
    assert f'sur <span class="named">{read}</span>' in of_case
    assert "Données nominatives lues : lire une instruction" in of_case
    assert other not in of_case
    of_account = _plain((await browser.get("/audit", params={"account": agent.account_id})).text)
    assert read in of_account
    assert other in of_account
    found = (
        await door(auditor).get(
            "/accesses/search", params={"from_on": "2026-01-01", "to_on": "2026-02-01", "about": read}
        )
    ).json()
    assert found == {"items": [], "next": None}
    assert f"about={read}" not in of_case, "the address of a page of one search is not in another"


async def test_a_long_search_is_read_forward_and_back(
    database: Database, door: Door, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "PAGE_ROWS", 1)
    agent, auditor = staff(database, "signatory"), staff(database, "auditor")
    case = (await door(employer(database)).post("/requests", json=a_filing())).json()["reference"]
    for _ in range(2):
        assert (await door(agent).get(f"/desk/requests/{case}")).status_code == 200
    browser = browse(auditor)
    first = await browser.get("/audit", params={"account": agent.account_id})
    second = await browser.get(_neighbour(first.text, "next"))
    back = await browser.get(_neighbour(second.text, "prev"))
    assert [_lines(each.text) for each in (first, second, back)] == [
        ["Compte ouvert"],
        ["Délégation donnée"],
        ["Compte ouvert"],
    ]
    assert (_neighbour(first.text, "prev"), _neighbour(back.text, "prev")) == ("", "")


def _lines(text: str) -> list[str]:
    return re.findall("<h3>(.*?)</h3>", _plain(text))


def _neighbour(text: str, where: str) -> str:
    return next((str(each["href"]) for each in Page(text).all("a") if each.get("rel") == where), "")


WRONG = {
    "days in the wrong order": ({"from_on": "2026-11-02", "to_on": "2026-11-01"}, "to_on", "précède le premier"),
    "too many days": ({"from_on": "2026-01-01", "to_on": "2026-11-01"}, "to_on", "Cherchez sur"),
    "no day": ({"from_on": "", "to_on": "2026-11-01"}, "from_on", "Indiquez le premier jour."),
    "an account that is none": ({"account": "Nadia"}, "account", "Donnez l’identifiant du compte"),
}


@pytest.mark.parametrize("case", WRONG)
async def test_a_wrong_search_is_said_beside_its_field(case: str, database: Database, browse: Browse) -> None:
    asked, field, sentence = WRONG[case]
    shown = await browse(staff(database, "auditor")).get("/audit", params=asked)
    assert shown.status_code == 422
    assert "<title>Erreur" in shown.text
    assert f'id="{field}-wrong"' in shown.text
    assert sentence in _plain(shown.text)


async def test_the_last_verdict_of_the_audit_is_shown(database: Database, door: Door, browse: Browse) -> None:
    auditor = staff(database, "auditor")
    browser = browse(auditor)
    assert "Aucun audit n’a encore eu lieu" in (await browser.get("/audit")).text
    assert (await door(auditor).get("/audits/latest")).status_code == 404
    stated = {"everything": True, "upto": 0, "events": 7, "anchors": 1, "unstated": 0, "notes": ()}
    _store(database, Verdict.model_validate({**stated, "broken": ()}))
    assert "7 événements et 1 ancrage " in _plain((await browser.get("/audit")).text)
    assert (await door(auditor).get("/audits/latest")).json()["whole"] is True
    broken = Broken(subject="034AQHV02", seq=3, what="un événement a été changé")
    _store(database, Verdict.model_validate({**stated, "broken": (broken,)}))
    shown = _plain((await browser.get("/audit")).text)
    assert "Non : 1 rupture" in shown
    assert "un événement a été changé" in shown


async def test_only_auditors_enter(database: Database, browse: Browse) -> None:
    for role in ("operator", "head"):
        assert (await browse(staff(database, role)).get("/audit")).status_code == 403


def _store(database: Database, verdict: Verdict) -> None:
    with database.begin() as connection:
        verdicts.store(connection, verdict)
        assert connection.execute(text("SELECT count(*) FROM audit")).scalar_one() > 0
