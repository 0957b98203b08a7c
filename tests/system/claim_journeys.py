"""Journeys of claims: months claimed under an authorization, by clients that retry; the auditor judges what is left."""

import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Final

import httpx

from law.calendar import add_months
from tests.builders import a_grant
from tests.models.store.claims.reviewed import CLAIM_GROUNDS
from tests.system.claim_lines import as_file, lines
from tests.system.claims_auditor import ClaimPromise
from tests.system.people import until
from tests.system.population import CaseActors

View = dict[str, str]
_DAYS_AFTER: Final = timedelta(days=4)
"""Between the end of a month and its claim."""
_HELD_FOR: Final = "opinion"


class Claims:
    """The claims of one authorization, as its employer sends and sees them."""

    def __init__(self, actors: CaseActors, months: int = 1, *, seen: bool = False, **stated: object) -> None:
        """Have the case authorised, by an agent or by silence, for some months, and let the first of them pass.

        By an agent who has its signals before their eyes, if they are `seen`.
        """
        self.actors = actors
        first = add_months(datetime.now(UTC).date().replace(day=1), 1)
        self.months = [add_months(first, number) for number in range(months)]
        last = add_months(first, months) - timedelta(days=1)
        stated["period"] = {"start_on": first.isoformat(), "end_on": last.isoformat()}
        actors.file(**stated)
        if seen:
            until(lambda: _is_controlled(actors), f"the controls of {actors.reference}")
        if seen or actors.dice.random() < 0.5:
            body = a_grant(id=f"D-{actors.reference}")
            decision = f"{actors.case}/decision"
            until(lambda: actors.agent.post(decision, body).status_code == 200, f"the decision of {actors.reference}")
        else:
            actors.let_silence_come()
        self.let_pass(first)

    def let_pass(self, month: date) -> None:
        """Advance the case beyond the end of a month."""
        day = add_months(month, 1) + _DAYS_AFTER
        self.actors.clock.advance_to(self.actors.reference, datetime.combine(day, time(12), UTC))

    def ask(self, month: date, *, part: int = 1, replaces: str | None = None, **of: int) -> httpx.Response:
        """Send the lines of a claim, sometimes twice with one key; whatever is answered."""
        body = {"month": f"{month:%Y-%m}", "part": part, "lines": lines(self.actors.number, month, **of)}
        return self._send(body | ({"replaces": replaces} if replaces else {}))

    def file(self, month: date, *, part: int = 1, replaces: str | None = None, **of: int) -> View:
        """Claim a month, by its lines."""
        return _received(self.ask(month, part=part, replaces=replaces, **of))

    def file_upload(self, month: date) -> View:
        """Claim a month, by a file that is read first."""
        content = as_file(lines(self.actors.number, month))
        path = f"{self.actors.case}/claims/{month:%Y-%m}/uploads"
        headers = {"Idempotency-Key": f"upload-{self.actors.number}-{secrets.token_hex(4)}"}
        sent = self.actors.me.call("POST", path, content=content, headers=headers)
        assert sent.status_code == 202, sent.text
        upload = sent.json()["id"]
        until(lambda: self.actors.me.get(f"{path}/{upload}").json()["state"] == "read", f"file {upload} is read")
        return _received(self._send({"month": f"{month:%Y-%m}", "upload": upload}))

    def state(self, claim: View) -> str:
        """Return the state of a version."""
        path = f"{self.actors.case}/claims/{claim['month']}?part={claim['part']}"
        versions = self.actors.me.get(path).json()["versions"]
        return next(str(each["state"]) for each in versions if each["id"] == claim["id"])

    def wait_for(self, claim: View, *states: str) -> None:
        """Wait until a version is in one of these states."""
        until(lambda: self.state(claim) in states, f"claim {claim['id']} {' or '.join(states)}")

    def cancel(self, claim: View) -> httpx.Response:
        """Cancel the claim of a month."""
        return self.actors.me.post(f"{self.actors.case}/claims/{claim['month']}/cancellation")

    def _send(self, body: dict[str, object]) -> httpx.Response:
        key = f"claim-{self.actors.number}-{secrets.token_hex(4)}"
        send = partial(self.actors.me.post, f"{self.actors.case}/claims", body | {"monthly_reimbursement": False})
        answers = [send(key=key) for _ in range(self.actors.dice.choice((1, 1, 2)))]
        if answers[0].status_code == 201:
            claims = [each.json() for each in answers]
            assert len({each["id"] for each in claims}) == 1, "two answers to one key"
            self.actors.claim_promises.append(ClaimPromise.of(key, self.actors.reference, claims[0]))
        return answers[0]


