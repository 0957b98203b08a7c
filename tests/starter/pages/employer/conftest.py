"""An employer who has signed in, and a browser."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from models.store.database import Database
from tests.starter.pages.browsing import BROWSER
from tests.starter.people import (
    Door,
    Person,
    a_person,
    sign_in,
)


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    headers = BROWSER | {"Sec-Fetch-Site": "same-origin", "Origin": "null"}
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://door", headers=headers) as client:
        yield client


@pytest.fixture
async def boss(door: Door, database: Database) -> Person:
    person = a_person(database)
    await sign_in(door(), person)
    return person
