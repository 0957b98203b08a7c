"""A browser in which an agent is signed in."""

from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from fastapi import FastAPI

from models.settings import Settings
from models.store.database import Database
from models.store.people import sessions
from starter.auth import cookies
from tests.builders import Credentials
from tests.starter.pages.agent import acting
from tests.starter.pages.browsing import SAME_SITE, open_browser

Desk = Callable[[Credentials], httpx.AsyncClient]
"""Opens a browser in which somebody is signed in."""
OpenDesk = Callable[[Credentials], acting.Desk]
"""The same, with the forms of its pages."""


@pytest.fixture
async def signed_in(app: FastAPI, database: Database, settings: Settings) -> AsyncIterator[Desk]:
    opened: list[httpx.AsyncClient] = []

    def enter(who: Credentials) -> httpx.AsyncClient:
        with database.begin() as connection:
            secret = sessions.open_session(connection, who.account_id, "oidc", cookies.SESSION_LIFETIME)
        name = cookies.name(settings.site)
        opened.append(open_browser(app, {"Cookie": f"{name}={secret}", "Sec-Fetch-Site": "same-origin"}))
        return opened[-1]

    yield enter
    for each in opened:
        await each.aclose()


@pytest.fixture
async def open_desk(app: FastAPI, database: Database) -> AsyncIterator[OpenDesk]:
    opened: list[httpx.AsyncClient] = []

    def enter(who: Credentials) -> acting.Desk:
        with database.begin() as connection:
            secret = sessions.open_session(connection, who.account_id, "totp", cookies.SESSION_LIFETIME)
        opened.append(open_browser(app, SAME_SITE))
        return acting.Desk(opened[-1], secret)

    yield enter
    for each in opened:
        await each.aclose()


@pytest.fixture
def desk(open_desk: OpenDesk, agent: Credentials) -> acting.Desk:
    """The browser of an agent of Hérault who may sign."""
    return open_desk(agent)