def months_claimed(actors: CaseActors) -> None:
    """Two months, one by its lines and one by a file; the agent agrees to both."""
    claims = Claims(actors, months=2)
    actors.office.agree(claims.file(claims.months[0])["id"])
    claims.let_pass(claims.months[1])
    actors.office.agree(claims.file_upload(claims.months[1])["id"])


def claim_agreed_to_beforehand(actors: CaseActors) -> None:
    """A small claim is agreed to by a standing instruction, whoever else looks at it only if that visa lapses."""
    claims = Claims(actors, seen=True)
    small = claims.file(claims.months[0], people=1, weeks=1)
    claims.wait_for(small, "agreed", "signed", "handed", "accepted")
    actors.office.agree(small["id"])


def claim_corrected(actors: CaseActors) -> None:
    claims = Claims(actors)
    wrong = claims.file_upload(claims.months[0])
    right = claims.file(claims.months[0], people=2, replaces=wrong["id"])
    actors.office.agree(right["id"])
    claims.wait_for(wrong, "replaced")


def claim_corrected_while_it_is_signed(actors: CaseActors) -> None:
    """The correction is in time, or the claim is handed over already."""
    claims = Claims(actors)
    first = claims.file(claims.months[0])
    actors.office.agree(first["id"])
    claims.wait_for(first, "agreed", "signed", "handed", "accepted")
    answer = claims.ask(claims.months[0], people=2, replaces=first["id"])
    if answer.status_code == 201:
        actors.office.agree(answer.json()["id"])
    else:
        assert _slug(answer) == "already-handed", answer.text


def two_corrections_at_once(actors: CaseActors) -> None:
    """One takes the place of the claim, the other is refused."""
    claims = Claims(actors)
    first = claims.file(claims.months[0])
    correct = partial(claims.ask, claims.months[0], replaces=first["id"])
    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(lambda people: correct(people=people), (1, 2)))
    assert sorted(each.status_code for each in answers) == [201, 409], [each.text for each in answers]
    actors.office.agree(next(each.json()["id"] for each in answers if each.status_code == 201))


def claim_cancelled(actors: CaseActors) -> None:
    claims = Claims(actors)
    answer = claims.cancel(claims.file(claims.months[0]))
    assert (answer.status_code, answer.json()["state"]) == (200, "void"), answer.text
    actors.office.agree(claims.file(claims.months[0])["id"])


def claim_cancelled_while_it_is_signed(actors: CaseActors) -> None:
    """The cancellation is in time, or the claim is handed over already."""
    claims = Claims(actors)
    claim = claims.file(claims.months[0])
    actors.office.agree(claim["id"])
    claims.wait_for(claim, "agreed", "signed", "handed", "accepted")
    answer = claims.cancel(claim)
    assert answer.status_code == 200 or _slug(answer) == "already-handed", answer.text


def claim_refused(actors: CaseActors) -> None:
    """An agent refuses a claim, again if the refusal could not be signed; it is claimed anew."""
    claims = Claims(actors)
    claim = claims.file(claims.months[0])

    def is_refused() -> bool:
        actors.agent.post(f"/claims/{claim['id']}/refusal", {"grounds": [*CLAIM_GROUNDS]})
        return claims.state(claim) == "refused"

    until(is_refused, f"the refusal of claim {claim['id']}")
    actors.office.agree(claims.file(claims.months[0], people=2)["id"])


