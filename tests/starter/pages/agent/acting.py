"""An agent's browser: pages are opened, and their forms filled in and sent, by the names that they show."""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import httpx

from starter.auth import cookies
from tests.starter.pages.browsing import Page
from tests.starter.people import COOKIE

Typed = Mapping[str, str | Sequence[str]]


def words(answer: httpx.Response) -> str:
    """The text of a page, without tags and unbreakable spaces."""
    text = html.unescape(re.sub(r"<[^>]+>", " ", answer.text))
    return re.sub(r"\s+", " ", text)


def hidden(answer: httpx.Response, name: str) -> str:
    found = [each["value"] for each in Page(answer.text).all("input") if each.get("name") == name]
    assert found, f"no field {name}"
    return str(found[-1])


def errors(answer: httpx.Response) -> dict[str, str]:
    """The sentence beside each wrong field, by its id; the summary leads to each."""
    found = re.findall(
        r'<p class="error" id="([^"]+)-wrong"><span class="unseen">Erreur : </span>([^<]*)</p>', _text(answer)
    )
    assert all(f'href="#{field}"' in answer.text for field, _ in found)
    assert ("<title>Erreur" in _text(answer)) == bool(found)
    return {field: html.unescape(sentence) for field, sentence in found}


def _text(answer: httpx.Response) -> str:
    return answer.text.replace("\N{NO-BREAK SPACE}", " ")


@dataclass
class Desk:
    """One browser and its session."""

    client: httpx.AsyncClient
    secret: str

    async def get(self, address: str, **headers: str) -> httpx.Response:
        return await self.client.get(address, headers=self._session | headers)

    async def post(self, address: str, typed: Typed, *, token: str | None = None) -> httpx.Response:
        sent = {cookies.FORM_FIELD: cookies.form_token(self.secret) if token is None else token, **typed}
        return await self.client.post(address, data=sent, headers=self._session)

    @property
    def _session(self) -> dict[str, str]:
        return {"Cookie": f"{COOKIE}={self.secret}"}
