"""The pages of claims: listed, ticked across pages, agreed to in a batch; figures and signals, never a person."""

import html
import re
from urllib.parse import urlencode
from uuid import uuid4

import httpx
from sqlalchemy import text

from models.claim_labels import ClaimSignal, ClaimState
from models.store.claims import records
from models.store.database import Database
from starter.pages.agent import claim_list
from tests.builders import staff
from tests.models.store.claims import reviewed
from tests.models.store.claims.builders import state
from tests.starter.claims import waiting
from tests.starter.pages.agent.acting import Desk, words
from tests.starter.pages.agent.conftest import OpenDesk
from tests.starter.pages.browsing import Page


def boxes(page: httpx.Response, *, checked: bool = False) -> list[str]:
    inputs = [each for each in Page(page.text).all("input") if each.get("name") == "claim"]
    return [str(each["value"]) for each in inputs if each["type"] == "checkbox" and (not checked or "checked" in each)]


def sent(page: httpx.Response) -> list[str]:
    """Claims that the form of a page sends: those ticked on it, and those ticked on other pages."""
    inputs = [each for each in Page(page.text).all("input") if each.get("name") == "claim"]
    return [str(each["value"]) for each in inputs if each["type"] == "hidden" or "checked" in each]


def listed(page: httpx.Response) -> list[str]:
    """What the page of visas sends of each claim that it shows: its id, and what tells its signals from others."""
    return [str(each["value"]) for each in Page(page.text).all("input") if each.get("name") == "listed"]


def query(claims: list[str], **more: str) -> str:
    return "/claims?" + urlencode([*more.items(), *(("claim", each) for each in claims)])


async def test_the_list_shows_what_waits_with_its_figures_and_signals(desk: Desk, database: Database) -> None:
    [claim] = waiting(database, 1, ClaimSignal.DSN_TOTAL)
    shown = words(await desk.get(f"/claims?q={claim.reference}"))
    for told in ("décembre 2026", "1 salarié, 7 heures", "83,30 €", "1 signal", "En cours d’examen"):
        assert told in shown, told
    assert "Aucune demande d’indemnisation ne correspond" in words(await desk.get("/claims?q=034ZZZZ99"))


async def test_a_claim_past_its_last_day_of_payment_says_by_how_many_days(desk: Desk, database: Database) -> None:
    [claim] = waiting(database, 1)
    assert "reçue le" in words(await desk.get(f"/claims?q={claim.reference}"))
    late = "UPDATE claim SET due_on = (case_now(reference) AT TIME ZONE 'Europe/Paris')::date - 3 WHERE id = :id"
    with database.begin() as connection:
        connection.execute(text(late), {"id": claim.id})
    assert "en retard de 3 jours" in words(await desk.get(f"/claims?q={claim.reference}"))


async def test_wrong_filters_are_said_and_not_applied(desk: Desk) -> None:
    answer = await desk.get("/claims?state=late&signals=perhaps")
    assert answer.status_code == 422
    assert "Ces filtres ne sont pas appliqués" in words(answer)


async def test_what_is_ticked_goes_from_page_to_page_up_to_a_bound(desk: Desk, database: Database) -> None:
    claims = [each.id for each in waiting(database, 30)]
    with database.begin() as connection:
        reference = records.get(connection, claims[0]).reference
    first = await desk.get(f"/claims?q={reference}")
    assert boxes(first) == claims[: claim_list.PAGE_ROWS]
    [to] = re.findall(r'formaction="/claims" name="to" value="([^"]*)">Page suivante<', first.text)
    second = await desk.get(query(claims[:2], to=html.unescape(to)))
    assert sent(second) == claims[:2]
    assert "2 demandes cochées sur d’autres pages sont retenues" in words(second)
    assert boxes(second) == claims[claim_list.PAGE_ROWS :]
    full = await desk.get(query([str(uuid4()) for _ in range(60)], q="034ZZZZ99"))
    assert len(sent(full)) == claim_list.MAX_TICKED
    assert f"{60 - claim_list.MAX_TICKED} de plus ne le sont pas" in words(full)


