"""Requests for pieces through the API: registered, notified, fulfilled, cancelled; and what is refused."""

import pytest

from models.store.cases import completions
from models.store.database import Database
from tests.builders import Credentials, a_completion_request, a_grant, staff
from tests.starter.people import Door


async def test_a_request_for_pieces_is_registered_notified_fulfilled(
    door: Door, case: str, agent: Credentials, boss: Credentials, database: Database
) -> None:
    asked = await door(agent).post(f"/requests/{case}/completion-requests", json=a_completion_request())
    assert (asked.status_code, asked.json()["state"]) == (202, "registered")
    assert (await door(boss).get(f"/requests/{case}")).json()["pending_completion"] is None
    early = await door(boss).post(
        f"/requests/{case}/completion", json={"pieces": [{"code": "circumstances", "text": "Un incendie."}]}
    )
    assert (early.status_code, early.json()["type"]) == (409, "/problems/nothing-pending")
    with database.begin() as connection:
        completions.notify(connection, "C1")
    stopped = (await door(boss).get(f"/requests/{case}")).json()
    assert stopped["status"] == "awaiting_completion"
    assert (stopped["clock"]["state"], stopped["clock"]["tacit_acceptance_at"]) == ("stopped", None)
    assert stopped["pending_completion"]["missing"] == ["circumstances"]
    for body, slug in ((a_grant(), "completion-pending"),):
        answer = await door(agent).post(f"/requests/{case}/decision", json=body)
        assert (answer.status_code, answer.json()["type"]) == (409, f"/problems/{slug}")
    pieces = {"pieces": [{"code": "circumstances", "text": "La crue a détruit l’atelier."}]}
    supplied = await door(boss).post(f"/requests/{case}/completion", json=pieces, headers={"Idempotency-Key": "p"})
    assert supplied.status_code == 200
    assert supplied.json()["receipt"]["version"] == 2
    again = await door(boss).post(f"/requests/{case}/completion", json=pieces, headers={"Idempotency-Key": "p"})
    assert again.json() == supplied.json()
    running = (await door(boss).get(f"/requests/{case}")).json()
    assert running["clock"]["tacit_acceptance_at"] == supplied.json()["receipt"]["tacit_acceptance_at"]


async def test_a_request_for_pieces_can_be_cancelled_and_the_clock_goes_on(
    door: Door, case: str, agent: Credentials, database: Database
) -> None:
    before = (await door(agent).get(f"/requests/{case}")).json()["clock"]
    await door(agent).post(f"/requests/{case}/completion-requests", json=a_completion_request())
    second = await door(agent).post(f"/requests/{case}/completion-requests", json=a_completion_request(id="C2"))
    assert second.json()["type"] == "/problems/completion-pending"
    with database.begin() as connection:
        completions.notify(connection, "C1")
    cancelled = await door(agent).delete(f"/requests/{case}/completion-requests/C1")
    assert cancelled.json() == {"id": "C1", "state": "cancelled"}
    assert (await door(agent).get(f"/requests/{case}")).json()["clock"] == before
    gone = await door(agent).post(f"/requests/{case}/completion-requests", json=a_completion_request())
    assert gone.json()["type"] == "/problems/nothing-pending"


