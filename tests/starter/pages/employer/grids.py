"""Grids of people and weeks in tests: what is typed of a person, and how a browser sends the form of a page."""

import httpx

from tests.models.store.claims.real_lines import SENTINEL_NAME, a_nir
from tests.starter.pages.posted_forms import forms_of
from tests.starter.people import Person


def a_row(number: int = 1, **changes: str) -> dict[str, str]:
    """The fields of a person who was idle for seven hours of the second week."""
    stated = {
        "family_name": SENTINEL_NAME,
        "first_name": f"Anne {'abcdefghijklmnopqrstuvwxyzABCDEFGH'[number]}",
        "nir": a_nir(number),
        "category": "employee",
        "mode": "02",
        "contract_hours": "35",
        "hourly_gross": "15,20",
        "w1": "28",
        "i1": "7",
    } | changes
    return {f"p{number}.{name}": value for name, value in stated.items()}


def fields_of(page: str) -> dict[str, str]:
    """The grid of a page as a browser sends it."""
    form = next(each for each in forms_of(page) if each.action.endswith("/grid"))
    return {name: each.set[-1] for name, each in form.fields.items() if each.set}


async def shown(browser: httpx.AsyncClient, chief: Person, at: str) -> str:
    answer = await browser.get(at, headers=chief.headers)
    assert answer.status_code == 200, answer.text
    return answer.text.replace("\u00a0", " ").replace("\u202f", " ")


async def send(browser: httpx.AsyncClient, chief: Person, page: str, at: str, **changes: str) -> httpx.Response:
    """Send the grid of a page with changes; `do` is the button."""
    return await browser.post(at, data=fields_of(page) | changes, headers=chief.headers)


def plain(answer: httpx.Response) -> str:
    return answer.text.replace("\u00a0", " ").replace("\u202f", " ")
