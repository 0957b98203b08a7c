"""What tests of pages share: a browser's headers, the elements of a page, a case shown in its space."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from types import MappingProxyType

import httpx
from fastapi import FastAPI

from models.store.cases import documents
from models.store.cases.documents import Sealed
from models.store.database import Database, now
from starter.pages.components.assets import assets
from tests.builders import a_filing
from tests.starter.people import (
    Door,
    Person,
)

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
SAME_SITE = {"Sec-Fetch-Site": "same-origin", "Origin": "null"}
"""What a browser sends with a form of the site itself."""
UNKNOWN = "034ZZZZ99"


def open_browser(app: FastAPI, headers: Mapping[str, str] = MappingProxyType({})) -> httpx.AsyncClient:
    """Open a browser that also sends these headers; errors of the application are answers, as they are over HTTP.

    It refuses a page that transfers too much: whatever any test opens, as any role, with whatever error.
    """
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(
        transport=transport,
        base_url="http://door",
        headers=BROWSER | dict(headers),
        event_hooks={"response": [what_every_page_weighs]},
    )


PAGE_BUDGET = 100 * 1024
"""Bytes that one page may transfer, with all that it loads."""
LOADED = re.compile(r'(?:href|src)="(/static/[0-9a-f]+/|/)([\w.-]+\.(?:css|js|woff2|svg|ico))"')


async def what_every_page_weighs(answer: httpx.Response) -> None:
    """No page exceeds the budget, and none is compressed: what a page reflects beside a secret would give it away."""
    if answer.headers.get("content-type", "").startswith("text/html"):
        await answer.aread()
        assert "content-encoding" not in answer.headers
        assert weight(answer) <= PAGE_BUDGET, f"{answer.url}: {weight(answer)}"


def weight(page: httpx.Response) -> int:
    """Return the bytes of a page and, once each, of the style, font, scripts and icons that it loads, as they are sent.

    The image of a page of an attached file is that file, and is not counted.
    """
    files = [assets()[name] for name in {found[1] for found in LOADED.findall(page.text)}]
    return len(page.content) + sum(len(each.compressed or each.content) for each in files)


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


DOCUMENT = b"%PDF-1.7 scelle"


async def filed(door: Door, person: Person, **changes: object) -> str:
    return str((await door(person.who).post("/requests", json=a_filing(**changes))).json()["reference"])


def published(database: Database, reference: str) -> str:
    """Publish a document of a case in its employer's space; returns its id."""
    with database.begin() as connection:
        at = now(connection)
        stated = {"kind": "receipt", "subject": "1", "number": f"{reference}-01", "sha256": "0" * 64}
        sealed = Sealed.model_validate(stated | {"reference": reference, "bytes": DOCUMENT, "signed_at": at})
        kept = documents.store(connection, sealed)
        documents.publish(connection, reference, "1", at)
    return kept.id


def form_token(page: str) -> str:
    found = re.search(r'name="form_token" value="([0-9a-f]+)"', page)
    assert found is not None
    return found[1]
