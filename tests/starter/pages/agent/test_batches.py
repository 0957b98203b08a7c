"""Several grants at once: each is its own decision; the results are read from the register at any time."""

import html
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from sqlalchemy import text

from models.store.cases import decisions
from models.store.cases.decisions import Proposal
from models.store.claims.proposals import Proposed
from models.store.database import Database
from starter.services import jobs
from tests.builders import Credentials, a_completion_request, a_refusal, staff
from tests.cases import file_a_case
from tests.starter.pages.agent.acting import Desk, hidden, words
from tests.starter.pages.agent.conftest import OpenDesk
from tests.starter.pages.browsing import Page
from tests.starter.people import Door

PREVIEW = "/desk/batch/preview"


def chosen(*references: str) -> str:
    return "/desk/batch?" + "&".join(f"reference={each}" for each in references)


def ticked(page: httpx.Response) -> list[str]:
    """Cases that the form of a page sends: those ticked on it, and those ticked on other pages."""
    inputs = [each for each in Page(page.text).all("input") if each.get("name") == "reference"]
    return [str(each["value"]) for each in inputs if each["type"] == "hidden" or "checked" in each]


def boxes(page: httpx.Response) -> list[str]:
    inputs = [each for each in Page(page.text).all("input") if each.get("name") == "reference"]
    return [str(each["value"]) for each in inputs if each["type"] == "checkbox"]


def moved(page: httpx.Response, label: str, references: list[str]) -> str:
    """The address to which a button of the form leads with what is ticked."""
    [to] = re.findall(rf'formaction="/desk" name="to" value="([^"]*)">{label}<', page.text)
    return "/desk?" + urlencode([("to", html.unescape(to)), *(("reference", each) for each in references)])


def outcomes(database: Database, references: list[str]) -> list[list[str]]:
    with database.begin() as connection:
        return [[each.outcome for each in decisions.list_of(connection, case)] for case in references]


async def test_cases_ticked_on_the_desk_are_granted_each_by_its_own_decision(desk: Desk, database: Database) -> None:
    cases = [file_a_case(database) for _ in range(3)]
    listed = await desk.get("/desk")
    assert all(f'name="reference" value="{case}"' in listed.text for case in cases)
    shown = await desk.get(chosen(*cases))
    assert shown.status_code == 200
    assert shown.text.count(" checked") == 3
    typed = {"id": hidden(shown, "id"), "reference": cases, "listed": cases}
    answers = [await desk.post("/desk/batch", typed) for _ in range(2)]
    assert {each.status_code for each in answers} == {303}
    assert outcomes(database, cases) == [["grant"], ["grant"], ["grant"]]
    address = answers[0].headers["location"]
    assert parse_qs(urlsplit(address).query)["reference"] == cases
    for _ in range(2):
        results = await desk.get(address)
        assert words(results).count("Signature en cours") == 3
    assert 'hx-trigger="every 3s"' in results.text
    with database.begin() as connection:
        for case in cases:
            act = decisions.list_of(connection, case)[0].id
            decisions.sign(connection, act)
            decisions.notify(connection, act)
    ended = await desk.get(address, **{"HX-Request": "true"})
    assert words(ended).count("Autorisation notifiée") == 3
    assert ended.headers["HX-Refresh"] == "true"


async def test_what_is_ticked_on_one_page_of_the_desk_goes_along_to_the_next(
    open_desk: OpenDesk, database: Database
) -> None:
    cases = {file_a_case(database, department="48") for _ in range(30)}
    desk = open_desk(staff(database, "agent", "48"))
    first = await desk.get("/desk?department=48")
    assert (len(boxes(first)), ticked(first)) == (20, [])
    second = await desk.get(moved(first, "Page suivante", boxes(first)))
    assert ticked(second) == boxes(first)
    assert "20 dossiers cochés sur d’autres pages sont retenus." in words(second)
    assert set(boxes(first) + boxes(second)) == cases
    batch = await desk.get(chosen(*ticked(second), *boxes(second)))
    assert (batch.status_code, batch.text.count(" checked")) == (200, 30)
    back = await desk.get(moved(second, "Page précédente", ticked(second) + boxes(second)[:1]))
    assert sorted(ticked(back)) == sorted([*boxes(first), boxes(second)[0]])
    assert boxes(back) == boxes(first)
    assert ticked(await desk.get(re.findall(r'href="([^"]*)">Tout décocher', back.text)[0])) == []


