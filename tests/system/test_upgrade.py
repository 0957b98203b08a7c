"""Upgrade drill: cases that the programs of an earlier commit opened finish under those of today, whatever their stage.

The earlier tree runs whole, with its own migrations, on the libraries of today. Then today's programs take its folder
up, as `tacite migrate` and a restart do.
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
from tests.system.conftest import audited
from tests.system.people import Person, event_types, until
from tests.system.restore_fixture import Town, clockwork

pytestmark = pytest.mark.slow

BASE: Final = os.environ.get("TACITE_UPGRADE_FROM", "cabdb1a6fa2a49c3d5a5f4dee06d4892e5ddeb1b")
"""The earlier commit: to be moved at each release, never past one whose cases may still live."""
LIFE: Final = timedelta(days=900)
"""After which every claim is forfeited, so that every case ends."""


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """The tree of the earlier commit."""
    shallow = subprocess.run(
        ["git", "rev-parse", "--is-shallow-repository"], cwd=ROOT, capture_output=True, check=True
    )
    known = subprocess.run(["git", "cat-file", "-e", BASE], cwd=ROOT, capture_output=True, check=False)
    if shallow.stdout == b"true\n" and known.returncode:
        pytest.skip(f"{BASE} is not in this clone, which is shallow: git fetch --unshallow")
    tree = tmp_path / "earlier"
    tree.mkdir()
    packed = subprocess.run(["git", "archive", BASE], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "--extract", "--directory", str(tree)], input=packed, check=True)
    return tree


def spoken(tree: Path, folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """A command of the earlier tree about a folder, as JSON."""
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
    """The earlier Tacite, whole, until it is asked to end."""
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
    """Open an account by the earlier command line."""
    told, _ = spoken(tree, folder, "accounts", "create", "--department", DEPARTMENT, *options).communicate(
        timeout=60
    )
    return Credentials("", json.loads(told)["token"])


async def test_cases_opened_before_an_upgrade_finish_after_it(earlier: Path, tmp_path: Path) -> None:
    folder, places = tmp_path / "world", [a_siret() for _ in range(8)]
    with up(earlier, folder):
        world = World(folder, headless=True)
        boss = an_account(earlier, folder, "--role", "employer", *(f"--siret={place}" for place in places))
        agent = an_account(earlier, folder, "--role", "agent")
        with Person(world, boss) as employing, Person(world, agent) as deciding:
            town = Town(world, employing, deciding, places)
            draft = begun(town, places[-1])
    with world, Person(world, boss) as employing, Person(world, agent) as deciding:
        town.boss, town.agent = employing, deciding
        await finished(town, draft)
        with psycopg.connect(world.postgres.dsn, autocommit=True) as session:
            audited(world, session, list(town.promises.values()))


def begun(town: Town, place: str) -> str:
    """Cases at every stage, the last one filed at the last moment; returns a draft."""
    town.file("silent", "granted", "refused", "pending", "completed", "desisted")
    town.until("receipt_issued", *town.promises)
    town.decide("granted", a_grant)
    town.decide("refused", a_refusal)
    for name in ("pending", "completed"):
        town.request_pieces(name)
    town.supply_pieces("completed")
    case = f"/requests/{town.promises['desisted'].reference}"
    assert town.boss.post(f"{case}/desistment").json()["status"] == "desisted"
    draft: str = town.boss.post("/drafts", a_draft(siret=place)).json()["id"]
    town.file("last")
    return draft


def instant_of(view: dict[str, object]) -> object:
    """The instant at which silence will be acceptance."""
    clock = view["clock"]
    assert isinstance(clock, dict)
    return clock["tacit_acceptance_at"]


async def finished(town: Town, draft: str) -> None:
    """Everything that was begun comes to its end, at its own instants."""
    body = {name: value for name, value in a_filing().items() if name not in ("ground", "siret")}
    assert town.boss.call("PATCH", f"/drafts/{draft}", json=body).status_code == 200
    assert town.boss.post(f"/drafts/{draft}/filing", key="filing-draft").status_code == 201
    town.supply_pieces("pending")
    until_at = {name: instant_of(town.view(name)) for name in ("pending", "completed")}
    references = [promise.reference for promise in town.promises.values()]
    until(lambda: event_types(town.view("last"))[-1] == "receipt_issued", "the receipt of the last one")
    async with clockwork(town.world) as clock:
        await asyncio.gather(*(clock.advance(reference, LIFE) for reference in references))
    town.until("case_closed", *town.promises)
    for name in ("silent", "last"):
        town.is_tacit_at_its_instant(name)
    for name, instant in until_at.items():
        view = town.view(name)
        assert (view["outcome"], view["effect_at"]) == ("tacit", instant)
    assert {name: town.view(name)["outcome"] for name in ("granted", "refused", "desisted")} == {
        "granted": "granted",
        "refused": "refused",
        "desisted": "desisted",
    }
