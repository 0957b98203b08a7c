"""One world, one browser: real pages, as people see them. The whole session shares both (the world takes 15 s)."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from local.world import World
from models.store.database import Database
from models.store.people import sessions
from starter.auth import cookies
from tests.browser.screens import CHROMIUM, ENVIRONMENT, FLAGS, WIDTHS, Screens, Unexamined
from tests.browser.windows import Windows

OpenPage = Callable[..., Awaitable[Page]]
"""`await open_page()` for a visitor, `open_page(account_id)` for somebody signed in.

`script=False`: without scripts; `width`: of the window; `strong=True`: signed in with a second factor; `fresh=True`: in
a window that no test has used and none will.
"""
IN_EVERY_WAY: Final = pytest.mark.parametrize(("script", "width"), [*product((True, False), WIDTHS)])
"""With and without scripts, on a phone and on a wide screen: what people use must work in each way."""
LAST: Final = "test_every_page.py"
"""What was examined is compared with the whole site once everything else has run."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name == LAST)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with World(tmp_path_factory.mktemp("browsed"), headless=True, durable=False) as running:
        yield running
        running.worker.kill()  # it would wait for the acts of processes that nobody looks at any more


@pytest.fixture(scope="session")
def database(world: World) -> Iterator[Database]:
    with Database(world.postgres.dsn, size=4) as opened:
        yield opened


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS), env=ENVIRONMENT)
        yield opened
        await opened.close()


@pytest.fixture(scope="session")
def windows(browser: Browser, world: World, screens: Screens) -> Windows:
    return Windows(browser, world.site, screens)


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(world: World, database: Database, windows: Windows) -> AsyncIterator[OpenPage]:
    """Open a window for somebody; addresses are those of the site."""
    used: list[tuple[Page, bool, bool]] = []

    async def opened(
        account_id: str = "",
        *,
        script: bool = True,
        width: int = WIDTHS[-1],
        strong: bool = False,
        fresh: bool = False,
    ) -> Page:
        page = await windows.open(width, script=script, fresh=fresh)
        used.append((page, script, fresh))
        if account_id:
            with database.begin() as connection:
                secret = sessions.open_session(
                    connection, account_id, "passkey" if strong else "password", cookies.SESSION_LIFETIME
                )
            await page.context.add_cookies([{"name": cookies.name(world.site), "value": secret, "url": world.site}])
        return page

    yield opened
    for page, script, fresh in used:
        await windows.take_back(page, script=script, fresh=fresh)


@pytest.fixture(scope="session")
def screens() -> Screens:
    folder = Path(os.environ["SCREENS"]) if "SCREENS" in os.environ else None
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    return Screens(folder)


@pytest.fixture
def look(script: bool, width: int, screens: Screens) -> Screens:
    """For tests that run in every way: examines pages in one of them."""
    return screens if script and width == WIDTHS[-1] else Unexamined()
