"""Odd bodies at the doors: each is answered, never by a fault of ours, and no refusal repeats what was sent."""

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Final

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from sqlalchemy import text

from local.postgres import Postgres
from models.store.database import Database
from starter.app import create_app
from tests.builders import Credentials, a_completion_request, a_draft, a_filing, a_grant, a_refusal, employer, staff
from tests.cases import an_enrolment
from tests.models.store.claims.reviewed import CLAIM_GROUNDS
from tests.starter.claims import waiting
from tests.starter.conftest import a_setting, one_register
from tests.starter.http.json_bodies import DIGITS, MARK, bodies
from tests.starter.people import unhurry

Post = Callable[[str, bytes, dict[str, str]], httpx.Response]
JSON: Final = {"Content-Type": "application/json"}
EXAMPLES: Final = 30
"""Bodies for each door: the same ones at each run."""
CASE: Final = "/requests/{reference}"
COMMITMENT: Final = {"kind": "keep_jobs", "detail": "Aucun licenciement.", "until_on": "2027-06-30"}
OPINION: Final = {
    "opinion": "favourable",
    "given_on": "2026-11-20",
    "file": "00000000-0000-0000-0000-000000000000",
}
FILING: Final = a_filing(
    placement_on="2026-12-01",
    works_council={"delegates": OPINION},
    commitments=[COMMITMENT],
    other_employees=True,
    direct_payment=False,
    law_on="2026-12-01",
) | {"siret": None}
GRANT: Final = a_grant(
    period={"start_on": "2026-12-01", "end_on": "2027-01-31"},
    employees=40,
    hours="11000.5",
    grounds=["Article R. 5122-9."],
    commitments=[COMMITMENT],
)
INSTRUCTION: Final[dict[str, object]] = {
    "departments": ["34"],
    "ceiling": "5000.50",
    "from_on": "2149-01-01",
    "to_on": "2149-12-31",
}
DOORS: Final[dict[str, tuple[str, str, dict[str, object]]]] = {
    "filing": ("employer", "/requests", FILING),
    "filing at its least": ("employer", "/requests", a_filing()),
    "draft": ("employer", "/drafts", a_draft(siret=None, law_on="2026-12-01")),
    "grant": ("head", f"{CASE}/decision", GRANT),
    "refusal": ("head", f"{CASE}/decision", a_refusal()),
    "pieces": ("head", f"{CASE}/completion-requests", a_completion_request()),
    "paper": ("head", "/paper-requests", {"received_at": "2014-06-01T10:00:00+02:00", "request": FILING}),
    "visas": ("head", "/claims/visas", {"ids": ["00000000-0000-0000-0000-000000000000"]}),
    "refusal of a claim": ("head", "/claims/{claim}/refusal", {"grounds": [*CLAIM_GROUNDS]}),
    "instruction": ("head", "/standing-instructions", INSTRUCTION),
    "enrolment": ("", "/enrolments", an_enrolment()),
    "activation": ("", "/enrolments/activation", {"code": "AAAA-BBBB-CCCC", "password": "une longue phrase à soi"}),
    "session": ("", "/session", {"login": "a@tacite.invalid", "password": "une longue phrase", "totp": "123456"}),
}
"""What is sent, by whom and where."""


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture(scope="module")
def post(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    """Post a body; hypothesis calls from outside the loop that the application runs in."""
    app = create_app(a_setting(database, tmp_path_factory.mktemp("doors")))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    with asyncio.Runner() as runner:
        living = app.router.lifespan_context(app)
        runner.run(living.__aenter__())
        client = httpx.AsyncClient(transport=transport, base_url="http://door/api/v1")
        yield lambda path, body, headers: runner.run(client.post(path, content=body, headers=headers))
        runner.run(client.aclose())
        runner.run(living.__aexit__(None, None, None))


@pytest.fixture(scope="module")
def callers(database: Database) -> dict[str, Credentials]:
    return {"employer": employer(database), "head": staff(database, "head")}


@pytest.mark.parametrize("name", DOORS)
def test_an_odd_body_is_refused_without_being_repeated(
    name: str,
    post: Post,
    callers: dict[str, Credentials],
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    unhurry(database, monkeypatch)
    who, path, valid = DOORS[name]
    filed = post("/requests", json.dumps(a_filing()).encode(), JSON | employer(database).headers)
    [claim] = waiting(database, 1) if "{claim}" in path else [None]
    address = path.format(reference=filed.json()["reference"], claim=claim and claim.id)
    headers = JSON | (callers[who].headers if who else {})

    @given(body=bodies(valid))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def probe(body: bytes) -> None:
        with database.begin() as connection:
            connection.execute(text("DELETE FROM attempt"))
        answer = post(address, body, headers)
        if answer.status_code < 300:  # what remains is valid
            return
        assert answer.status_code < 500, (body[:400], answer.text[:400])
        assert answer.headers["Content-Type"] == "application/problem+json", (body[:400], answer.text[:400])
        said = f"{answer.text} {answer.headers}".lower()
        assert not any(mark.lower() in said for mark in (MARK, DIGITS)), (body[:400], answer.text[:400])

    probe()