async def test_claims_ticked_are_agreed_to_once_and_each_result_is_said(desk: Desk, database: Database) -> None:
    plain, other = waiting(database, 2)
    [signalled] = waiting(database, 1, ClaimSignal.OTHER_ESTABLISHMENT)
    ids = [plain.id, other.id, signalled.id]
    shown = await desk.get("/claims/visas?" + urlencode([("claim", each) for each in ids]))
    assert (boxes(shown, checked=True), len(boxes(shown))) == (ids[:2], 3)
    reviewed.refuse(database, other, reviewed.with_delegation(database, outcomes=["claim_refusal"]))
    answers = [await desk.post("/claims/visas", {"listed": listed(shown), "claim": ids[:2]}) for _ in range(2)]
    assert [each.status_code for each in answers] == [200, 200]
    assert all("1 sur 2 est agréée. Sa signature suit." in words(each) for each in answers)
    assert "Un refus est déjà enregistré" in words(answers[0])
    assert [state(database, each) for each in ids] == [
        ClaimState.AGREED,
        ClaimState.UNDER_REVIEW,
        ClaimState.UNDER_REVIEW,
    ]
    assert reviewed.count_visas(database, plain) == 1


async def test_a_claim_whose_signals_changed_since_the_page_was_shown_is_shown_again(
    desk: Desk, database: Database
) -> None:
    [plain], [changed] = waiting(database, 1), waiting(database, 1)
    ids = [plain.id, changed.id]
    shown = await desk.get("/claims/visas?" + urlencode([("claim", each) for each in ids]))
    reviewed.signal_case(database, changed.reference, "Avis du CSE non transmis dans le délai.")
    answer = await desk.post("/claims/visas", {"listed": listed(shown), "claim": ids})
    assert [state(database, each) for each in ids] == [ClaimState.AGREED, ClaimState.UNDER_REVIEW]
    assert "1 sur 2 est agréée" in words(answer)
    assert "Ses signaux ont changé" in words(answer)
    assert f'href="/claims/visas?claim={changed.id}"' in answer.text
    again = await desk.get(f"/claims/visas?claim={changed.id}")
    assert (boxes(again, checked=True), "qu’aucun signataire n’a regardé" in words(again)) == ([], True)
    await desk.post("/claims/visas", {"listed": listed(again), "claim": [changed.id]})
    assert state(database, changed.id) == ClaimState.AGREED


async def test_a_page_that_says_nothing_of_the_signals_agrees_to_nothing(desk: Desk, database: Database) -> None:
    [claim] = waiting(database, 1)
    for fields in ({"listed": [claim.id], "claim": [claim.id]}, {"listed": [f"{claim.id}.x"], "claim": [claim.id]}):
        assert "Ses signaux ont changé" in words(await desk.post("/claims/visas", fields))
    assert state(database, claim.id) == ClaimState.UNDER_REVIEW


async def test_nothing_is_agreed_to_without_a_tick_nor_by_a_form_of_another_session(
    desk: Desk, database: Database
) -> None:
    [claim] = waiting(database, 1)
    empty = await desk.post("/claims/visas", {"listed": [claim.id]})
    assert (empty.status_code, boxes(empty)) == (422, [claim.id])
    assert "Cochez au moins une demande d’indemnisation." in words(empty)
    stale = await desk.post("/claims/visas", {"listed": [claim.id], "claim": [claim.id]}, token="x")
    assert boxes(stale, checked=True) == [claim.id]
    assert state(database, claim.id) == ClaimState.UNDER_REVIEW
    assert [each.partition(".")[0] for each in listed(stale)] == [claim.id]
    assert "Cochez des demandes dans la liste" in words(await desk.get("/claims/visas"))


async def test_only_signatories_are_offered_ticks_and_acts(open_desk: OpenDesk, database: Database) -> None:
    [claim] = waiting(database, 1)
    for role in ("reader", "instructor"):
        reader = open_desk(staff(database, role))
        assert boxes(await reader.get(f"/claims?q={claim.reference}")) == []
        shown = words(await reader.get(f"/claims/{claim.id}"))
        assert "Donner l’accord" not in shown
        assert (await reader.post(f"/claims/{claim.id}/visa", {})).status_code == 403
        assert (await reader.get("/claims/visas")).status_code == 403
