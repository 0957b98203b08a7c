"""The audits after a campaign: of cases, of claims, of seals, of the product's own checks, of what must be nowhere."""

import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Final, NamedTuple

import psycopg

from local.processes import ROOT
from local.world import World
from tests.system.auditor import Promise
from tests.system.claim_lines import in_clear
from tests.system.claims_auditor import ClaimPromise, ClaimsAuditor
from tests.system.conftest import an_auditor

SETTLING_SECONDS: Final = 300.0
"""Seconds within which all due work must be done, once everything runs again."""
log = logging.getLogger("chaos")


class Promises(NamedTuple):
    """What clients were answered: requests filed, claims received."""

    cases: list[Promise]
    claims: list[ClaimPromise]


def a_claims_auditor(world: World, session: psycopg.Connection) -> ClaimsAuditor:
    """Return an auditor of the claims of a world."""
    return ClaimsAuditor(session, world.engine.database_file, world.agency.folder)


def findings(world: World, session: psycopg.Connection, promises: Promises) -> list[str]:
    """Return what is wrong with cases and claims now."""
    of_cases = an_auditor(world, session).findings(promises.cases)
    return [*of_cases, *a_claims_auditor(world, session).findings(promises.claims)]


def findings_once_settled(world: World, session: psycopg.Connection, promises: Promises) -> list[str]:
    """Return what is still wrong once all work has settled."""
    limit = time.monotonic() + SETTLING_SECONDS
    while (found := findings(world, session, promises)) and time.monotonic() < limit:
        log.info("%d sentences, the first one: %s", len(found), found[0])
        time.sleep(2)
    return [*found, *an_auditor(world, session).of_documents(), *_of_the_product(world), *_of_people(world)]


def _of_the_product(world: World) -> Iterator[str]:
    """Yield what the product's own checks find: `tacite audit --all`, then `tacite ledger --check`."""
    audited = _tacite(world, "audit", "--all", "--json")
    if audited.returncode:
        broken = json.loads(audited.stdout or "{}").get("broken", [audited.stderr[-500:]])
        yield from (f"tacite audit: {each}" for each in broken)
    checked = _tacite(world, "ledger", "--check", "--json")
    if checked.returncode:
        yield f"tacite ledger --check: {checked.stdout[-500:]} {checked.stderr[-500:]}"


def _of_people(world: World) -> Iterator[str]:
    """Yield the files of the engine, of logs, mails and the agency that name a person of a claim in clear."""
    files = (each for each in world.folder.rglob("*") if each.is_file())
    searched = (each for each in files if not each.is_relative_to(world.postgres.data))
    yield from (f"{file} names people: {sorted(seen)[:3]}" for file, seen in in_clear(searched).items())


def _tacite(world: World, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "tacite.py", *arguments]
    return subprocess.run(command, env=os.environ | world.environment, cwd=ROOT, capture_output=True, text=True)
