"""What tests of the forms of a case share: the hidden fields of a form, and how a browser sends it with a file."""

import re

import httpx

from tests.starter.pages.browsing import form_token
from tests.starter.people import Person


def hidden(page: str, name: str) -> str:
    """The value of a hidden field, the first of its name."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return found[1]


async def fill(
    browser: httpx.AsyncClient, person: Person, address: str, file: bytes | None = None, **fields: str
) -> httpx.Response:
    """Open a form and send it, with a file or the empty part that browsers send without one."""
    page = (await browser.get(address, headers=person.headers)).text
    stated = {"form_token": form_token(page), "key": hidden(page, "key")} | fields
    return await post(browser, person, address, file, **stated)


async def post(
    browser: httpx.AsyncClient, person: Person, address: str, file: bytes | None = None, **fields: str
) -> httpx.Response:
    """Send a form as a browser does."""
    part = ("avis.pdf", file, "application/pdf") if file is not None else ("", b"", "application/octet-stream")
    return await browser.post(address, data=fields, files={"file": part}, headers=person.headers)
