"""docs/needs.md: each line names a page that exists, a mail or a reason, and its calls and commands exist too."""

import re
from typing import Final, NamedTuple

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from local.processes import ROOT
from tests.system.test_wheel import COMMANDS, ON_ONE_MACHINE

PAGE: Final = (ROOT / "docs/needs.md").read_text("utf-8")
CALL: Final = re.compile(r"`(GET|POST|PATCH|DELETE) (/[^`?]*)[^`]*`")
ADDRESS: Final = re.compile(r"`(/[^`?]*)[^`]*`")
COMMAND: Final = re.compile(r"`tacite ([^`]+)`")
BY_MAIL: Final = "by mail"
LEAST_WORDS: Final = 4
"""Of a reason."""


class Line(NamedTuple):
    """What somebody needs, where it is done in the site, and by which call or command."""

    need: str
    page: str
    call: str

    @property
    def addresses(self) -> list[str]:
        """Pages that the line names, with their parameters in their places only."""
        return [nameless(each) for each in ADDRESS.findall(self.page)]

    @property
    def reason(self) -> str:
        """What a line that names no page says instead."""
        return self.page.lstrip("— ")


def nameless(path: str) -> str:
    """Return an address with its parameters in their places only."""
    return re.sub(r"\{\w+\}", "{}", path)


def routes(app: FastAPI) -> set[tuple[str, str]]:
    found = iter_route_contexts(app.routes)
    return {(method, nameless(each.path)) for each in found if each.path for method in each.methods or ()}


CELLS: Final = [
    [cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("|")
]
LINES: Final = [Line(*cells) for cells in CELLS if cells[0] != "need" and set(cells[0]) != {"-"}]


def test_every_line_is_read() -> None:
    assert len(LINES) > 55
    assert len({each.need for each in LINES}) > len(LINES) - 2  # two kinds of users sign in


def test_every_line_names_a_page_of_the_site_a_mail_or_a_reason(app: FastAPI) -> None:
    pages = {path for _, path in routes(app) if not path.startswith("/api/")}
    assert {each for line in LINES for each in line.addresses} - pages == set()
    elsewhere = [each for each in LINES if not each.addresses and not each.page.startswith(BY_MAIL)]
    assert [each.need for each in elsewhere if len(each.reason.split()) < LEAST_WORDS] == []


def test_every_call_of_the_page_is_one_of_the_api(app: FastAPI) -> None:
    named = {(method, f"/api/v1{nameless(path)}") for method, path in CALL.findall(PAGE)}
    assert len(named) > 30
    assert named - routes(app) == set()


def test_every_command_of_the_page_is_one_of_tacite() -> None:
    known = [" ".join(each) for each in (*COMMANDS, *ON_ONE_MACHINE)]
    named = set(COMMAND.findall(PAGE))
    assert len(named) > 15
    assert sorted(each for each in named if not any(f"{one} ".startswith(f"{each} ") for one in known)) == []
