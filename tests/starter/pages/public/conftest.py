"""A browser without an account, on the public pages."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from tests.starter.pages.browsing import SAME_SITE, open_browser


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with open_browser(app, SAME_SITE) as client:
        yield client
