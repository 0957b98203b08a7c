"""Every journey through the procedure, by clients that retry; the outcome of a race is left to the auditor to judge."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

import httpx

from tests.builders import a_completion_request, a_draft, a_filing, a_grant, a_refusal
from tests.system.people import Person, until
from tests.system.population import CaseActors

LATE: Final = {"deadline-passed", "already-decided"}
PIECES: Final = {"pieces": [{"code": "circumstances", "text": "La crue."}]}
OLD: Final = {"not_required": "no_council"}  # admitted before the summer of 2020


def silence(actors: CaseActors) -> None:
    actors.file()
    actors.let_silence_come()


def silence_of_two_days(actors: CaseActors) -> None:
    actors.file(law_on="2020-03-28", works_council=OLD)
    actors.let_silence_come()


def silence_of_48_hours(actors: CaseActors) -> None:
    actors.file(law_on="2020-04-10", works_council=OLD)
    actors.let_silence_come()


def silence_with_the_engine_ahead(actors: CaseActors) -> None:
    """The engine's timer fires days too early: the register answers that silence is not due."""
    actors.file()
    _started(actors)
    actors.clock.advance_engine(actors.reference, timedelta(days=actors.dice.randint(16, 40)))
    assert actors.me.get(actors.case).json()["outcome"] is None
    # Days ahead, the engine can no longer follow the register: each must be advanced separately.
    actors.clock.advance_register(actors.reference, actors.until_at + timedelta(seconds=1))
    actors.clock.advance_engine(actors.reference, timedelta(days=20))


def silence_with_the_register_ahead(actors: CaseActors) -> None:
    """The instant passes in the register while the engine's timer still has days to run; the engine follows."""
    actors.file()
    _started(actors)
    actors.clock.advance_register(actors.reference, actors.until_at + timedelta(seconds=1))
    actors.let_silence_come()


def grant(actors: CaseActors) -> None:
    actors.file()
    _decide(actors, actors.agent, a_grant(id=f"D-{actors.reference}"))


def partial_grant(actors: CaseActors) -> None:
    actors.file()
    _decide(actors, actors.agent, _less(actors))


def refusal(actors: CaseActors) -> None:
    actors.file()
    _decide(actors, actors.agent, a_refusal(id=f"D-{actors.reference}"))


def seen_then_granted(actors: CaseActors) -> None:
    """A decision is previewed, then taken."""
    actors.file()
    body = _less(actors)
    drawn = actors.agent.post(f"{actors.case}/decision/preview", body)
    assert (drawn.status_code, drawn.content[:5]) == (200, b"%PDF-"), drawn.text
    _decide(actors, actors.agent, body)


def granted_then_verified(actors: CaseActors) -> None:
    """A decision is taken, downloaded, and verified through the public API."""
    grant(actors)
    (document,) = (d for d in actors.me.get(actors.case).json()["documents"] if d["kind"] == "grant")
    pdf = actors.me.get(f"{actors.case}/documents/{document['id']}").content
    told = actors.me.call("POST", "/verifications", files={"file": ("decision.pdf", pdf)})
    assert told.status_code == 200, told.text
    assert (told.json()["integrity"], told.json()["registered"]) == (True, True), told.text
    assert told.json()["case_reference"][:9] == actors.reference


def desistment(actors: CaseActors) -> None:
    actors.file()
    assert actors.me.post(f"{actors.case}/desistment").json()["status"] == "desisted"


def pieces_then_silence(actors: CaseActors) -> None:
    _ask_for_pieces(actors)
    _supply_pieces(actors)
    actors.let_silence_come()


def pieces_then_grant(actors: CaseActors) -> None:
    _ask_for_pieces(actors)
    _supply_pieces(actors)
    _decide(actors, actors.agent, a_grant(id=f"D-{actors.reference}"))


def pieces_taken_back(actors: CaseActors) -> None:
    """A request for pieces is cancelled: the clock runs to the instant of the receipt."""
    _ask_for_pieces(actors)
    taken = actors.agent.call("DELETE", f"{actors.case}/completion-requests/C-{actors.reference}")
    assert taken.status_code == 200, taken.text
    actors.let_silence_come()


def refusal_while_pieces_are_awaited(actors: CaseActors) -> None:
    _ask_for_pieces(actors)
    actors.clock.advance_to(actors.reference, actors.until_at + timedelta(days=3))
    _decide(actors, actors.agent, a_refusal(id=f"D-{actors.reference}"))


def pieces_asked_for_too_late(actors: CaseActors) -> None:
    """Requested within a second or two of the instant: in time it stops the clock, otherwise it is void."""
    actors.file()
    actors.approach_instant()
    asked = a_completion_request(id=f"C-{actors.reference}")
    path = f"{actors.case}/completion-requests"
    answer = until(lambda: _answered(actors.agent.post(path, asked)), "pieces, or too late")
    if answer is not None and answer.status_code == 200:
        _supply_pieces(actors)
    actors.let_silence_come()


def grant_at_the_last_second(actors: CaseActors) -> None:
    actors.file()
    actors.approach_instant()
    _decide_or_lose(actors, actors.agent, a_grant(id=f"D-{actors.reference}"))
    actors.let_silence_come()


def refusal_at_the_last_second(actors: CaseActors) -> None:
    actors.file()
    actors.approach_instant()
    _decide_or_lose(actors, actors.agent, a_refusal(id=f"D-{actors.reference}"))
    actors.let_silence_come()


