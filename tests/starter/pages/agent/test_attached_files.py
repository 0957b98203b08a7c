"""Attached files are read page by page beside the case; each reading is logged, and only of files of that case."""

from collections.abc import Iterator
from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from local.postgres import Postgres
from models.settings import Settings
from models.store.database import Database
from models.store.people import sessions
from starter.app import create_app
from starter.auth import cookies
from tests.builders import Credentials, employer, staff
from tests.starter.conftest import NOBODY, one_register
from tests.starter.pages.agent.conftest import Desk
from tests.starter.pages.agent.test_desk import file, plain
from tests.starter.pages.browsing import UNKNOWN, Page, open_browser
from tests.starter.people import Door, readings


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


def a_pdf(pages: int = 2) -> bytes:
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page()
        written = BytesIO()
        pdf.save(written)
        return written.getvalue()


async def sent(door: Door, who: Credentials, content: bytes, name: str = "avis.pdf") -> str:
    answer = await door(who).post("/files", files={"file": (name, content)})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def with_opinion(door: Door, who: Credentials, content: bytes, name: str = "avis.pdf") -> tuple[str, str]:
    """File a request whose opinion is this file; returns the reference and the id of the file."""
    file_id = await sent(door, who, content, name)
    opinion = {"opinion": "favourable", "given_on": "2026-11-20", "file": file_id}
    return await file(door, who, works_council=opinion, headcount=60), file_id


async def test_a_file_is_read_page_by_page_beside_the_request(
    signed_in: Desk, door: Door, boss: Credentials, agent: Credentials, database: Database
) -> None:
    reference, file_id = await with_opinion(door, boss, a_pdf())
    desk, address = signed_in(agent), f"/desk/requests/{reference}/files/{file_id}"
    assert address in (await desk.get(f"/desk/requests/{reference}")).text
    first = await desk.get(address)
    words = plain(first)
    for each in ("Avis du comité social et économique", "Page 1 sur 2", "Heures demandées", "Télécharger l’original"):
        assert each in words, each
    (shown,) = [each for each in Page(first.text).all("img") if "/pages/" in str(each["src"])]
    assert "Avis du comité social et économique" in str(shown["alt"])
    image = await desk.get(str(shown["src"]))
    assert (image.status_code, image.headers["content-type"]) == (200, "image/png")
    assert (image.headers["cache-control"], image.headers["x-content-type-options"]) == ("no-store", "nosniff")
    assert image.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert Image.open(BytesIO(image.content)).size == (1240, 1605)
    (following,) = [each["href"] for each in Page(first.text).all("a") if each.get("rel") == "next"]
    assert "Page 2 sur 2" in plain(await desk.get(f"{following}"))
    assert readings(database, agent).count(f"{reference}/{file_id}") == 3


async def test_the_original_is_only_ever_downloaded(
    signed_in: Desk, door: Door, boss: Credentials, agent: Credentials
) -> None:
    content = a_pdf(1)
    reference, file_id = await with_opinion(door, boss, content)
    shown = await signed_in(agent).get(f"/desk/requests/{reference}/files/{file_id}")
    assert f'href="/api/v1/files/{file_id}"' in shown.text
    original = await signed_in(agent).get(f"/api/v1/files/{file_id}")
    assert original.content == content
    assert original.headers["content-disposition"].startswith("attachment;")
    assert original.headers["content-security-policy"] == "sandbox"
    assert original.headers["x-content-type-options"] == "nosniff"


async def test_a_table_is_shown_as_text(signed_in: Desk, door: Door, boss: Credentials, agent: Credentials) -> None:
    table = b"nom;heures\n=HYPERLINK(0);<b>12</b>\nJean;10\n"
    reference, file_id = await with_opinion(door, boss, table, "a.csv")
    shown = await signed_in(agent).get(f"/desk/requests/{reference}/files/{file_id}")
    assert "<td>=HYPERLINK(0)</td><td>&lt;b&gt;12&lt;/b&gt;</td>" in shown.text
    assert (await signed_in(agent).get(f"/desk/requests/{reference}/files/{file_id}/pages/1.png")).status_code == 404


async def test_a_file_is_read_in_its_case_by_whoever_may_read_it_alone(
    signed_in: Desk, door: Door, boss: Credentials, agent: Credentials, database: Database
) -> None:
    reference, file_id = await with_opinion(door, boss, a_pdf(1))
    other, loose = await file(door, boss), await sent(door, boss, a_pdf(1))
    foreign = staff(database, "agent", "75")
    for who, case, what in (
        (agent, other, file_id),
        (agent, reference, loose),
        (agent, reference, "x"),
        (agent, UNKNOWN, file_id),
        (foreign, reference, file_id),
        (employer(database), reference, file_id),
    ):
        for page in ("", "/pages/1.png"):
            answer = await signed_in(who).get(f"/desk/requests/{case}/files/{what}{page}")
            assert answer.status_code in (403, 404), (case, what, page)
    assert readings(database, foreign) == []


@pytest.mark.parametrize("page", ["0", "3", "-1", "5001", "x", "1%00"])
async def test_a_page_that_there_is_not_is_not_found(
    page: str, signed_in: Desk, door: Door, boss: Credentials, agent: Credentials
) -> None:
    reference, file_id = await with_opinion(door, boss, a_pdf())
    desk, address = signed_in(agent), f"/desk/requests/{reference}/files/{file_id}"
    assert (await desk.get(f"{address}/pages/{page}.png")).status_code in (404, 422)
    assert (await desk.get(f"{address}?page={page}")).status_code in (200, 422)


async def test_while_nobody_draws_the_case_and_the_original_are_readable(
    settings: Settings, door: Door, boss: Credentials, agent: Credentials, database: Database
) -> None:
    reference, file_id = await with_opinion(door, boss, a_pdf(1))
    made = create_app(settings.model_copy(update={"examining": NOBODY}))
    with database.begin() as connection:
        secret = sessions.open_session(connection, agent.account_id, "oidc", cookies.SESSION_LIFETIME)
    cookie = {"Cookie": f"{cookies.name(settings.site)}={secret}"}
    async with made.router.lifespan_context(made), open_browser(made, cookie) as desk:
        away = await desk.get(f"/desk/requests/{reference}/files/{file_id}")
        assert (away.status_code, "retry-after" in away.headers) == (503, True)
        assert (await desk.get(f"/desk/requests/{reference}")).status_code == 200
        assert (await desk.get(f"/api/v1/files/{file_id}")).status_code == 200
