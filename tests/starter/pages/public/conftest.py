"""A browser without an account, on the public pages."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from tests.starter.pages.browsing import BROWSER


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://door", headers=BROWSER) as client:
        yield client
