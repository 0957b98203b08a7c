"""Upgrade drill: cases opened by an earlier commit finish under the current one, whatever their stage.

The whole earlier tree runs, with its own migrations, on today's libraries. Then today's programs take over its folder,
as `tacite migrate` and a restart do.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

import psycopg
import pytest

from local.processes import ROOT
from local.world import World
from tests.builders import Credentials, a_draft, a_filing, a_grant, a_refusal
from tests.cases import DEPARTMENT, a_siret
from tests.system.conftest import assert_audited
from tests.system.people import Person, event_types, until
from tests.system.restore_fixture import TrackedCases, clockwork

pytestmark = pytest.mark.slow

BASE: Final = os.environ.get("TACITE_UPGRADE_FROM", "cabdb1a6fa2a49c3d5a5f4dee06d4892e5ddeb1b")
"""The earlier commit: to be moved at each release, never past one whose cases may still live."""
CASE_LIFETIME: Final = timedelta(days=900)
"""Time after which every claim is forfeited, so that every case ends."""


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """The tree of the earlier commit."""
    shallow = subprocess.run(["git", "rev-parse", "--is-shallow-repository"], cwd=ROOT, capture_output=True, check=True)
    known = subprocess.run(["git", "cat-file", "-e", BASE], cwd=ROOT, capture_output=True, check=False)
    if shallow.stdout == b"true\n" and known.returncode:
        pytest.skip(f"{BASE} is not in this clone, which is shallow: git fetch --unshallow")
    tree = tmp_path / "earlier"
    tree.mkdir()
    packed = subprocess.run(["git", "archive", BASE], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "--extract", "--directory", str(tree)], input=packed, check=True)
    return tree


def spoken(tree: Path, folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """Run a command of the earlier tree on a folder; returns its JSON."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("TACITE_")}
    return subprocess.Popen(
        [sys.executable, str(tree / "tacite.py"), *arguments, "--json"],
        cwd=tree,
        env=inherited | {"TACITE_DATA": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


@contextmanager
def up(tree: Path, folder: Path) -> Iterator[None]:
    """Run the whole earlier Tacite until it is asked to end."""
    program = spoken(tree, folder, "up", "--data", str(folder))
    assert program.stdout
    try:
        assert json.loads(program.stdout.readline())["site"]
        yield
    finally:
        program.send_signal(signal.SIGTERM)
        program.wait(60)
        program.stdout.close()


def an_account(tree: Path, folder: Path, *options: str) -> Credentials:
    """Create an account with the earlier command line."""
    told, _ = spoken(tree, folder, "accounts", "create", "--department", DEPARTMENT, *options).communicate(timeout=60)
    return Credentials("", json.loads(told)["token"])


async def test_cases_opened_before_an_upgrade_finish_after_it(earlier: Path, tmp_path: Path) -> None:
    folder, places = tmp_path / "world", [a_siret() for _ in range(8)]
    with up(earlier, folder):
        world = World(folder, headless=True)
        boss = an_account(earlier, folder, "--role", "employer", *(f"--siret={place}" for place in places))
        agent = an_account(earlier, folder, "--role", "agent")
        with Person(world, boss) as employing, Person(world, agent) as deciding:
            cases = TrackedCases(world, employing, deciding, places)
            draft = begun(cases, places[-1])
    with world, Person(world, boss) as employing, Person(world, agent) as deciding:
        cases.boss, cases.agent = employing, deciding
        await finished(cases, draft)
        with psycopg.connect(world.postgres.dsn, autocommit=True) as session:
            assert_audited(world, session, list(cases.promises.values()))


def begun(cases: TrackedCases, place: str) -> str:
    """Open cases at every stage, the last one just before the end; returns a draft."""
    cases.file("silent", "granted", "refused", "pending", "completed", "desisted")
    cases.until("receipt_issued", *cases.promises)
    cases.decide("granted", a_grant)
    cases.decide("refused", a_refusal)
    for name in ("pending", "completed"):
        cases.request_pieces(name)
    cases.supply_pieces("completed")
    case = f"/requests/{cases.promises['desisted'].reference}"
    assert cases.boss.post(f"{case}/desistment").json()["status"] == "desisted"
    draft: str = cases.boss.post("/drafts", a_draft(siret=place)).json()["id"]
    cases.file("last")
    return draft


def instant_of(view: dict[str, object]) -> object:
    """Return the instant at which silence counts as acceptance."""
    clock = view["clock"]
    assert isinstance(clock, dict)
    return clock["tacit_acceptance_at"]


async def finished(cases: TrackedCases, draft: str) -> None:
    """Everything that was begun ends, at its own instants."""
    body = {name: value for name, value in a_filing().items() if name not in ("ground", "siret")}
    assert cases.boss.call("PATCH", f"/drafts/{draft}", json=body).status_code == 200
    assert cases.boss.post(f"/drafts/{draft}/filing", key="filing-draft").status_code == 201
    cases.supply_pieces("pending")
    until_at = {name: instant_of(cases.view(name)) for name in ("pending", "completed")}
    references = [promise.reference for promise in cases.promises.values()]
    until(lambda: event_types(cases.view("last"))[-1] == "receipt_issued", "the receipt of the last one")
    async with clockwork(cases.world) as clock:
        await asyncio.gather(*(clock.advance(reference, CASE_LIFETIME) for reference in references))
    cases.until("case_closed", *cases.promises)
    for name in ("silent", "last"):
        cases.is_tacit_at_its_instant(name)
    for name, instant in until_at.items():
        view = cases.view(name)
        assert (view["outcome"], view["effect_at"]) == ("tacit", instant)
    assert {name: cases.view(name)["outcome"] for name in ("granted", "refused", "desisted")} == {
        "granted": "granted",
        "refused": "refused",
        "desisted": "desisted",
    }
