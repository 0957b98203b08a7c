"""The page of a calculator: its address holds the question, and it shows the answer, or what is wrong in the question.

A calculator more is one line of `CALCULATORS`, its `Calculator`, its template.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple
from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import Response

from law.directory import DEPARTMENTS
from starter.http.problems import TITLES, InvalidRequest
from starter.pages.components.forms import beside, french_days
from starter.pages.components.rendering import page

CALCULATORS: Final = (
    ("Quand aurai-je une réponse ?", "/deadlines", None),
    ("Puis-je encore déposer ?", "/filing-windows", None),
    ("Combien vais-je percevoir ?", "/allowances", None),
)
"""Label and address of each."""
DEPARTMENT_OPTIONS: Final = tuple((each.code, f"{each.code} · {each.name}") for each in DEPARTMENTS)
INVALID: Final = TITLES["invalid-input"][0]
Fields = Mapping[str, str]


class Calculator(NamedTuple):
    """One calculator: its template, its fields with their names for the list of errors, and what answers."""

    template: str
    names: Mapping[str, str]
    days: Sequence[str]
    """Fields that are days: they may be written « 01/12/2026 », and links hold them as the API writes them."""
    answer: Callable[[Fields], Mapping[str, object]]
    """Returns what the page shows of an answer; raises `InvalidRequest`."""
    options: Mapping[str, object]
    """What the fields offer, beside the départements."""
    asked: Mapping[str, str] = {}
    """What to do about a field that was left empty, where other forms of the site say it otherwise."""


def show(request: Request, calculator: Calculator) -> Response:
    """Show the form, and the answer once the address holds a question."""
    fields = question(request, calculator)
    content: dict[str, object] = {
        "calculators": CALCULATORS,
        "names": calculator.names,
        "fields": fields,
        "wrong": {},
        "answer": None,
        "departments": DEPARTMENT_OPTIONS,
        "query": urlencode(fields),
        **calculator.options,
    }
    if not any(name in request.query_params for name in calculator.names):
        return page(request, calculator.template, content)
    try:
        answer = calculator.answer(fields)
    except InvalidRequest as refused:
        wrong = beside(refused.faults, {f"/{name}": name for name in calculator.names})
        wrong |= {name: calculator.asked[name] for name in wrong if name in calculator.asked and name not in fields}
        return page(request, calculator.template, content | {"wrong": wrong}, INVALID)
    return page(request, calculator.template, content | {"answer": answer})


def question(request: Request, calculator: Calculator) -> dict[str, str]:
    """Return the filled-in fields of an address, its days in the form of the API."""
    stated = {name: value.strip() for name, value in request.query_params.items() if name in calculator.names}
    return french_days({name: value for name, value in stated.items() if value}, calculator.days)