async def test_the_desk_says_which_ticks_it_does_not_keep_beyond_a_batch(
    open_desk: OpenDesk, database: Database
) -> None:
    many = [f"034AAAA{number:02}" for number in range(51)]
    shown = await open_desk(staff(database, "agent", "09")).get(f"/desk?{urlencode({'reference': many}, doseq=True)}")
    assert ticked(shown) == many[:50]
    assert "50 dossiers cochés au plus sont retenus d’une page à l’autre : 1 de plus ne l’est pas." in words(shown)


async def test_each_case_that_cannot_be_granted_says_why_and_holds_up_no_other(
    desk: Desk, agent: Credentials, door: Door, database: Database
) -> None:
    plain, decided, waiting, late, elsewhere = (
        file_a_case(database),
        file_a_case(database),
        file_a_case(database),
        file_a_case(database, left=timedelta(seconds=-1)),
        file_a_case(database, department="75"),
    )
    await door(staff(database)).post(f"/requests/{decided}/decision", json=a_refusal(id=f"R-{decided}"))
    await door(agent).post(f"/requests/{waiting}/completion-requests", json=a_completion_request(id=f"C-{waiting}"))
    cases = [plain, decided, waiting, late, elsewhere, "quoi"]
    shown = words(await desk.get(chosen(*cases)))
    for why in (f"R-{decided}", f"C-{waiting}", "vaut acceptation", "Rien ne porte cette référence"):
        assert why in shown
    answer = await desk.post("/desk/batch", {"id": "mixed", "reference": cases})
    results = await desk.get(answer.headers["location"])
    assert words(results).count("Signature en cours") == 1
    assert words(results).count("Non autorisé") == 5
    assert outcomes(database, cases[:5]) == [["grant"], ["refusal"], [], [], []]
    assert "Reprendre les dossiers" not in words(results)


async def test_a_case_that_carries_a_signal_is_ticked_by_hand(desk: Desk, database: Database) -> None:
    plain, odd = file_a_case(database), file_a_case(database)
    with database.begin() as connection:
        signals = "UPDATE request SET signals = '[\"Heures demandées au-delà du calendrier.\"]' WHERE reference = :r"
        connection.execute(text(signals), {"r": odd})
    shown = await desk.get(chosen(plain, odd))
    assert re.findall(r'value="(\w+)" checked', shown.text) == [plain]
    assert "À regarder : Heures demandées au-delà du calendrier." in words(shown)


