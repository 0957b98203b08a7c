"""Requests for pieces through the API: registered, notified, fulfilled, cancelled; and what is refused."""

import pytest

from models.store.cases import completions
from models.store.database import Database
from tests.builders import Credentials, a_completion_request, a_grant
from tests.starter.people import Door


async def test_a_request_for_pieces_is_registered_notified_fulfilled(
    door: Door, case: str, agent: Credentials, boss: Credentials, database: Database
) -> None:
    asked = await door(agent).post(f"/requests/{case}/completion-requests", json=a_completion_request())
    assert (asked.status_code, asked.json()["state"]) == (202, "registered")
    assert (await door(boss).get(f"/requests/{case}")).json()["pending_completion"] is None
    early = await door(boss).post(
        f"/requests/{case}/completion", json={"pieces": [{"code": "circumstances", "text": "…"}]}
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


WRONG_ASKING: dict[str, tuple[dict[str, object], dict[str, str]]] = {
    "no piece": (a_completion_request(pieces=[]), {"/pieces": "too-few"}),
    "a piece that no text requires": (
        a_completion_request(pieces=[{"code": "x", "label": "Bilan", "text_reference": "usage"}]),
        {"/pieces/0/text_reference": "piece-without-text"},
    ),
    "the same piece twice": (
        a_completion_request(pieces=[{"code": "x", "label": "Y", "text_reference": "R. 5122-2"}] * 2),
        {"/pieces/1/code": "piece-repeated"},
    ),
    "an opinion that is not due": (
        a_completion_request(
            pieces=[{"code": "works_council_opinion", "label": "Avis", "text_reference": "R. 5122-2"}]
        ),
        {"/pieces/0/code": "piece-not-indispensable"},
    ),
    "no reasons and a limit gone by": (
        a_completion_request(due_on="2020-01-01", reasons="…") | {"reasons": "."},
        {"/due_on": "limit-in-the-past"},
    ),
    "blank reasons": (a_completion_request(reasons="  "), {"/reasons": "wrong-form"}),
}


@pytest.mark.parametrize("name", WRONG_ASKING)
async def test_a_wrong_request_for_pieces_is_refused(name: str, door: Door, case: str, agent: Credentials) -> None:
    body, expected = WRONG_ASKING[name]
    answer = await door(agent).post(f"/requests/{case}/completion-requests", json=body)
    assert answer.status_code == 422, answer.text
    assert {error["pointer"]: error["code"] for error in answer.json()["errors"]} == expected
