"""The pages linked from documents, mails and problems: plain, in French, revealing nothing."""

import re
from collections.abc import AsyncIterator, Iterator
from html.parser import HTMLParser
from itertools import pairwise
from typing import get_args

import httpx
import pytest
from fastapi import FastAPI

from local.postgres import Postgres
from models.engine.process_kind import Launch, ProcessKind
from models.errors import Slug
from models.messages.verification import Verification
from models.settings import Settings
from models.store.database import Database
from models.store.operations import jobs
from starter.app import create_app
from starter.engine import EngineClient
from starter.http.problems import TITLES
from starter.pages.public.problem_advice import ADVICE
from tests.builders import Credentials, a_draft, a_filing, employer
from tests.cases import SENTINELS
from tests.starter.conftest import one_register
from tests.starter.files import a_pdf

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
NAME = "secret-de-jeanne.pdf"
UNKNOWN = "034ZZZZ99"
NO_DRAFT = "0196d0a0-0000-7000-8000-000000000000"


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture
def boss(database: Database) -> Credentials:
    return employer(database)


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://door", headers=BROWSER) as client:
        yield client


class Page(HTMLParser):
    """What assistive technology reads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, *names: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.tags if tag in names]


ADDRESSES = [
    "/",
    "/verification",
    "/problems",
    f"/requests/{UNKNOWN}",
    f"/desk/requests/{UNKNOWN}00",
    f"/drafts/{NO_DRAFT}",
    "/password",
    "/password?code=ABCDE",
    "/invitation",
    "/problems/deadline-passed",
    "/nowhere",
]


@pytest.mark.parametrize("address", ADDRESSES)
async def test_a_page_is_french_structured_and_loads_nothing_of_others(
    address: str, browser: httpx.AsyncClient
) -> None:
    answer = await browser.get(address)
    page = Page(answer.text)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert page.all("html") == [{"lang": "fr"}]
    assert [len(page.all(tag)) for tag in ("h1", "main", "title", "header", "footer")] == [1] * 5
    assert page.all("script", "style", "iframe", "object") == []
    assert not any(name.startswith("on") or name == "style" for _, attrs in page.tags for name in attrs)
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self';")
    assert "script" not in policy
    assert "unsafe" not in policy
    for each in page.all("a", "link"):
        target = each["href"] or ""
        assert target.startswith(("/", "#"))
        if not target.startswith(("/api", "#")):
            assert (await browser.get(target)).status_code == 200, target
    assert page.all("a")[0]["href"] == "#contenu"
    assert [each["id"] for each in page.all("main")] == ["contenu"]


@pytest.mark.parametrize("name", ["tacite.css", "tacite.svg", "passkey.js", "public-sans.ttf"])
async def test_what_pages_need_is_served_by_us(name: str, browser: httpx.AsyncClient) -> None:
    answer = await browser.get(f"/static/{name}")
    assert answer.status_code == 200
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert (await browser.get("/static/..%2F__init__.py")).status_code == 404


async def test_a_landing_page_is_the_same_for_a_known_and_an_unknown_case(
    browser: httpx.AsyncClient, boss: Credentials
) -> None:
    filed = await browser.post("/api/v1/requests", json=a_filing(), headers=boss.headers)
    draft = await browser.post("/api/v1/drafts", json=a_draft(), headers=boss.headers)
    for place, known, unknown in (
        ("requests", filed.json()["reference"], UNKNOWN),
        ("desk/requests", filed.json()["reference"], UNKNOWN),
        ("drafts", draft.json()["id"], NO_DRAFT),
    ):
        pages = [await browser.get(f"/{place}/{each}", headers=boss.headers) for each in (known, unknown)]
        assert [each.status_code for each in pages] == [200, 200]
        assert pages[0].text.replace(known, unknown) == pages[1].text
        assert f"https://localhost/api/v1/{place}/{unknown}" in pages[1].text
        assert "jamais envoyés par courriel" in pages[1].text
        assert not any(each in pages[0].text for each in (*SENTINELS, boss.siret))


@pytest.mark.parametrize(
    "address",
    [
        "/requests/034AQH",
        "/requests/<script>",
        "/desk/requests/999AQHV02",
        "/drafts/x",
        "/problems/nothing",
        "/problems/../x",
        "/static/x",
    ],
)
async def test_a_malformed_address_is_a_page_not_found_that_repeats_nothing(
    address: str, browser: httpx.AsyncClient
) -> None:
    answer = await browser.get(address)
    assert answer.status_code == 404
    assert "Page introuvable" in answer.text
    assert "<script" not in answer.text
    assert "999AQHV02" not in answer.text


async def test_software_is_told_problems_and_so_is_every_call_of_the_api(browser: httpx.AsyncClient) -> None:
    for address, headers in (
        ("/nowhere", {"Accept": "application/json"}),
        ("/api/v1/nowhere", BROWSER),
        ("/api/v1/requests", BROWSER),
    ):
        answer = await browser.get(address, headers=headers)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["type"].startswith("/problems/")
    wrong = await browser.put("/verification")
    assert (wrong.status_code, wrong.headers["content-type"]) == (405, "text/html; charset=utf-8")
    assert "POST" in wrong.headers["allow"] or "GET" in wrong.headers["allow"]


def test_every_problem_has_its_page_and_every_page_its_problem() -> None:
    assert set(ADVICE) == set(TITLES)
    assert set(get_args(Slug)) <= set(ADVICE)


@pytest.mark.parametrize("slug", ADVICE)
async def test_a_problem_says_what_it_means_and_what_to_do(slug: str, browser: httpx.AsyncClient) -> None:
    answer = await browser.get(f"/problems/{slug}")
    text = answer.text.replace("\u00a0", " ")
    assert answer.status_code == 200
    assert str(TITLES[slug][0]) in text
    assert "Que faire ?" in text
    assert all(len(each) > 30 and each.endswith(".") for each in ADVICE[slug])


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
        GOOD.model_copy(update={"registered": False, "problems": (REGISTER_UNAWARE,), "level": "B-LTA"}),
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
        await browser.post(
            "/verification", content=b"x", headers={"Content-Type": "multipart/form-data; boundary=b"}
        ),
    ):
        page = Page(answer.text)
        assert answer.status_code == 422
        assert "<title>Erreur" in answer.text
        (summary,) = [attrs for attrs in page.all("div") if "autofocus" in attrs]
        assert summary["role"] == "alert"
        assert {"href": "#file"} in page.all("a")
        (field,) = page.all("input")
        assert (field["aria-invalid"], field["aria-describedby"]) == ("true", "hint wrong")
        assert [each["for"] for each in page.all("label")] == [field["id"]]


async def test_a_document_too_large_or_that_is_no_form_is_refused_in_words(
    browser: httpx.AsyncClient,
) -> None:
    large = await send(browser, b"x" * 400_000)
    assert large.status_code == 413
    assert "trop volumineux" in large.text
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


async def test_only_a_real_installation_goes_without_its_warning(
    browser: httpx.AsyncClient, settings: Settings
) -> None:
    assert "Installation d’essai" in (await browser.get("/")).text
    real = create_app(settings.model_copy(update={"profile": "production"}))
    async with (
        real.router.lifespan_context(real),
        httpx.AsyncClient(transport=httpx.ASGITransport(real), base_url="http://door") as client,
    ):
        assert "Installation d’essai" not in (await client.get("/")).text
