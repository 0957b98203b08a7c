"""The page that judges a document: its verdict in plain French, and what it refuses."""

from collections.abc import Iterator

import httpx
import pytest

from local.postgres import Postgres
from models.engine.process_kind import Launch, ProcessKind
from models.examination.shapes import MAX_DOCUMENT_BYTES
from models.messages.verification import Verification
from models.store.database import Database
from models.store.operations import jobs
from starter.engine import EngineClient
from tests.starter.conftest import one_register
from tests.starter.files import a_pdf
from tests.starter.pages.browsing import Page

NAME = "secret-de-jeanne.pdf"


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


async def send(browser: httpx.AsyncClient, content: bytes) -> httpx.Response:
    return await browser.post("/verification", files={"file": (NAME, content, "application/pdf")})


GOOD = Verification(
    valid=True,
    level="B-T",
    signer="Cachet <b>Tacite</b>",
    signed_at="2026-12-01T08:30:00Z",  # type: ignore[arg-type]
    integrity=True,
    registered=True,
    case_reference="974AQHV02",
)


REGISTER_UNAWARE = "Le registre ne connaît pas ce document."


VERDICTS = {
    "authentic": (
        GOOD,
        [
            "Ce document est authentique",
            "Cachet &lt;b&gt;",
            "12 h 30",
            "heure de La Réunion",
            "974AQHV02",
            "B-T",
        ],
    ),
    "unregistered": (
        GOOD.model_copy(
            update={"valid": False, "registered": False, "problems": (REGISTER_UNAWARE,), "level": "B-LTA"}
        ),
        ["le registre ne connaît pas", REGISTER_UNAWARE, "archivée"],
    ),
    "altered": (
        Verification(
            valid=False,
            signer="Préfet de Nulle-Part",
            registered=False,
            problems=("Le document ou sa signature a été altéré.", REGISTER_UNAWARE),
        ),
        ["ne peut pas être tenu pour authentique", "altéré", REGISTER_UNAWARE, "non établi"],
    ),
    "odd case": (GOOD.model_copy(update={"case_reference": "<x>"}), ["heure de Paris", "aucun"]),
    "no such place": (GOOD.model_copy(update={"case_reference": "099AQHV02"}), ["heure de Paris"]),
}


@pytest.mark.parametrize("name", VERDICTS)
async def test_a_verdict_is_told_in_plain_french(
    name: str, browser: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdict, expected = VERDICTS[name]

    async def judged(_engine: EngineClient, _kind: ProcessKind, launch: Launch, _timeout: object) -> None:
        with database.begin() as connection:
            jobs.finish(connection, launch.subject, verdict.model_dump(mode="json"))

    monkeypatch.setattr(EngineClient, "run", judged)
    answer = await send(browser, a_pdf())
    text = answer.text.replace("\u00a0", " ")
    assert answer.status_code == 200
    assert [each for each in expected if each not in text] == []
    assert not any(each in text for each in (NAME, "Nulle-Part", "<b>", "<x>"))
    called = await browser.post("/api/v1/verifications", files={"file": (NAME, a_pdf())})
    assert Verification.model_validate(called.json()) == verdict


async def test_nothing_sent_is_an_error_that_leads_to_the_field(browser: httpx.AsyncClient) -> None:
    for answer in (
        await send(browser, b""),
        await browser.post("/verification", files={"piece": (NAME, b"x")}),
        await browser.post("/verification", content=b"x", headers={"Content-Type": "multipart/form-data; boundary=b"}),
    ):
        page = Page(answer.text)
        assert answer.status_code == 422
        assert "<title>Erreur" in answer.text
        (summary,) = [attrs for attrs in page.all("div") if "autofocus" in attrs]
        assert summary["role"] == "alert"
        assert {"href": "#file"} in page.all("a")
        field = page.all("input")[0]
        assert (field["aria-invalid"], field["aria-describedby"]) == ("true", "file-hint file-wrong")
        assert field["id"] in [each["for"] for each in page.all("label")]


async def test_a_document_too_large_or_that_is_no_form_is_refused_in_words(
    browser: httpx.AsyncClient,
) -> None:
    large = await send(browser, b"x" * (MAX_DOCUMENT_BYTES + 1))
    assert large.status_code == 413
    assert "aucun document de ce service n’est aussi volumineux" in large.text
    other = await browser.post("/verification", json={})
    assert other.status_code == 415


async def test_without_the_engine_the_page_says_so_and_keeps_nothing(
    browser: httpx.AsyncClient, database: Database
) -> None:
    answer = await send(browser, a_pdf())
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "momentanément impossible" in answer.text
    assert NAME not in answer.text
    with database.begin() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM errand").scalar() == 0
