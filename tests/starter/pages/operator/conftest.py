"""Browsers of operators and auditors."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import httpx
import pytest
from fastapi import FastAPI

from models.store.database import Database
from models.store.people import sessions
from starter.auth import cookies
from tests.builders import Credentials
from tests.starter.pages.browsing import SAME_SITE, open_browser
from tests.starter.people import COOKIE

Browse = Callable[..., httpx.AsyncClient]
"""`browse(who)`, or `browse(who, application)` for one of other settings."""


@pytest.fixture
async def browse(app: FastAPI, database: Database) -> AsyncIterator[Browse]:
    """Open a browser in which somebody is signed in."""
    async with AsyncExitStack() as stack:

        def opened(who: Credentials, of: FastAPI = app) -> httpx.AsyncClient:
            with database.begin() as connection:
                secret = sessions.open_session(connection, who.account_id, "password", cookies.SESSION_LIFETIME)
            client = open_browser(of, SAME_SITE | {"Cookie": f"{COOKIE}={secret}"})
            stack.push_async_callback(client.aclose)
            return client

        yield opened


@pytest.fixture
async def app_browser(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A browser in which nobody is signed in."""
    async with open_browser(app, SAME_SITE) as client:
        yield client