def claim_rejected_and_sent_again(actors: CaseActors) -> None:
    claims = Claims(actors)
    sent = claims.file(claims.months[0])
    with actors.office.rejecting(actors.reference):
        actors.office.agree(sent["id"])
        claims.wait_for(sent, "rejected")
    actors.office.agree(claims.file(claims.months[0])["id"])


def claim_that_waits_for_an_opinion(actors: CaseActors) -> None:
    """Once its last day is past a claim is held, and its employer reads why; some opinions arrive, some are waived."""
    claims = Claims(actors, headcount=120, works_council={"pending": True})
    claims.let_pass(add_months(claims.months[0], 1))
    claim = claims.file(claims.months[0])
    claims.wait_for(claim, "held")
    shown = actors.me.get(f"{actors.case}/claims/{claim['month']}").json()["versions"][-1]
    assert [each["code"] for each in shown["signals"] if each["holds"]] == [_HELD_FOR], shown
    actors.office.agree(claim["id"])
    chance = actors.dice.random()
    if chance < 0.4:
        sent = actors.me.upload("avis.csv", b"nom;avis\nCSE;favorable\n").json()
        body = {"opinion": "favourable", "given_on": datetime.now(UTC).date().isoformat(), "file": sent["id"]}
        answer = actors.me.post(f"{actors.case}/works-council-opinion", body, key=f"opinion-{actors.reference}")
        assert answer.status_code == 200, answer.text
    elif chance < 0.7:
        body = {"reason": "Le comité n’a plus d’élus depuis le mois dernier."}
        answer = actors.agent.post(f"{actors.case}/opinion-waiver", body, key=f"waiver-{actors.reference}")
        assert answer.status_code == 200, answer.text


def claims_beyond_the_hours(actors: CaseActors) -> None:
    """Five parts at once where there are hours for three; an amendment gives the hours of a fourth."""
    claims = Claims(actors, hours="21")
    month = claims.months[0]
    with ThreadPoolExecutor(5) as parts:
        ask = partial(claims.ask, month, people=1, weeks=1)
        answers = list(parts.map(lambda part: ask(part=part, weeks=1, people=1), range(1, 6)))
    slugs = sorted("admitted" if each.status_code == 201 else _slug(each) for each in answers)
    assert slugs == ["admitted"] * 3 + ["hours-exceeded"] * 2, slugs
    for each in answers:
        if each.status_code == 201:
            actors.office.agree(each.json()["id"])
    _amend(actors, hours="28")
    actors.office.agree(claims.file(month, part=9, people=1, weeks=1)["id"])


CLAIM_JOURNEYS: Final[dict[Callable[[CaseActors], None], int]] = {
    months_claimed: 3,
    claim_agreed_to_beforehand: 2,
    claim_corrected: 2,
    claim_corrected_while_it_is_signed: 1,
    two_corrections_at_once: 1,
    claim_cancelled: 1,
    claim_cancelled_while_it_is_signed: 1,
    claim_refused: 1,
    claim_rejected_and_sent_again: 2,
    claim_that_waits_for_an_opinion: 1,
    claims_beyond_the_hours: 1,
}
"""Each journey, and its share."""


def _amend(actors: CaseActors, **asked: object) -> None:
    """Have the authorization amended by silence; actors go on with the authorization."""
    of_authorization = actors.reference, actors.until_at
    body = {"reasons": "La réparation des accès dure plus longtemps que prévu."} | asked
    actors.file_at(f"{actors.case}/amendments", body)
    actors.let_silence_come()
    path = f"/requests/{actors.reference}"
    until(lambda: actors.me.get(path).json()["outcome"] == "tacit", f"the amendment {actors.reference}")
    actors.reference, actors.until_at = of_authorization


def _is_controlled(actors: CaseActors) -> bool:
    """Whether a case was controlled: the register of establishments, if it answers, confirms none of them."""
    return bool(actors.agent.get(f"/desk{actors.case}").json()["signals"])


def _received(answer: httpx.Response) -> View:
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def _slug(answer: httpx.Response) -> str:
    return str(answer.json().get("type", "")).rpartition("/")[2]