async def test_each_decision_of_a_batch_is_previewed_as_it_would_be_signed(
    desk: Desk, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    composed: list[Proposed] = []

    async def compose(_: object, proposal: Proposed) -> bytes:
        composed.append(proposal)
        return b"%PDF-1.7 projet"

    monkeypatch.setattr(jobs, "preview", compose)
    cases = [file_a_case(database) for _ in range(2)]
    shown = await desk.get(chosen(*cases))
    buttons = [each for each in Page(shown.text).all("button") if each.get("name") == "preview"]
    assert [(each["value"], each["formaction"]) for each in buttons] == [(case, PREVIEW) for case in cases]
    typed = {"id": hidden(shown, "id"), "reference": cases, "listed": cases}
    seen = await desk.post(PREVIEW, typed | {"preview": cases[1]})
    assert (seen.status_code, seen.headers["content-type"], seen.content) == (
        200,
        "application/pdf",
        b"%PDF-1.7 projet",
    )
    assert outcomes(database, cases) == [[], []], "nothing is taken"
    await desk.post("/desk/batch", typed)
    with database.begin() as connection:
        [taken] = decisions.list_of(connection, cases[1])
    [proposal] = composed
    assert isinstance(proposal, Proposal)
    assert (proposal.reference, proposal.body.id) == (cases[1], taken.id), "what was seen is what is signed"


async def test_a_preview_that_cannot_be_says_why_and_loses_no_choice(
    desk: Desk, open_desk: OpenDesk, agent: Credentials, door: Door, database: Database
) -> None:
    cases = [file_a_case(database) for _ in range(3)]
    await door(staff(database)).post(f"/requests/{cases[0]}/decision", json=a_refusal(id=f"R-{cases[0]}"))
    typed = {"id": "B", "reference": cases[1:2], "listed": cases, "preview": cases[0]}
    decided = await desk.post(PREVIEW, typed)
    assert decided.status_code == 422
    assert f"{cases[0]} : " in words(decided)
    assert re.findall(r'value="(\w+)" checked', decided.text) == cases[1:2]
    lost = await Desk(desk.client, "ended").post(PREVIEW, typed)
    assert (lost.status_code, lost.text.count('name="listed"')) == (401, 3)
    restored = await open_desk(agent).post(PREVIEW, typed, token="old")
    assert re.findall(r'value="(\w+)" checked', restored.text) == cases[1:2]
    unknown = await desk.post(PREVIEW, typed | {"preview": "034ZZZZ99"})
    assert unknown.status_code == 404


async def test_the_address_of_a_preview_leads_to_the_desk(desk: Desk) -> None:
    answer = await desk.get(PREVIEW)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")


async def test_none_and_more_than_fifty_are_refused_with_what_to_do(desk: Desk, database: Database) -> None:
    nothing = await desk.get("/desk/batch")
    assert (nothing.status_code, "Choisissez au moins un dossier." in words(nothing)) == (422, True)
    assert "<title>Erreur" in nothing.text.replace("\N{NO-BREAK SPACE}", " ")
    case = file_a_case(database)
    unticked = await desk.post("/desk/batch", {"id": "B", "listed": [case]})
    assert unticked.status_code == 422
    assert "Choisissez au moins un dossier." in words(unticked)
    assert f'value="{case}"' in unticked.text
    many = [f"034AAAA{number:02}" for number in range(51)]
    crowd = await desk.post("/desk/batch", {"id": "B", "reference": many})
    assert (crowd.status_code, "Choisissez 50 dossiers au plus à la fois." in words(crowd)) == (422, True)


async def test_only_a_signatory_with_a_delegation_grants(desk: Desk, open_desk: OpenDesk, database: Database) -> None:
    case = file_a_case(database)
    instructor = open_desk(staff(database, "instructor"))
    assert (await instructor.get(chosen(case))).status_code == 403
    assert (await instructor.post("/desk/batch", {"id": "B", "reference": [case]})).status_code == 403
    assert "Autoriser les dossiers" not in words(await instructor.get("/desk"))
    powerless = staff(database)
    with database.begin() as connection:
        ended = "UPDATE delegation SET revoked_at = clock_timestamp() WHERE account_id = :a"
        connection.execute(text(ended), {"a": powerless.account_id})
    shown = words(await open_desk(powerless).get(chosen(case)))
    assert "Aucune délégation de signature en vigueur" in shown
    await open_desk(powerless).post("/desk/batch", {"id": "B", "reference": [case]})
    assert outcomes(database, [case]) == [[]]


async def test_a_malformed_batch_is_unknown(desk: Desk, database: Database) -> None:
    case = file_a_case(database)
    for batch in ("a.b", "a%00b", "x" * 41):
        assert (await desk.get(f"/desk/batch/{batch}?reference={case}")).status_code == 404
    assert (await desk.post("/desk/batch", {"id": "a.b", "reference": [case]})).status_code == 404


async def test_an_ended_session_loses_no_choice(
    desk: Desk, open_desk: OpenDesk, agent: Credentials, database: Database
) -> None:
    cases = [file_a_case(database) for _ in range(2)]
    typed = {"id": "B", "reference": cases[:1], "listed": cases}
    lost = await Desk(desk.client, "ended").post("/desk/batch", typed)
    assert (lost.status_code, lost.text.count('name="reference"')) == (401, 1)
    restored = await open_desk(agent).post("/desk/batch", typed, token="old")
    assert re.findall(r'value="(\w+)" checked', restored.text) == cases[:1]
    assert "Votre session avait pris fin" in words(restored)
    assert outcomes(database, cases) == [[], []]


async def test_a_case_that_carries_a_signal_is_ticked_by_hand_again_after_another_session(
    desk: Desk, database: Database
) -> None:
    plain, odd = file_a_case(database), file_a_case(database)
    with database.begin() as connection:
        signals = "UPDATE request SET signals = '[\"Heures demandées au-delà du calendrier.\"]' WHERE reference = :r"
        connection.execute(text(signals), {"r": odd})
    typed = {"id": "B", "reference": [plain, odd], "listed": [plain, odd]}
    restored = await desk.post("/desk/batch", typed, token="old")
    assert re.findall(r'value="(\w+)" checked', restored.text) == [plain]
