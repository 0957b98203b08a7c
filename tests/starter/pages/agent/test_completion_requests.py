"""Requesting pieces in pages: what is wrong is said beside its field; nothing leaves before it was shown."""

import pytest

from models.store.cases import act_limits, completions
from models.store.database import Database
from starter.http import slow_calls
from tests.builders import Credentials, staff
from tests.cases import GROUNDS, in_a_month
from tests.starter.pages.agent.acting import Desk, errors, hidden, words
from tests.starter.pages.agent.conftest import OpenDesk

WHY = "Rien ne date la fermeture de chaque atelier."
TYPED: dict[str, str | list[str]] = {
    "id": "P1",
    "pieces": ["circumstances", "employees"],
    "precision-circumstances": "Note sur la crue",
    "reasons": WHY,
    "due_on": in_a_month(),
}


def address(case: str, page: str = "") -> str:
    return f"/desk/requests/{case}/pieces{page}"


async def test_only_pieces_that_are_indispensable_in_this_case_are_offered(desk: Desk, case: str) -> None:
    shown = words(await desk.get(address(case)))
    assert "Motifs justifiant le recours à l’activité partielle" in shown
    assert "Avis préalable du comité" not in shown


async def test_pieces_are_shown_then_requested_once(desk: Desk, case: str, database: Database) -> None:
    shown = await desk.post(address(case), TYPED)
    said = words(shown)
    assert (
        "Motifs justifiant le recours à l’activité partielle : Note sur la crue (R. 5122-2 du code du travail)" in said
    )
    assert "Nombre de salariés concernés (R. 5122-2 du code du travail)" in said
    assert WHY in said
    with database.begin() as connection:
        assert completions.find_pending(connection, case) is None
    for _ in range(2):
        answer = await desk.post(address(case, "/request"), TYPED)
        assert (answer.status_code, answer.headers["location"]) == (303, address(case, "/P1"))
    waiting = await desk.get(address(case, "/P1"))
    assert "Envoi en cours" in words(waiting)
    assert 'hx-trigger="every 2s"' in waiting.text
    changed = await desk.post(address(case, "/request"), TYPED | {"reasons": f"{WHY} Ni leur réouverture."})
    assert changed.headers["location"] == address(case, "/P1")


async def test_the_document_is_seen_before_it_is_sent_with_the_same_refusals(
    desk: Desk, case: str, database: Database
) -> None:
    checked = await desk.post(address(case), TYPED)
    assert f'action="{address(case, "/preview")}" target="_blank"' in checked.text
    wrong = await desk.post(address(case, "/preview"), TYPED | {"reasons": "non"})
    assert (wrong.status_code, set(errors(wrong))) == (422, {"reasons"})
    stale = await desk.post(address(case, "/preview"), TYPED, token="old")
    assert WHY in words(stale)
    without_engine = await desk.post(address(case, "/preview"), TYPED)
    assert without_engine.status_code == 503
    with database.begin() as connection:
        assert completions.find_pending(connection, case) is None


async def test_a_preview_that_has_to_wait_is_said_in_a_page_of_the_site(
    desk: Desk, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slow_calls, "MAX_PREVIEWS_BY_ACCOUNT", 0)
    refusal = {"id": "W1", "outcome": "refusal", "in_law": GROUNDS[0], "in_fact": GROUNDS[1]}
    for page, typed in ((address(case, "/preview"), TYPED), (f"/desk/requests/{case}/decision/preview", refusal)):
        later = await desk.post(page, typed)
        assert (later.status_code, later.headers["retry-after"]) == (429, "3"), page
        assert later.headers["content-type"].startswith("text/html")
        assert slow_calls.TOO_MANY_PREVIEWS in words(later)
        assert 'href="/problems/too-many"' in later.text
        assert "Se déconnecter" in words(later)


