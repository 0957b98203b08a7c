"""Whatever is typed into any form: no error of ours, a French sentence that says what to do, what was typed kept."""

import re
from collections.abc import AsyncIterator, Iterator
from html import unescape
from pathlib import Path
from typing import Final

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from local.postgres import Postgres
from models.settings import Settings
from models.store.database import Database
from models.texts import MAX_PROSE
from starter.pages.components.claim_grid_faults import MAX_SUMMED_UP
from tests.starter.conftest import a_setting, one_register
from tests.starter.pages.browsing import SAME_SITE, open_browser
from tests.starter.pages.posted_forms import Field, Fill, Form, Visit, form_at
from tests.starter.pages.shown_forms import visits
from tests.starter.people import PASSWORD, Door
from tests.uploads import read

pytestmark = pytest.mark.usefixtures("unhurried", "resend_at_once")

ENGLISH: Final = re.compile(r"\b(Input should|Field required|Value error|String should|valid \w+ (?:format|date))\b")
LONG: Final = 4_200
"""Signs: more than any line takes, and less than all fields of a form may weigh."""
LONG_CELL: Final = 1_000
"""The same for one of the many values of a grid."""


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    return a_setting(database, tmp_path, letters=tmp_path / "letters")


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with open_browser(app, SAME_SITE) as client:
        yield client


def empty(field: Field) -> str:
    return ""


def too_long(field: Field) -> str:
    if field.type == "date":
        return "9999-12-31"
    of_line = LONG_CELL if "." in field.name else LONG
    return "x" * (of_line if field.type != "textarea" else MAX_PROSE + 1)


def control(field: Field) -> str:
    """Signs that no keyboard has: an escape sequence, a bell, a mark that turns the reading round."""
    return "Pa\x1b[31mul\x07 \u202e"


def wrong(field: Field) -> str:
    """Of another form than what is asked."""
    return "31/02/2027" if field.type == "date" else "<script>alert('n’importe quoi')</script>"


async def test_every_form_says_what_is_wrong_and_keeps_what_was_typed(
    browser: httpx.AsyncClient, door: Door, database: Database
) -> None:
    faults: list[str] = []
    opened = await visits(browser, door, database)
    for fill in FILLS:
        for visit in opened:
            for form in await as_they_are_now(browser, visit):
                told = await tried(browser, visit, form, fill)
                faults += [f"{fill.__name__} {form.action}: {each}" for each in told]
        with database.begin() as connection:
            connection.execute(text("DELETE FROM attempt"))
            begun = connection.execute(text("SELECT id::text FROM upload WHERE state = 'received'")).scalars().all()
        for each in begun:  # what its columns and codes are was said, so it is read again
            read(database, each)
    assert not faults, "\n".join(faults)


FILLS: Final = (empty, too_long, control, wrong)
SAME_FOR_ALL: Final = ("/password/code",)
"""Addresses that answer the same to anybody, whether they know an account or not."""
CODES: Final = ("code", "one_time")
"""Fields that are not shown again once they are refused."""


async def as_they_are_now(browser: httpx.AsyncClient, visit: Visit) -> list[Form]:
    """The forms of a page into which something is typed; a page that a form led to stays as it was."""
    now = await browser.get(visit.address, headers=visit.headers)
    forms = [form_at(now.text, each) or each for each in visit.forms]
    return [each for each in forms if any(field.is_text for field in each.fields.values())]


async def tried(browser: httpx.AsyncClient, visit: Visit, form: Form, fill: Fill) -> list[str]:
    """What is wrong with the answer to a form filled in one way."""
    pairs = form.filled(fill, PASSWORD)
    answer = await visit.send(browser, form, pairs)
    page = unescape(answer.text).replace("\u00a0", " ")
    if answer.status_code >= 500:
        return [f"answers {answer.status_code}"]
    if found := ENGLISH.search(page):
        return [f"says « {found[0]} »"]
    required = [each for each in form.visible if each.required and each.is_text]
    if fill is wrong:  # anything is a text
        required = [each for each in required if each.type != "textarea"]
    if answer.status_code == 303:
        return [f"accepted {[each.name for each in required]}"] if required else []
    if answer.status_code == 200 and form.action in SAME_FOR_ALL:
        return []
    if answer.status_code != 422:
        return [f"answers {answer.status_code}"]
    return [*unsaid(page, form), *forgotten(answer.text, form, dict(pairs))]


def unsaid(page: str, form: Form) -> Iterator[str]:
    """What a page of errors does not say: which field, or what to do."""
    said = re.findall(r'<p class="error" id="([^"]+)-wrong"><span class="unseen">Erreur : </span>([^<]*)</p>', page)
    if "<title>Erreur" not in page:
        yield "no error in the title"
    if not said:
        summary = page.partition('class="summary"')[2].partition("</ul>")[0]
        yield f"no sentence beside a field: {re.findall('<li>.*?</li>', summary, re.DOTALL)}"
    led_to = [name for name, _ in said if f'href="#{name}"' in page]
    if len(led_to) < MAX_SUMMED_UP:
        yield from (f"nothing leads to {name}" for name, _ in said if name not in led_to)
    yield from (f"an empty sentence for {name}" for name, sentence in said if not sentence.strip())


def forgotten(page: str, form: Form, pairs: dict[str, str]) -> Iterator[str]:
    """What was typed and is not shown again."""
    shown = form_at(page, form)
    if shown is None:
        yield "is not shown again"
        return
    for each in shown.visible:
        typed = pairs.get(each.name, "").strip()
        if typed and each.name not in CODES and typed not in [value.strip() for value in each.set]:
            yield f"forgets {each.name}"
