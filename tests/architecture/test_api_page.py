"""The tables of calls of docs/api.md are the calls of the OpenAPI document, with parameters and members that exist."""

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from docs.openapi import FILE
from tests.architecture.repository import ROOT

PAGE = (ROOT / "docs" / "api.md").read_text("utf-8")
DOCUMENT = json.loads(FILE.read_text("utf-8"))
PREFIX = "/api/v1"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
SPAN = re.compile(r"`([^`]+)`")
CELL = re.compile(r"(?<!\\)\|")


class Call(NamedTuple):
    """A call, whatever its path names what it is about."""

    method: str
    path: str


class Stated(NamedTuple):
    """A call of the page, with the parameters and the members of a body that its row names."""

    call: Call
    parameters: frozenset[str]
    members: frozenset[str]


def _nameless(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path)


DESCRIBED = {
    Call(method.upper(), _nameless(path.removeprefix(PREFIX))): call
    for path, calls in DOCUMENT["paths"].items()
    for method, call in calls.items()
}


def _cells() -> Iterator[str]:
    """Yield the cell of calls of each row of each table that has one."""
    column = None
    for line in PAGE.splitlines():
        cells = [each.strip() for each in CELL.split(line)[1:-1]]
        if not cells:
            column = None
        elif column is None:
            column = cells.index("call") if "call" in cells else -1
        elif column >= 0 and not set(cells[0]) <= {"-"}:
            yield cells[column].replace("\\|", "|")


def _written_out(method: str, written: str, last: str) -> Call:
    """Return the call that a path means: « …/refusal » stands beside the last one, or under it.

    The first of its row may leave out what the row before begins with: the shortest call that ends so is meant.
    """
    if not written.startswith("…"):
        return Call(method, _nameless(written))
    steps = last.split("/")
    if not last:
        ends = [each for each in DESCRIBED if each.method == method and each.path.endswith(_nameless(written[1:]))]
        return min(ends, key=lambda each: len(each.path), default=Call(method, written))
    near = [Call(method, "/".join(steps[:end]) + _nameless(written[1:])) for end in range(len(steps), 1, -1)]
    return next((each for each in near if each in DESCRIBED), near[0])


def _stated(cell: str) -> Iterator[Stated]:
    """Yield the calls of a cell: `GET /a?b=`, `POST /a` `{member}`, `POST`, `DELETE /a`, `/another`, `…/beside`."""
    methods: list[str] = []
    found: list[Stated] = []
    complete = True
    for span in SPAN.findall(cell):
        words = span.split(maxsplit=1)
        if span.startswith("{"):
            found[-1] = found[-1]._replace(members=frozenset(_members(span)))
            continue
        if words[0] in METHODS:
            methods = [words[0]] if complete else [*methods, words[0]]
            complete = len(words) > 1
            words = words[1:]
        if words:
            path, _, query = words[0].partition("?")
            names = frozenset(re.findall(r"(\w+)=", query))
            last = found[-1].call.path if found else ""
            found += [Stated(_written_out(method, path, last), names, frozenset()) for method in methods]
    yield from found


def _members(span: str) -> Iterator[str]:
    """Yield the names of a body’s own members: those of what a member holds are left out."""
    inner = span[1:-1]
    while re.search(r"\{[^{}]*\}", inner):
        inner = re.sub(r":?\s*\{[^{}]*\}", "", inner)
    for each in re.split(r"[,|]", inner):
        yield each.strip().removesuffix("?").removesuffix("[]").partition(":")[0]


STATED = [each for cell in _cells() for each in _stated(cell)]


def _schema(call: Call) -> set[str]:
    """Return the members that a body may have, whatever its form."""
    schemas = DOCUMENT["components"]["schemas"]
    names: set[str] = set()
    body = DESCRIBED[call].get("requestBody", {"content": {}})
    waiting = [content["schema"] for content in body["content"].values()]
    while waiting:
        schema = waiting.pop()
        if "$ref" in schema:
            waiting.append(schemas[schema["$ref"].rpartition("/")[2]])
        names |= schema.get("properties", {}).keys()
        waiting += [*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())]
    return names


def test_the_tables_of_the_page_list_every_call_and_no_other() -> None:
    listed = {each.call for each in STATED}
    assert sorted(listed - DESCRIBED.keys()) == [], "no such call"
    assert sorted(DESCRIBED.keys() - listed) == [], "in no table"


def test_every_parameter_that_a_table_names_exists() -> None:
    unknown = [
        (*each.call, sorted(missing))
        for each in STATED
        if (missing := each.parameters - {one["name"] for one in DESCRIBED[each.call].get("parameters", [])})
    ]
    assert unknown == []


def test_every_member_that_a_table_names_exists() -> None:
    unknown = [(*each.call, sorted(missing)) for each in STATED if (missing := each.members - _schema(each.call))]
    assert unknown == []
