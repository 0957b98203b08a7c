"""Style, font, icon, robots.txt, security.txt: at the addresses where browsers and others look for them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from models.settings import Settings
from starter.app import create_app
from starter.pages.components.assets import SINGLE, address, assets
from tests.starter.pages.browsing import open_browser


@pytest.fixture
async def themed(settings: Settings, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of a real installation with a design of its own, and a publisher."""
    (tmp_path / "theme").mkdir()
    (tmp_path / "theme" / "theme.css").write_text(":root { --accent: #000091 }", "utf-8")
    (tmp_path / "theme" / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", "utf-8")
    (tmp_path / "publisher.json").write_text('{"security": "mailto:cert@example.invalid"}', "utf-8")
    changes = {"profile": "production", "theme": tmp_path / "theme", "publisher": tmp_path / "publisher.json"}
    app = create_app(settings.model_copy(update=changes))
    async with app.router.lifespan_context(app), open_browser(app) as browser:
        yield browser


@pytest.mark.parametrize("name", [*SINGLE, "tacite.css"])
async def test_what_pages_need_is_served_by_us_and_kept_for_ever(name: str, browser: httpx.AsyncClient) -> None:
    answer = await browser.get(address(name))
    assert answer.status_code == 200
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.content == assets()[name].content


async def test_the_address_of_another_release_gives_the_file_of_now_and_is_not_kept(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/static/000000000000/tacite.css")
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.content == assets()["tacite.css"].content


@pytest.mark.parametrize("path", ["/static/x/unknown.css", "/static/x/..%2F__init__.py", "/theme/x/theme.css"])
async def test_nothing_else_is_served(path: str, browser: httpx.AsyncClient) -> None:
    assert (await browser.get(path)).status_code == 404


async def test_a_browser_that_cannot_decompress_gets_it_plain(browser: httpx.AsyncClient) -> None:
    plain = await browser.get(address("tacite.css"), headers={"Accept-Encoding": "identity"})
    packed = await browser.get(address("tacite.css"), headers={"Accept-Encoding": "gzip, br"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert plain.headers["vary"] == packed.headers["vary"] == "Accept-Encoding"
    assert int(packed.headers["content-length"]) < len(plain.content) // 2


async def test_the_icon_is_where_browsers_look_for_it(browser: httpx.AsyncClient) -> None:
    icon = await browser.get("/favicon.ico")
    assert icon.headers["content-type"] == "image/x-icon"
    assert icon.content.startswith(b"\0\0\1\0")
    assert "immutable" not in icon.headers["cache-control"]


async def test_search_engines_read_the_public_pages_of_a_real_site_only(
    browser: httpx.AsyncClient, themed: httpx.AsyncClient
) -> None:
    assert (await browser.get("/robots.txt")).text == "User-agent: *\nDisallow: /\n"
    real = (await themed.get("/robots.txt")).text
    assert "Disallow: /requests\n" in real
    assert "Disallow: /\n" not in real
    assert "noindex" in (await browser.get("/contact")).text
    assert "noindex" not in (await themed.get("/contact")).text
    assert "noindex" in (await themed.get("/sign-in")).text


async def test_researchers_are_told_where_to_write(browser: httpx.AsyncClient, themed: httpx.AsyncClient) -> None:
    lines = dict(line.split(": ", 1) for line in (await browser.get("/.well-known/security.txt")).text.splitlines())
    assert lines["Contact"] == "https://localhost/contact"
    assert lines["Canonical"] == "https://localhost/.well-known/security.txt"
    left = datetime.fromisoformat(lines["Expires"]) - datetime.now(UTC)
    assert timedelta(days=170) < left < timedelta(days=365)
    assert "Contact: mailto:cert@example.invalid\n" in (await themed.get("/.well-known/security.txt")).text


async def test_a_theme_comes_after_our_style_and_brings_its_logo(themed: httpx.AsyncClient) -> None:
    page = (await themed.get("/")).text
    own, theirs = page.index("/tacite.css"), page.index("/theme.css")
    assert own < theirs
    for each in page.split('"'):
        if each.startswith("/theme/"):
            answer = await themed.get(each)
            assert answer.status_code == 200
            assert answer.headers["cache-control"].endswith("immutable")
    assert "logo.svg" in page
