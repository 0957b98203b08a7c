"""Every form of the site, read from the pages that show it: its address, its fields, and what is typed into them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urlencode, urlsplit

import httpx
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import Match, Route

from starter.auth import cookies
from starter.pages.components import claim_grid

Pairs = list[tuple[str, str]]
Fill = Callable[["Field"], str]
"""What is typed into a field that takes text."""
NOT_KEPT: Final = ("password", "file", "hidden")
"""Fields that nobody typed, or that no page ever sends back."""
REMOVED: Final = f".{claim_grid.REMOVED}"
"""End of the name of a box that removes what is typed beside it."""
FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class Field:
    """One field: its name, its type, what it may be set to, and what it holds."""

    name: str
    type: str
    values: list[str] = field(default_factory=list)
    """Values that may be chosen."""
    set: list[str] = field(default_factory=list)
    """Values that it holds."""
    required: bool = False
    identity: str = ""

    @property
    def is_text(self) -> bool:
        """Whether anything may be typed into it."""
        return self.type not in (*NOT_KEPT, "select", "radio", "checkbox")


@dataclass
class Form:
    """One form of a page."""

    action: str
    fields: dict[str, Field] = field(default_factory=dict)

    @property
    def visible(self) -> list[Field]:
        """Fields that a person fills in and that a page shows again."""
        return [each for each in self.fields.values() if each.type not in NOT_KEPT]

    def filled(self, fill: Fill, password: str = "") -> Pairs:
        """Return the form as a browser sends it, without its token: choices made, texts typed."""
        pairs: Pairs = []
        for each in self.fields.values():
            if each.type == "hidden":
                pairs += [(each.name, value) for value in each.set if each.name != cookies.FORM_FIELD]
            elif each.type == "password":
                pairs.append((each.name, password))
            elif each.is_text:
                pairs.append((each.name, fill(each)))
            elif each.values and not each.name.endswith(REMOVED):
                pairs += [(each.name, value) for value in each.values[-1:] if value]
        return pairs


class _Reader(HTMLParser):
    """Collects the forms of a page that are sent by POST, but that of the header, which signs out."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._open: Field | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        stated = {name: value or "" for name, value in attrs}
        if tag == "form":
            posted = stated.get("method") == "post" and "hidden" not in stated
            self._form = Form(urlsplit(stated.get("action", "")).path) if posted else None
            if self._form:
                self.forms.append(self._form)
        elif tag == "option" and self._open:
            self._open.values.append(stated.get("value", ""))
            if "selected" in stated:
                self._open.set.append(stated.get("value", ""))
        elif self._form and tag in ("input", "textarea", "select") and stated.get("name"):
            self._add(tag, stated)

    def _add(self, tag: str, stated: dict[str, str]) -> None:
        assert self._form
        kind = stated.get("type", "text") if tag == "input" else tag
        new = Field(stated["name"], kind, required="required" in stated, identity=stated.get("id", ""))
        known = self._form.fields.setdefault(stated["name"], new)
        if kind in ("radio", "checkbox"):
            known.values.append(stated.get("value", "on"))
            known.set += [stated.get("value", "on")] if "checked" in stated else []
        elif tag == "input":
            known.set.append(stated.get("value", ""))
        else:
            self._open = known

    def handle_data(self, data: str) -> None:
        if self._open and self._open.type == "textarea":
            self._open.set.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag in ("textarea", "select"):
            if self._open and tag == "textarea":
                self._open.set = ["".join(self._open.set).removeprefix("\n")]
            self._open = None


def forms_of(page: str) -> list[Form]:
    """Return the forms of a page that act, in its order."""
    return [each for each in _Reader(page.replace("\r\n", "\n")).forms if each.action != "/sign-out"]


def form_at(page: str, shown: Form) -> Form | None:
    """Return the form of a page that has the address and the visible fields of another."""
    same = [each for each in forms_of(page) if each.action == shown.action]
    names = {each.name for each in shown.visible}
    return next((each for each in same if names <= {shown.name for shown in each.visible}), None)


def post_paths(app: FastAPI) -> set[str]:
    """Every path of a page that takes a form."""
    found = iter_route_contexts(app.routes)
    return {each.path for each in found if each.path and "POST" in (each.methods or ()) and "/api/" not in each.path}


def path_of(app: FastAPI, address: str) -> str:
    """Return the path of the route that an address posts to."""
    scope = {"type": "http", "path": urlsplit(address).path, "method": "POST", "root_path": ""}
    for each in iter_route_contexts(app.routes):
        route = each.original_route
        if isinstance(route, Route) and "POST" in (route.methods or ()) and route.matches(scope)[0] is Match.FULL:
            return route.path
    raise LookupError(address)


@dataclass
class Visit:
    """A page that somebody opens, and its forms."""

    address: str
    headers: dict[str, str]
    secret: str
    forms: list[Form] = field(default_factory=list)

    def each(self) -> Iterator[tuple["Visit", Form]]:
        """Return each form of the page with its page."""
        return ((self, form) for form in self.forms)

    async def send(self, browser: httpx.AsyncClient, form: Form, pairs: Pairs, *, fresh: bool = True) -> httpx.Response:
        """Send a form as this visitor's browser does; one that is not fresh is of a session that has ended."""
        token = [(cookies.FORM_FIELD, cookies.form_token(self.secret))] if fresh and self.secret else []
        return await browser.post(form.action, content=urlencode(pairs + token), headers=self.headers | FORM)
