"""The code of a document: what it tells anybody, that nothing else is told apart, and how many may be tried."""

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from local.postgres import Postgres
from models.document_codes import code_digest, new_code
from models.store.cases import documents
from models.store.cases.documents import Sealed
from models.store.database import Database
from models.store.people import attempts, enrolments
from tests.cases import AUTHOR, ask_to_enrol, file_a_case
from tests.starter.conftest import one_register

SIGNED = datetime(2026, 12, 1, 23, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


def a_document(database: Database, code: str, *, published: bool = True) -> str:
    """A receipt that bears a code; returns its case."""
    reference = file_a_case(database)
    stated = {"reference": reference, "kind": "receipt", "subject": "1", "number": f"{reference}00"}
    own = {"serial": f"{reference}00-RD1", "code_digest": code_digest(code), "sha256": code_digest(code).hex()}
    with database.begin() as connection:
        documents.store(connection, Sealed.model_validate(stated | own | {"bytes": b"%PDF", "signed_at": SIGNED}))
        if published:
            documents.publish(connection, reference, "1", SIGNED)
    return reference


async def test_a_code_says_kind_number_and_day_and_names_nobody(browser: httpx.AsyncClient, database: Database) -> None:
    code = new_code()
    reference = a_document(database, code)
    answer = await browser.get(f"/verification/{code.lower()}")
    assert answer.status_code == 200
    assert "Récépissé de dépôt" in answer.text
    assert f"{reference}00-RD1" in answer.text
    assert "2 décembre 2026" in answer.text.replace("\N{NO-BREAK SPACE}", " ")  # the legal hour of the département
    with database.begin() as connection:
        case = documents.list_of(connection, reference, published_only=True)[0]
    assert not any(word in answer.text for word in (AUTHOR.split(",")[0], case.sha256, "siret"))


async def test_codes_that_lead_nowhere_are_not_told_apart(browser: httpx.AsyncClient, database: Database) -> None:
    hidden = new_code()
    a_document(database, hidden, published=False)
    answers = [await browser.get(f"/verification/{code}") for code in (hidden, new_code(), "x")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert "ne correspond à aucun document" in answers[0].text


async def test_a_receipt_of_enrolment_has_a_code_too(browser: httpx.AsyncClient, database: Database) -> None:
    code, firm = new_code(), ask_to_enrol(database)
    with database.begin() as connection:
        own = {"serial": "X-AD-1", "code_digest": code_digest(code)}
        assert enrolments.store_receipt(connection, firm.id, b"%PDF", "0" * 64, SIGNED, **own)  # type: ignore[arg-type]
    answer = await browser.get(f"/verification/{code}")
    assert "Récépissé d’adhésion" in answer.text
    assert "X-AD-1" in answer.text


async def test_a_typed_code_leads_to_its_page(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/verification/code", params={"code": " abcde fghjk-lmnpq "})
    assert (answer.status_code, answer.headers["location"]) == (303, "/verification/ABCDEFGHJKLMNPQ")
    assert (await browser.get("/verification/code")).headers["location"] == "/verification"


async def test_only_codes_that_lead_nowhere_are_counted_and_too_many_wait(
    browser: httpx.AsyncClient, database: Database
) -> None:
    code = new_code()
    a_document(database, code)
    most = attempts.LIMITS["verification"].max_attempts
    for _ in range(most + 1):
        assert (await browser.get(f"/verification/{code}")).status_code == 200
    answers = [await browser.get(f"/verification/{new_code()}") for _ in range(most + 1)]
    assert answers[-1].status_code == 429
    assert "Trop de tentatives" in answers[-1].text