CIRCUMSTANCES = {"code": "circumstances", "label": "Précisions", "text_reference": "R. 5122-2"}
WRONG_ASKING: dict[str, tuple[dict[str, object], dict[str, str]]] = {
    "no piece": (a_completion_request(pieces=[]), {"/pieces": "too-few"}),
    "a piece that no text requires": (
        a_completion_request(pieces=[{"code": "x", "label": "Bilan", "text_reference": "usage"}]),
        {"/pieces/0/code": "piece-unknown", "/pieces/0/text_reference": "piece-without-text"},
    ),
    "a copy of the request itself": (
        a_completion_request(
            pieces=[
                {"code": "copie", "label": "une copie de la présente demande", "text_reference": "R. 5122-2"},
                CIRCUMSTANCES | {"label": "un double du formulaire de demande"},
            ]
        ),
        {
            "/pieces/0/code": "piece-unknown",
            "/pieces/0/label": "piece-already-held",
            "/pieces/1/label": "piece-already-held",
        },
    ),
    "a piece under the article of another": (
        a_completion_request(pieces=[CIRCUMSTANCES | {"text_reference": "R. 5122-26"}]),
        {"/pieces/0/text_reference": "piece-without-text"},
    ),
    "commitments that are not due": (
        a_completion_request(pieces=[{"code": "commitments", "label": "Promesses", "text_reference": "R. 5122-9"}]),
        {"/pieces/0/code": "piece-not-indispensable"},
    ),
    "a limit a century away": (a_completion_request(due_on="2150-12-31"), {"/due_on": "limit-too-far"}),
    "the same piece twice": (
        a_completion_request(pieces=[CIRCUMSTANCES] * 2),
        {"/pieces/1/code": "piece-repeated"},
    ),
    "an opinion that is not due": (
        a_completion_request(
            pieces=[{"code": "works_council_opinion", "label": "Avis", "text_reference": "R. 5122-2"}]
        ),
        {"/pieces/0/code": "piece-not-indispensable"},
    ),
    "no reasons and a limit gone by": (
        a_completion_request(due_on="2020-01-01", reasons="Pièce manquante."),
        {"/due_on": "limit-in-the-past", "/reasons": "completion-without-reasons"},
    ),
    "blank reasons": (a_completion_request(reasons="  "), {"/reasons": "empty"}),
}


@pytest.mark.parametrize("name", WRONG_ASKING)
async def test_a_wrong_request_for_pieces_is_refused(name: str, door: Door, case: str, agent: Credentials) -> None:
    body, expected = WRONG_ASKING[name]
    answer = await door(agent).post(f"/requests/{case}/completion-requests", json=body)
    assert answer.status_code == 422, answer.text
    assert {error["pointer"]: error["code"] for error in answer.json()["errors"]} == expected


async def test_an_instructor_asks_for_pieces_and_a_signatory_cancels(
    door: Door, case: str, agent: Credentials, database: Database
) -> None:
    instructor = door(staff(database, "instructor"))
    asked = await instructor.post(f"/requests/{case}/completion-requests", json=a_completion_request())
    assert asked.status_code == 202
    refused = await instructor.delete(f"/requests/{case}/completion-requests/C1")
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/forbidden")
    assert (await door(agent).delete(f"/requests/{case}/completion-requests/C1")).status_code == 200


async def test_a_piece_supplied_is_asked_again_by_a_signatory_with_another_reason_and_the_third_time_by_a_head(
    door: Door, case: str, boss: Credentials, database: Database
) -> None:
    address, pieces = f"/requests/{case}/completion-requests", {"pieces": [{"code": "circumstances", "text": "Crue."}]}
    first, signatory, head = door(staff(database, "instructor")), door(staff(database)), door(staff(database, "head"))
    other = "Les dates de fermeture de chaque atelier manquent encore."
    assert (await first.post(address, json=a_completion_request())).status_code == 202
    notified(database, "C1")
    await door(boss).post(f"/requests/{case}/completion", json=pieces)
    same = await signatory.post(address, json=a_completion_request(id="C2"))
    assert [each["code"] for each in same.json()["errors"]] == ["piece-already-supplied"]
    powerless = await first.post(address, json=a_completion_request(id="C2", reasons=other))
    assert (powerless.status_code, "délégation" in powerless.json()["detail"]) == (403, True)
    assert (await signatory.post(address, json=a_completion_request(id="C2", reasons=other))).status_code == 202
    notified(database, "C2")
    await door(boss).post(f"/requests/{case}/completion", json=pieces)
    third = a_completion_request(id="C3", reasons="Le plan des locaux fermés reste illisible.")
    refused = await signatory.post(address, json=third)
    assert (refused.status_code, "chef d’unité" in refused.json()["detail"]) == (403, True)
    assert (await head.post(address, json=third)).status_code == 202
    again = await first.post(address, json=a_completion_request())
    assert again.status_code == 200, "the first request is the same act"


def notified(database: Database, completion: str) -> None:
    with database.begin() as connection:
        completions.notify(connection, completion)
