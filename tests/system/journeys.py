"""Every way through the procedure, as its people walk it and insist; what comes of a race is the auditor's to judge."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Final

import httpx

from tests.builders import a_completion_request, a_draft, a_filing, a_grant, a_refusal
from tests.system.newcomers import enrolment
from tests.system.people import Person, until
from tests.system.population import Life

Way = Callable[[Life], None]
LATE: Final = {"deadline-passed", "already-decided"}
PIECES: Final = {"pieces": [{"code": "circumstances", "text": "La crue."}]}
OLD: Final = {"not_required": "no_council"}  # what could be said before the summer of 2020


def silence(life: Life) -> None:
    life.file()
    life.let_silence_come()


def silence_of_two_days(life: Life) -> None:
    life.file(law_on="2020-03-28", works_council=OLD)
    life.let_silence_come()


def silence_of_48_hours(life: Life) -> None:
    life.file(law_on="2020-04-10", works_council=OLD)
    life.let_silence_come()


def silence_with_the_engine_ahead(life: Life) -> None:
    """The engine's timer fires days too early: the register says that it is not due."""
    life.file()
    _started(life)
    life.clock.engine_ahead(life.reference, timedelta(days=life.dice.randint(16, 40)))
    assert life.me.get(life.case).json()["outcome"] is None
    # Days ahead, the engine cannot follow the register any more: each has to pass the rest by itself.
    life.clock.register_ahead(life.reference, life.until_at + timedelta(seconds=1))
    life.clock.engine_ahead(life.reference, timedelta(days=20))


def silence_with_the_register_ahead(life: Life) -> None:
    """The instant passes in the register while the engine's timer has days to go; it follows."""
    life.file()
    _started(life)
    life.clock.register_ahead(life.reference, life.until_at + timedelta(seconds=1))
    life.let_silence_come()


def grant(life: Life) -> None:
    life.file()
    _decided(life, life.agent, a_grant(id=f"D-{life.reference}"))


def partial_grant(life: Life) -> None:
    life.file()
    _decided(life, life.agent, _less(life))


def refusal(life: Life) -> None:
    life.file()
    _decided(life, life.agent, a_refusal(id=f"D-{life.reference}"))


def seen_then_granted(life: Life) -> None:
    """A decision is previewed, then taken."""
    life.file()
    body = _less(life)
    drawn = life.agent.post(f"{life.case}/decision/preview", body)
    assert (drawn.status_code, drawn.content[:5]) == (200, b"%PDF-"), drawn.text
    _decided(life, life.agent, body)


def granted_then_verified(life: Life) -> None:
    """A decision is taken, read, and shown to the doors as a stranger would."""
    grant(life)
    (document,) = (d for d in life.me.get(life.case).json()["documents"] if d["kind"] == "grant")
    pdf = life.me.get(f"{life.case}/documents/{document['id']}").content
    told = life.me.call("POST", "/verifications", files={"file": ("decision.pdf", pdf)})
    assert told.status_code == 200, told.text
    assert (told.json()["integrity"], told.json()["registered"]) == (True, True), told.text
    assert told.json()["case_reference"][:9] == life.reference


def desistment(life: Life) -> None:
    life.file()
    assert life.me.post(f"{life.case}/desistment").json()["status"] == "desisted"


def pieces_then_silence(life: Life) -> None:
    _ask_for_pieces(life)
    _supply(life)
    life.let_silence_come()


def pieces_then_grant(life: Life) -> None:
    _ask_for_pieces(life)
    _supply(life)
    _decided(life, life.agent, a_grant(id=f"D-{life.reference}"))


def pieces_taken_back(life: Life) -> None:
    """A request for pieces is cancelled: the clock runs on to the instant of the receipt."""
    _ask_for_pieces(life)
    taken = life.agent.call("DELETE", f"{life.case}/completion-requests/C-{life.reference}")
    assert taken.status_code == 200, taken.text
    life.let_silence_come()


def refusal_while_pieces_are_awaited(life: Life) -> None:
    _ask_for_pieces(life)
    life.clock.pass_to(life.reference, life.until_at + timedelta(days=3))
    _decided(life, life.agent, a_refusal(id=f"D-{life.reference}"))


def pieces_asked_for_too_late(life: Life) -> None:
    """Within a second or two of the instant: in time it stops the clock, else it is void."""
    life.file()
    life.near()
    asked = a_completion_request(id=f"C-{life.reference}")
    path = f"{life.case}/completion-requests"
    answer = until(lambda: _settled(life.agent.post(path, asked)), "pieces, or too late")
    if answer is not None and answer.status_code == 200:
        _supply(life)
    life.let_silence_come()


def grant_at_the_last_second(life: Life) -> None:
    life.file()
    life.near()
    _decided_or_late(life, life.agent, a_grant(id=f"D-{life.reference}"))
    life.let_silence_come()


def refusal_at_the_last_second(life: Life) -> None:
    life.file()
    life.near()
    _decided_or_late(life, life.agent, a_refusal(id=f"D-{life.reference}"))
    life.let_silence_come()


def desistment_at_the_last_second(life: Life) -> None:
    life.file()
    life.near()
    answer = life.me.post(f"{life.case}/desistment")
    assert answer.status_code == 200 or _slug(answer) in LATE, answer.text
    life.let_silence_come()


def decision_after_the_instant(life: Life) -> None:
    silence(life)
    answer = life.agent.post(f"{life.case}/decision", a_refusal(id=f"D-{life.reference}"))
    assert (answer.status_code, _slug(answer)) == (409, "deadline-passed"), answer.text


