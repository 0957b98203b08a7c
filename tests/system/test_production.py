"""The production profile, on loopback without TLS: agents known by the provider alone decide, to the signed page.

Four eyes are real there: money that rests on one agent's word waits for another signatory.
"""

import html
import json
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from datetime import UTC, datetime
from io import StringIO
from typing import Any, NamedTuple
from urllib.parse import urlsplit, urlunsplit

import httpx
import pytest

import tacite
from law.calendar import local
from local.world import World
from models.store.database import Database
from tests.builders import Credentials, a_filing, employer
from tests.cases import GROUNDS
from tests.system.people import until

SETTINGS = {"TACITE_PROFILE": "production", "TACITE_OIDC_ACR": '["eidas2"]'}
SIGNED_WITHIN_SECONDS = 60.0


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("production")
    with World(folder, settings=SETTINGS, headless=True, durable=False) as running:
        yield running


class Browser:
    """Somebody who signs in at the provider, then follows pages and sends their forms."""

    def __init__(self, site: str, subject: str) -> None:
        self.client = httpx.Client(base_url=site, headers={"Accept": "text/html", "Sec-Fetch-Site": "same-origin"})
        asked = self.client.get("/agents/sign-in").headers["location"]
        provider = urlunsplit(urlsplit(asked)._replace(path="", query=""))
        httpx.put(f"{provider}/users/{subject}", json={"acr": "eidas2"}).raise_for_status()
        back = httpx.post(asked, data={"sub": subject}).headers["location"]
        self.entered = self.client.get(back)
        assert self.entered.status_code == 303, self.entered.text

    def send(
        self, form_page: str, action: str, typed: Mapping[str, str | list[str]], status: int = 200
    ) -> httpx.Response:
        """Send a form with its hidden fields and what is typed; returns the page that it leads to."""
        shown = self.client.get(form_page)
        found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', shown.text)
        kept = {name: html.unescape(value) for name, value in found}
        answer = self.client.post(action, data={**kept, **typed})
        if answer.status_code == 303:
            return self.client.get(answer.headers["location"])
        assert answer.status_code == status, answer.text
        return answer

    def sign(self, case: str, outcome: str, typed: Mapping[str, str | list[str]], said: str) -> str:
        """Take a decision as the pages lead to it; returns the page that says that it is notified."""
        checked = self.send(f"{case}/{outcome}", f"{case}/{outcome}", typed)
        assert said in checked.text
        form = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', checked.text)
        signed = self.client.post(f"{case}/decision", data={name: html.unescape(value) for name, value in form})
        assert signed.status_code == 303, signed.text
        return _notified(self, signed.headers["location"])


class Unit(NamedTuple):
    """Two people who may sign, each in a browser: a head, and a signatory whom the head let in."""

    head: Browser
    signatory: Browser


@pytest.fixture(scope="module")
def unit(world: World) -> Iterator[Unit]:
    """Let in a head by the command line, and a signatory by the head's pages; both sign in at the provider."""
    today = local(datetime.now(UTC), "34").date().isoformat()
    who = ("--name", "Marc Olivier", "--email", "marc@service.invalid", "--subject", "marc", "--department", "34")
    head_id = _opened(world, "agents", "open", "--role", "head", *who)
    act = ("--certificate", "director", "--act", "décret de nomination", "--department", "34", "--from-on", today)
    _opened(world, "agents", "delegate", head_id, *act)
    head = Browser(world.site, "marc")
    account = {"name": "Nadia Perrin", "email": "nadia@service.invalid", "role": "signatory", "subject": "nadia"}
    page = head.send("/unit/opening", "/unit/opening", {**account, "departments": ["34"]})
    agent = urlsplit(str(page.url)).path
    given: dict[str, str | list[str]] = {
        "outcomes": ["grant", "refusal"],
        "departments": ["34"],
        "from_on": today,
        "certificate": "delegate",
    }
    delegated = head.send(f"{agent}/delegation", f"{agent}/delegation", {**given, "act": "arrêté du 2 décembre"})
    assert "La délégation est inscrite." in delegated.text
    signatory = Browser(world.site, "nadia")
    yield Unit(head, signatory)
    head.client.close()
    signatory.client.close()


