"""Visas: one call agrees to 500 claims; each is signed once by its process, with the certificate of who agreed."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

import httpx

from activities.documents.compose import Composer
from activities.documents.kinds.claim import DESCRIPTOR
from activities.signing.acts import DocumentSigner
from bench import claim_visas_figures
from bench.claim_visas_figures import Measured
from bench.documents import document_signer
from bench.figures import Figure
from bench.fixtures import BEGINS_IN_DAYS, DEPARTMENT, Employer, Scale, employers, file, worker, world
from bench.meters import Meter
from bench.register_watch import RegisterWatch, until
from cli.accounts import open_account, trial_delegation
from law.calendar import add_months
from law.pay import Circumstances
from local.world import World
from models.claim_files.claim import Claim, weeks_of_month
from models.claim_files.fields import Category
from models.claim_files.lines import ClaimLine
from models.engine.keys import BlindKey, MasterKey
from models.labels import Proof
from models.store.cases import authority_holds, silence
from models.store.claims import admission
from models.store.claims.sealed_people import PeopleKeys
from models.store.claims.staged_lines import stage_lines
from models.store.claims.staging import StagedClaim
from models.store.database import Database
from models.store.journal.events import SYSTEM, Actor

TITLE = "Visas of claims"
HOW = (
    "500 claims under review, of 25 authorizations (20 parts of one month each, an employee of every week of it), "
    "agreed to by one call of one agent, and by the same call again as soon as the first is answered. Each claim’s "
    "process wakes, has the claim composed, rendered and signed at level B-T, and queues its hand-over; the programs "
    "are the doors, the relay, one worker for `cases` and `agency` and one for `signing`. Then as many claims are "
    "signed one after the other by the same signer in a process of its own, rendering and time-stamp included: a plain "
    "signature. PostgreSQL is durable."
)
VISAS: Final = 500
PARTS_OF_ONE: Final = 20
"""Claims of one authorization and month."""
PARTS: Final = ("postgres", "engine", "authorities", "mail", "agency", "doors", "relay")
MAX_SECONDS: Final = 900.0
UNDER_REVIEW: Final = "SELECT count(*) FROM claim WHERE state = 'under_review'"
SIGNED: Final = "SELECT count(*) FROM document WHERE kind = 'claim' AND published_at IS NOT NULL"
SIGNATURES: Final = "SELECT count(*) FROM event WHERE type = 'claim_signed'"
EACH_ONCE: Final = (
    "SELECT count(*) FROM (SELECT FROM claim c JOIN event e ON e.subject = 'claim:' || c.id"
    " WHERE e.type = 'claim_signed' GROUP BY c.id HAVING count(*) = 1) once"
)


@dataclass
class Setup:
    """The running programs, the agent, and the claims under review."""

    running: World
    database: Database
    watch: RegisterWatch
    programs: dict[str, int]
    agent: str
    claims: list[str]


def run(scale: Scale) -> list[Figure]:
    """Agree to all claims, wait until each is signed, then sign as many in a plain loop."""
    number = scale(VISAS, 3)
    with _setup(number) as setup:
        meters = {name: Meter(pid) for name, pid in setup.programs.items()}
        began = time.perf_counter()
        first, again = _agree(setup), _agree(setup)
        until(lambda: setup.watch.count(SIGNED) >= number, "every signature", MAX_SECONDS)
        seconds = time.perf_counter() - began
        until(setup.watch.nothing_outstanding, "what follows signatures", MAX_SECONDS)
        spent = {name: meter.spent(seconds) for name, meter in meters.items()}
        signatures, once = setup.watch.count(SIGNATURES), setup.watch.count(EACH_ONCE)
        plain, processor = _sign_plainly(setup)
    return claim_visas_figures.build_figures(
        Measured(number, first, again, seconds, spent, signatures, once, plain, processor)
    )


@contextmanager
def _setup(number: int) -> Iterator[Setup]:
    with ExitStack() as stack:
        running = stack.enter_context(world(PARTS))
        database = stack.enter_context(Database(running.postgres.dsn, size=4))
        watch = RegisterWatch(running.postgres.dsn)
        stack.callback(watch.close)
        signing = stack.enter_context(worker(running, "signing", "signing"))
        cases = stack.enter_context(worker(running, "cases", "cases", "agency"))
        agent = open_account(
            database,
            "agent",
            "Nadia Perrin",
            "agent@tacite.invalid",
            departments=[DEPARTMENT],
            delegation=trial_delegation("agent", [DEPARTMENT]),
        )
        claims = _claims(running, database, number)
        until(lambda: _is_reviewed(watch, number), "every control and receipt", MAX_SECONDS)
        own = {"doors": running.doors, "relay": running.relay, "worker-cases": cases, "worker-signing": signing}
        others = {"engine": running.engine.pid, "postgres": running.postgres.pid}
        yield Setup(running, database, watch, {n: p.pid for n, p in own.items()} | others, agent, claims)


def _is_reviewed(watch: RegisterWatch, number: int) -> bool:
    """Whether all claims are under review, and nothing of them or of their authorizations is left to sign or send."""
    issued = watch.documents("claim_receipt") == number and watch.documents("attestation") == -(-number // PARTS_OF_ONE)
    return issued and watch.count(UNDER_REVIEW) == number and watch.nothing_outstanding()


def _claims(running: World, database: Database, number: int) -> list[str]:
    """Admit claims, as employers whose authority is proven do; return their ids."""
    keys, claims = PeopleKeys(MasterKey(running.master_key), BlindKey(running.blind_key)), list[str]()
    for by in employers(database, -(-number // PARTS_OF_ONE)):
        reference = _authorized(database, keys.master, by)
        parts = range(1, min(PARTS_OF_ONE, number - len(claims)) + 1)
        claims += [_claim(database, keys, by, reference, part) for part in parts]
    return claims


def _authorized(database: Database, master: MasterKey, by: Employer) -> str:
    """File a request that the silence has accepted; returns its reference."""
    with database.begin() as connection:
        authority_holds.prove(connection, by.siret, by.account_id, Proof.TRIAL, SYSTEM)
    reference = file(database, master, by, datetime.now(UTC) - timedelta(minutes=1))
    with database.begin() as connection:
        silence.establish(connection, reference)
    return reference


def _claim(database: Database, keys: PeopleKeys, by: Employer, reference: str, part: int) -> str:
    month = add_months((datetime.now(UTC).date() + timedelta(days=BEGINS_IN_DAYS)).replace(day=1), 1)
    stated = StagedClaim(reference, month, part, account_id=by.account_id)
    lines = [_line(part, at, week) for at, week in enumerate(weeks_of_month(month)[1:-1], start=1)]
    checked = Claim(month=month, where=Circumstances(DEPARTMENT, headcount=42))
    with database.begin() as connection:
        claim_id = stage_lines(connection, stated, lines, checked, keys)
        admission.admit(connection, claim_id, Actor(role="employer", account_id=by.account_id))
    return claim_id


def _line(person: int, line: int, week: date) -> ClaimLine:
    """Return a line of an employee who does not exist, idle for a whole week."""
    nir = f"18006751{person:05}"
    return ClaimLine(
        line=line,
        nir=f"{nir}{97 - int(nir) % 97:02}",
        family_name="Fictif",
        usage_name="",
        first_name="Anne",
        category=Category.EMPLOYEE,
        mode="02",
        contract_hours=Decimal(35),
        week=week,
        worked=Decimal(0),
        idle=Decimal(35),
        hourly_gross=Decimal(15) + Decimal(person) / 10,
        apprentice=False,
    )


def _agree(setup: Setup) -> dict[str, int]:
    """Agree to all claims in one call; returns how often each result was answered."""
    answer = httpx.post(
        f"{setup.running.site}/api/v1/claims/visas",
        content=json.dumps({"ids": setup.claims}),
        headers={"Authorization": f"Bearer {setup.agent}", "Content-Type": "application/json"},
        timeout=MAX_SECONDS,
    )
    answer.raise_for_status()
    results = [each["result"] for each in answer.json()["items"]]
    return {result: results.count(result) for result in results}


def _sign_plainly(setup: Setup) -> tuple[float, float]:
    """Sign each claim again, one after the other; returns seconds, and seconds of processor of this process."""
    signer, composer = document_signer(setup.running), Composer(setup.running.site, "production")
    began, spent = time.perf_counter(), time.process_time()
    for claim_id in setup.claims:
        _sign_again(setup.database, signer, composer, claim_id)
    return time.perf_counter() - began, time.process_time() - spent


def _sign_again(database: Database, signer: DocumentSigner, composer: Composer, claim_id: str) -> bytes:
    assert DESCRIPTOR.power
    with database.begin() as connection:
        reference = connection.exec_driver_sql("SELECT reference FROM claim WHERE id = %s", (claim_id,)).scalar_one()
        case = composer.case_file(connection, reference)
        power = DESCRIPTOR.power(connection, claim_id)
        by = signer.signatory(case.department, case.made_at.date(), power.certificate, power.decider)
        content = DESCRIPTOR.compose(replace(case, signatory=by), claim_id)
    return signer.sign(content, case.made_at, by, power.decider)
