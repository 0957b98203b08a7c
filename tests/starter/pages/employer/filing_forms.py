"""The forms of a request in short steps, as a browser fills them in."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import httpx

from tests.cases import CIRCUMSTANCES, HOLDER, IBAN
from tests.starter.pages.browsing import form_token
from tests.starter.people import Person

NEW = "/requests/new"
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


def on(days: int) -> str:
    """A day from today, as a date field sends it."""
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


def a_ground(**changes: str) -> dict[str, str]:
    return {
        "ground": "exceptional_circumstances",
        "placement_on": on(2),
        "start_on": on(2),
        "end_on": on(60),
    } | changes


FIGURES = {"headcount": "42", "employees": "42", "hours": "1 200,5"}
CIRCUMSTANCE = {"perimeter": "full_closure", "circumstances": CIRCUMSTANCES}
COUNCIL = {"opinion": "fewer_than_50"}
ACCOUNT = {"iban": "FR14 2004 1010 0505 0001 3M02 606", "holder": HOLDER, "direct_payment": "no"}
assert ACCOUNT["iban"].replace(" ", "") == IBAN
STEPS = {"figures": FIGURES, "circumstances": CIRCUMSTANCE, "council": COUNCIL, "account": ACCOUNT}


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the main form of a page (that of the header comes first and has the token alone)."""
    return {name: unescape(value) for name, value in HIDDEN.findall(page)}


class Filer:
    """A person who prepares a request in a browser."""

    def __init__(self, browser: httpx.AsyncClient, person: Person) -> None:
        self.browser, self.person = browser, person
        self.base = ""

    async def get(self, address: str) -> httpx.Response:
        return await self.browser.get(address, headers=self.person.headers)

    async def post(self, address: str, fields: dict[str, str]) -> httpx.Response:
        return await self.browser.post(address, data=fields, headers=self.person.headers)

    async def open(self, **changes: str) -> httpx.Response:
        """Open a draft by its first page."""
        page = await self.get((await self.get(NEW)).headers["location"])
        answer = await self.post(f"{NEW}/ground", hidden(page.text) | a_ground(**changes))
        if answer.status_code == 303:
            self.base = answer.headers["location"].rpartition("/")[0]
        return answer

    async def fill(self, name: str, fields: dict[str, str]) -> httpx.Response:
        """Fill in one step, as its page is now."""
        page = await self.get(f"{self.base}/{name}")
        kept = {each: value for each, value in hidden(page.text).items() if each != "removed"}
        return await self.post(f"{self.base}/{name}", kept | fields)

    async def prepare(self) -> None:
        """Open a draft and fill in every step."""
        assert (await self.open()).status_code == 303
        for name, fields in STEPS.items():
            answer = await self.fill(name, fields)
            assert answer.status_code == 303, name

    async def check(self) -> str:
        return (await self.get(f"{self.base}/check")).text

    async def file(self, check: str, **more: str) -> httpx.Response:
        return await self.post(f"{self.base}/filing", {"form_token": form_token(check), **hidden(check), **more})