def _opened(world: World, *arguments: str) -> str:
    """Run a command in the world's environment, and return the id that it announces."""
    said = StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(said):
        for name, value in world.environment.items():
            patch.setenv(name, value)
        assert tacite.run([*arguments, "--json"]) == 0
    return str(json.loads(said.getvalue())["id"])


def test_an_agent_known_by_the_provider_alone_decides_from_the_first_command_to_the_signed_decision(
    world: World, unit: Unit
) -> None:
    boss, reference = _filed(world)
    case, nadia = f"/desk/requests/{reference}", unit.signatory
    assert reference in nadia.client.get("/desk").text
    reasons: dict[str, str | list[str]] = {"in_law": GROUNDS[0], "in_fact": GROUNDS[1]}
    state = nadia.sign(case, "refusal", reasons, "Signer et notifier le refus")
    (document,) = re.findall(r'href="(/requests/\w+/documents/[\w-]+)"', state)
    decision = nadia.client.get(document).content
    assert decision.startswith(b"%PDF-")
    told = _told(world, boss, reference)
    assert (told["outcome"], told["decision"]["grounds"]) == ("refused", GROUNDS)
    verified = httpx.post(f"{world.site}/api/v1/verifications", files={"file": ("decision.pdf", decision)}, timeout=60)
    assert (verified.json()["integrity"], verified.json()["signer"]) == (True, "Nadia Perrin"), verified.text


def test_money_that_rests_on_one_agent_s_word_waits_for_another_signatory(world: World, unit: Unit) -> None:
    boss, reference = _filed(world, proven=False)
    case, known = f"/desk/requests/{reference}", {"reason": "Entreprise connue du service."}
    validated = unit.signatory.send(f"{case}/validation", f"{case}/validation", known)
    assert "done=validation" in str(validated.url)
    asked = {"start_on": "2026-12-01", "end_on": "2027-02-28", "employees": "42", "hours": "12000"}
    unit.signatory.sign(case, "grant", asked, "Signer et notifier l’autorisation")
    until(
        lambda: _told(world, boss, reference)["hand_over_held_for"] == ["validation"], "the hold", SIGNED_WITHIN_SECONDS
    )
    page, looked = f"{case}/hand-over", {"reason": "Signature comparée à celle du registre."}
    alone = unit.signatory.send(page, page, looked, status=403)
    assert "autre signataire" in alone.text
    assert _told(world, boss, reference)["hand_over_held_for"] == ["validation"]
    assert "done=hand-over" in str(unit.head.send(page, page, looked).url)
    assert _told(world, boss, reference)["hand_over_held_for"] == []


def _filed(world: World, *, proven: bool = True) -> tuple[Credentials, str]:
    """An employer, and the reference of what it filed."""
    with Database(world.postgres.dsn, size=1) as database:
        boss = employer(database, proven=proven)
    filed = httpx.post(f"{world.site}/api/v1/requests", json=a_filing(), headers=boss.headers)
    assert filed.status_code == 201, filed.text
    return boss, str(filed.json()["reference"])


def _told(world: World, boss: Credentials, reference: str) -> dict[str, Any]:
    """The case as its employer reads it."""
    told: dict[str, Any] = httpx.get(f"{world.site}/api/v1/requests/{reference}", headers=boss.headers).json()
    return told


def _notified(browser: Browser, address: str) -> str:
    """Wait for the signature as the page does."""
    until = time.monotonic() + SIGNED_WITHIN_SECONDS
    while time.monotonic() < until:
        shown = browser.client.get(address).text
        if "Décision notifiée" in shown:
            return shown
        time.sleep(0.5)
    raise AssertionError(shown)