WRONG: list[tuple[dict[str, str | list[str]], dict[str, str]]] = [
    ({"pieces": []}, {"pieces": "Choisissez au moins une pièce."}),
    ({"pieces": ["unheard_of"]}, {"pieces": "Choisissez au moins une pièce."}),
    ({"pieces": ["works_council_opinion"]}, {"pieces": "n’est pas indispensable"}),
    ({"precision-circumstances": "x" * 301}, {"precision-circumstances": ""}),
    ({"precision-circumstances": "Copie de la demande"}, {"precision-circumstances": "le service la détient déjà"}),
    ({"reasons": ""}, {"reasons": "Expliquez, en une phrase sur ce dossier"}),
    ({"reasons": "non"}, {"reasons": "Dites, en une phrase sur ce dossier"}),
    ({"due_on": ""}, {"due_on": "Indiquez le dernier jour laissé à l’employeur."}),
    ({"due_on": "demain"}, {"due_on": ""}),
    ({"due_on": "2026-02-31"}, {"due_on": ""}),
    ({"due_on": "2020-01-01"}, {"due_on": "au plus tôt le lendemain"}),
    ({"due_on": "2150-12-31"}, {"due_on": "ne dépasse pas"}),
]


async def test_each_wrong_field_says_what_to_do_and_keeps_what_was_typed(
    desk: Desk, case: str, database: Database
) -> None:
    for changes, wrong in WRONG:
        shown = await desk.post(address(case), TYPED | changes)
        assert shown.status_code == 422
        told = errors(shown)
        assert set(told) == set(wrong), changes
        assert all(sentence in told[field] for field, sentence in wrong.items()), told
        assert hidden(shown, "id") == "P1"
        assert hidden(shown, "precision-circumstances") == (TYPED | changes)["precision-circumstances"]
    assert set(errors(await desk.post(address(case, "/request"), TYPED | {"reasons": "non"}))) == {"reasons"}
    with database.begin() as connection:
        assert completions.find_pending(connection, case) is None


async def test_a_request_in_course_is_named_and_taken_back_after_a_question(
    desk: Desk, case: str, open_desk: OpenDesk, database: Database
) -> None:
    await desk.post(address(case, "/request"), TYPED)
    second = await desk.post(address(case), TYPED | {"id": "P2"})
    assert second.status_code == 409
    assert "P1" in words(second)
    grant = {"id": "W1", "start_on": "2026-12-01", "end_on": "2027-02-28", "employees": "42", "hours": "12000"}
    granted = await desk.post(f"/desk/requests/{case}/grant", grant)
    assert "annulez-la, ou refusez" in words(granted)
    instructor = open_desk(staff(database, "instructor"))
    assert "Reprendre la demande" not in words(await instructor.get(address(case, "/P1")))
    assert (await instructor.post(address(case, "/P1/cancellation"), {})).status_code == 403
    asked = await desk.get(address(case, "/P1/cancellation"))
    assert "Le délai court de nouveau" in words(asked)
    stale = await desk.post(address(case, "/P1/cancellation"), {}, token="old")
    assert stale.headers["location"] == address(case, "/P1/cancellation")
    taken = await desk.post(address(case, "/P1/cancellation"), {})
    assert taken.headers["location"] == address(case, "/P1")
    assert "Demande de pièces reprise" in words(await desk.get(address(case, "/P1")))


async def test_a_reader_requests_nothing(open_desk: OpenDesk, case: str, database: Database) -> None:
    reader = open_desk(staff(database, "reader"))
    assert (await reader.post(address(case, "/request"), TYPED)).status_code == 403


async def test_an_ended_session_loses_nothing(desk: Desk, case: str, open_desk: OpenDesk, agent: Credentials) -> None:
    lost = await Desk(desk.client, "ended").post(address(case, "/request"), TYPED)
    assert (lost.status_code, hidden(lost, "reasons")) == (401, WHY)
    restored = await open_desk(agent).post(address(case, "/request"), TYPED, token="old")
    assert WHY in words(restored)
    assert restored.text.count(" checked") == 2


async def test_what_was_typed_is_kept_when_the_acts_of_the_day_are_used_up(
    desk: Desk, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(act_limits, "MAX_ACTS_A_DAY", 1)
    await desk.post(address(case, "/request"), TYPED)
    assert (await desk.post(address(case, "/P1/cancellation"), {})).status_code == 303
    for page in ("/request", "/preview", ""):
        later = await desk.post(address(case, page), TYPED | {"id": "P2"})
        assert (later.status_code, "Vous avez enregistré 1 décisions" in words(later)) == (429, True), page
        assert int(later.headers["retry-after"]) > 0
        assert WHY in words(later)
        assert hidden(later, "id") == "P2"