def two_agents_two_decisions(life: Life) -> None:
    """The first in the register stands, the other one is told so."""
    life.file()
    bodies = (a_grant(id=f"D-{life.reference}"), a_refusal(id=f"R-{life.reference}"))
    with ThreadPoolExecutor(2) as both:
        deciding = both.map(
            lambda by, body: _decided_or_late(life, by, body), (life.agent, life.head), bodies
        )
        assert sorted(deciding) == [False, True]


def opinion_that_follows(life: Life) -> None:
    life.file(headcount=120, works_council={"pending": True})
    sent = life.me.upload("avis.csv", b"nom;avis\nCSE;favorable\n").json()
    body = {"opinion": "favourable", "given_on": datetime.now(UTC).date().isoformat(), "file": sent["id"]}
    answer = life.me.post(f"{life.case}/works-council-opinion", body, key=f"opinion-{life.reference}")
    assert answer.status_code == 200, answer.text
    _decided(life, life.agent, a_grant(id=f"D-{life.reference}"))


def draft_that_is_filed(life: Life) -> None:
    """Opened, completed, filed some hours before its window closes."""
    draft = _open_draft(life)
    until_at = datetime.fromisoformat(draft["accepted_until"])
    life.clock.pass_to(draft["id"], until_at - timedelta(hours=2))
    body = {name: value for name, value in _body_of_a_draft().items() if name != "siret"}
    changed = life.me.call("PATCH", f"/drafts/{draft['id']}", json=body)
    assert changed.status_code == 200, changed.text
    life.file(path=f"/drafts/{draft['id']}/filing")
    life.let_silence_come()


def draft_that_lapses(life: Life) -> None:
    draft = _open_draft(life)
    life.clock.pass_to(draft["id"], datetime.fromisoformat(draft["accepted_until"]) + timedelta(minutes=1))
    path = f"/drafts/{draft['id']}"
    until(lambda: life.me.get(path).json()["status"] == "lapsed", "the end of a draft")


WAYS: Final[dict[Way, int]] = {
    silence: 8,
    silence_of_two_days: 2,
    silence_of_48_hours: 2,
    silence_with_the_engine_ahead: 2,
    silence_with_the_register_ahead: 2,
    grant: 3,
    partial_grant: 2,
    refusal: 3,
    seen_then_granted: 2,
    granted_then_verified: 2,
    desistment: 2,
    pieces_then_silence: 2,
    pieces_then_grant: 2,
    pieces_taken_back: 2,
    refusal_while_pieces_are_awaited: 2,
    pieces_asked_for_too_late: 3,
    grant_at_the_last_second: 4,
    refusal_at_the_last_second: 4,
    desistment_at_the_last_second: 2,
    decision_after_the_instant: 2,
    two_agents_two_decisions: 2,
    opinion_that_follows: 1,
    draft_that_is_filed: 2,
    draft_that_lapses: 2,
    enrolment: 2,
}
"""Each way, and how many of sixty-one walk it."""


def chosen(cases: int, dice: random.Random) -> list[Way]:
    """As many ways as there are cases, each in its share, in any order."""
    deck: list[Way] = []
    while len(deck) < cases:
        deal = [way for way, share in WAYS.items() for _ in range(share)]
        dice.shuffle(deal)
        deck += deal
    return deck[:cases]


def _started(life: Life) -> None:
    until(lambda: life.me.get(life.case).json()["documents"], f"the receipt of {life.reference}")


def _ask_for_pieces(life: Life) -> None:
    life.file()
    asked, path = a_completion_request(id=f"C-{life.reference}"), f"{life.case}/completion-requests"
    until(lambda: life.agent.post(path, asked).json()["state"] == "notified", f"pieces of {life.reference}")


def _supply(life: Life) -> None:
    answer = life.me.post(f"{life.case}/completion", PIECES, key=f"pieces-{life.reference}")
    assert answer.status_code == 200, answer.text
    life.until_at = datetime.fromisoformat(answer.json()["receipt"]["tacit_acceptance_at"])


def _less(life: Life) -> dict[str, object]:
    grounds = [
        "La demande précise le nombre de salariés concernés (article R. 5122-2 du code du travail).",
        "La fermeture des accès concerne trois salariés, les autres travaillent dans le second bâtiment.",
    ]
    return a_grant(id=f"D-{life.reference}", employees=3, hours="900", grounds=grounds)


def _decided(life: Life, by: Person, body: dict[str, object]) -> None:
    path = f"{life.case}/decision"
    until(lambda: by.post(path, body).status_code == 200, f"the decision of {life.reference}")


def _decided_or_late(life: Life, by: Person, body: dict[str, object]) -> bool:
    """Whether a decision was notified, once it is known; otherwise somebody or something came before it."""
    path = f"{life.case}/decision"
    answer = until(lambda: _settled(by.post(path, body)), f"the decision of {life.reference}, or too late")
    return answer is not None and answer.status_code == 200


def _settled(answer: httpx.Response) -> httpx.Response | None:
    """The answer, unless it says that the act is still being signed."""
    if answer.status_code == 202:
        return None
    assert answer.status_code == 200 or _slug(answer) in LATE, answer.text
    return answer


def _slug(answer: httpx.Response) -> str:
    return str(answer.json().get("type", "")).rpartition("/")[2]


def _open_draft(life: Life) -> dict[str, str]:
    placed_on = _body_of_a_draft()["placement_on"]
    body = a_draft(siret=life.siret, ground="disaster_or_weather", placement_on=placed_on)
    answer = life.me.post("/drafts", body, key=f"draft-{life.number}")
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def _body_of_a_draft() -> dict[str, object]:
    placed_on = datetime.now(UTC).date() - timedelta(days=4)
    period = {"start_on": placed_on.isoformat(), "end_on": (placed_on + timedelta(days=59)).isoformat()}
    return a_filing(ground="disaster_or_weather", placement_on=placed_on.isoformat(), period=period)