def desistment_at_the_last_second(actors: CaseActors) -> None:
    actors.file()
    actors.approach_instant()
    answer = actors.me.post(f"{actors.case}/desistment")
    assert answer.status_code == 200 or _slug(answer) in LATE, answer.text
    actors.let_silence_come()


def decision_after_the_instant(actors: CaseActors) -> None:
    silence(actors)
    answer = actors.agent.post(f"{actors.case}/decision", a_refusal(id=f"D-{actors.reference}"))
    assert (answer.status_code, _slug(answer)) == (409, "deadline-passed"), answer.text


def two_agents_two_decisions(actors: CaseActors) -> None:
    """The first decision registered stands; the other agent gets a conflict."""
    actors.file()
    bodies = (a_grant(id=f"D-{actors.reference}"), a_refusal(id=f"R-{actors.reference}"))
    with ThreadPoolExecutor(2) as both:
        decide = partial(_decide_or_lose, actors)
        assert sorted(both.map(decide, (actors.agent, actors.head), bodies)) == [False, True]


def opinion_that_follows(actors: CaseActors) -> None:
    actors.file(headcount=120, works_council={"pending": True})
    sent = actors.me.upload("avis.csv", b"nom;avis\nCSE;favorable\n").json()
    body = {"opinion": "favourable", "given_on": datetime.now(UTC).date().isoformat(), "file": sent["id"]}
    answer = actors.me.post(f"{actors.case}/works-council-opinion", body, key=f"opinion-{actors.reference}")
    assert answer.status_code == 200, answer.text
    _decide(actors, actors.agent, a_grant(id=f"D-{actors.reference}"))


def draft_that_is_filed(actors: CaseActors) -> None:
    """A draft is opened, completed and filed some hours before its window closes."""
    draft = _open_draft(actors)
    until_at = datetime.fromisoformat(draft["accepted_until"])
    actors.clock.advance_to(draft["id"], until_at - timedelta(hours=2))
    body = {name: value for name, value in _body_of_a_draft().items() if name != "siret"}
    changed = actors.me.call("PATCH", f"/drafts/{draft['id']}", json=body)
    assert changed.status_code == 200, changed.text
    actors.file_at(f"/drafts/{draft['id']}/filing")
    actors.let_silence_come()


def draft_that_lapses(actors: CaseActors) -> None:
    draft = _open_draft(actors)
    until_at = datetime.fromisoformat(draft["accepted_until"])
    actors.clock.advance_to(draft["id"], until_at + timedelta(minutes=1))
    path = f"/drafts/{draft['id']}"
    until(lambda: actors.me.get(path).json()["status"] == "lapsed", "the end of a draft")


def _started(actors: CaseActors) -> None:
    until(lambda: actors.me.get(actors.case).json()["documents"], f"the receipt of {actors.reference}")


def _ask_for_pieces(actors: CaseActors) -> None:
    actors.file()
    asked, path = a_completion_request(id=f"C-{actors.reference}"), f"{actors.case}/completion-requests"
    until(lambda: actors.agent.post(path, asked).json()["state"] == "notified", "the request for pieces")


def _supply_pieces(actors: CaseActors) -> None:
    answer = actors.me.post(f"{actors.case}/completion", PIECES, key=f"pieces-{actors.reference}")
    assert answer.status_code == 200, answer.text
    actors.until_at = datetime.fromisoformat(answer.json()["receipt"]["tacit_acceptance_at"])


def _less(actors: CaseActors) -> dict[str, object]:
    grounds = [
        "La demande précise le nombre de salariés concernés (article R. 5122-2 du code du travail).",
        "La fermeture des accès concerne trois salariés, les autres travaillent dans le second bâtiment.",
    ]
    return a_grant(id=f"D-{actors.reference}", employees=3, hours="900", grounds=grounds)


def _decide(actors: CaseActors, by: Person, body: dict[str, object]) -> None:
    path = f"{actors.case}/decision"
    until(lambda: by.post(path, body).status_code == 200, f"the decision of {actors.reference}")


def _decide_or_lose(actors: CaseActors, by: Person, body: dict[str, object]) -> bool:
    """Return whether the decision was notified; otherwise another outcome came first."""
    path = f"{actors.case}/decision"
    answer = until(lambda: _answered(by.post(path, body)), f"the decision of {actors.reference}, or too late")
    return answer is not None and answer.status_code == 200


def _answered(answer: httpx.Response) -> httpx.Response | None:
    """Return the answer, or None while the act is still being signed."""
    if answer.status_code == 202:
        return None
    assert answer.status_code == 200 or _slug(answer) in LATE, answer.text
    return answer


def _slug(answer: httpx.Response) -> str:
    return str(answer.json().get("type", "")).rpartition("/")[2]


def _open_draft(actors: CaseActors) -> dict[str, str]:
    placed_on = _body_of_a_draft()["placement_on"]
    body = a_draft(siret=actors.siret, ground="disaster_or_weather", placement_on=placed_on)
    answer = actors.me.post("/drafts", body, key=f"draft-{actors.number}")
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def _body_of_a_draft() -> dict[str, object]:
    placed_on = datetime.now(UTC).date() - timedelta(days=4)
    period = {"start_on": placed_on.isoformat(), "end_on": (placed_on + timedelta(days=59)).isoformat()}
    return a_filing(ground="disaster_or_weather", placement_on=placed_on.isoformat(), period=period)
