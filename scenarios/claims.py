"""Claims of a case: months claimed over HTTP, agreed to by the agent, answered by the agency."""

import json
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain
from typing import Final, cast

from law.calendar import add_months, is_holiday
from local.payroll_files import as_json
from local.payrolls import DEPARTMENT, long_table, payroll
from models.claim_files.claim import weeks_of_month
from models.claim_files.fields import Category
from models.engine.names import answers_id
from models.store.agency.channels import CLAIMS
from scenarios.dossier import STEP_TIMEOUT, Dossier, View, today

Lines = list[dict[str, object]]
_CATEGORIES: Final = {each.label: each.value for each in Category}
_ENDED: Final = ("accepted", "rejected", "refused", "replaced", "void")
_WORKING_DAYS: Final = 5
HOURS: Final = "1000"
"""Hours granted at first: enough for two of the three months."""
AMENDED_HOURS: Final = "1500"
"""Hours once the amendment is accepted: enough for all three."""


def lines(month: date, people: int) -> Lines:
    """Return the lines of people who do not exist, right for their month; the same ones every month."""
    table = long_table(chain.from_iterable(payroll(1, month, seed) for seed in range(people)))
    read: Lines = json.loads(as_json(table))["lines"]
    return [each | {"category": _CATEGORIES[str(each["category"])]} for each in read]


class Claims:
    """The claims of one case, as its people see them."""

    def __init__(self, case: Dossier) -> None:
        self._case = case
        self._agency = case.cast.agency

    async def file(self, month: date, claimed: Lines, replaces: str | None = None) -> View:
        """Claim a month, or send a version that takes the place of another."""
        body: View = {"month": f"{month:%Y-%m}", "lines": claimed, "monthly_reimbursement": False}
        more = {"replaces": replaces} if replaces else {}
        return (await self._case.employer.post(f"/requests/{self._case.reference}/claims", body | more)).body

    async def agree(self, *claims: View) -> None:
        """Have the agent give the visa of claims that wait for it, together."""
        for claim in claims:
            await self.wait_for(claim, "under_review")
        await self._case.cast.agent.post("/claims/visas", {"ids": [claim["id"] for claim in claims]})

    async def instruct(self, ceiling: str) -> None:
        """Have the agent agree beforehand to what comes, up to a ceiling of allowance (euros)."""
        department = str((await self._case.view())["reference"])[:3].lstrip("0")
        days = {"from_on": today().isoformat(), "to_on": add_months(today(), 12).isoformat()}
        body = {"departments": [department], "ceiling": ceiling} | days
        await self._case.cast.agent.post("/standing-instructions", body)

    async def wait_for(self, claim: View, state: str) -> View:
        """Wait until a version of a claim is in a state; the agency's answers are fetched meanwhile."""
        limit = time.monotonic() + STEP_TIMEOUT
        while (seen := await self._read(claim))["state"] != state:
            if seen["state"] in _ENDED:
                limit = 0
            await self._fetch_answers(seen)
            await self._case.pause(limit, f"une demande d’indemnisation {state} (elle est {seen['state']})")
        return seen

    async def list_all(self) -> Sequence[Mapping[str, object]]:
        """Return every version of every month, with its hours by week (`weeks`)."""
        months = await self._items(f"/requests/{self._case.reference}/claims")
        versions = []
        for month in dict.fromkeys(str(each["month"]) for each in months):
            of_month = await self._items(f"/requests/{self._case.reference}/claims/{month}", "versions")
            versions += [each | {"weeks": await self._hours_by_week(each)} for each in of_month]
        return versions

    @contextmanager
    def rejected(self, code: str) -> Iterator[None]:
        """Have the agency reject the claims of this case meanwhile."""
        order = self._agency / "reject"
        order.write_text(f"{code} {self._case.reference}00", "utf-8")
        try:
            yield
        finally:
            order.unlink()

    async def _read(self, claim: View) -> View:
        versions = await self._items(f"/requests/{self._case.reference}/claims/{claim['month']}", "versions")
        return next(each for each in versions if each["id"] == claim["id"])

    async def _hours_by_week(self, claim: View) -> dict[str, Decimal]:
        """Return the payable hours of everybody in a version, by the Monday of the week."""
        path = f"/requests/{self._case.reference}/claims/{claim['month']}/lines?version={claim['version']}"
        hours = defaultdict[str, Decimal](Decimal)
        for person in await self._items(path):
            for week in cast("list[dict[str, str]]", person["weeks"]):
                hours[week["week"]] += Decimal(week["payable"])
        return hours

    async def _items(self, path: str, name: str = "items") -> list[View]:
        items = (await self._case.employer.get(path))[name]
        return items if isinstance(items, list) else []

    async def _fetch_answers(self, seen: View) -> None:
        """Have the answers read now rather than at the next minute of their schedule."""
        if seen["state"] == "handed":
            await self._case.cast.engine.get_schedule_handle(answers_id(CLAIMS)).trigger()


def first_month(on: date) -> date:
    """Return the first of the nearest three months after a day of which two that follow share a week of work."""
    month = add_months(on.replace(day=1), 1)
    while not any(_shares_week(add_months(month, number)) for number in range(2)):
        month = add_months(month, 1)
    return month


def _shares_week(month: date) -> bool:
    """Tell whether the last week of a month has days of work in it and in the next one, public holidays apart."""
    monday = weeks_of_month(month)[-1]
    days = (monday + timedelta(days=number) for number in range(_WORKING_DAYS))
    worked = {day.replace(day=1) for day in days if not is_holiday(day, DEPARTMENT)}
    return worked == {month, add_months(month, 1)}


async def three_months(case: Dossier) -> None:
    """Three months of one firm: a correction, an amendment, a rejection put right, a standing instruction.

    A week lies across two of the months, and the third one needs the hours of the amendment.
    """
    first = first_month(today())
    months = [add_months(first, number) for number in range(3)]
    end_on = add_months(first, 3) - timedelta(days=1)
    period = {"start_on": first.isoformat(), "end_on": end_on.isoformat()}
    await case.file(period=period, employees=6, hours=HOURS)
    await case.advance(days=6)
    await case.decide({"outcome": "grant"})
    await case.wait_for("handed_to_asp")
    claims = Claims(case)
    await case.advance_on(add_months(first, 1) + timedelta(days=4))
    await _corrected(claims, months[0])
    await _amended(case)
    await case.advance_on(add_months(first, 2) + timedelta(days=4))
    await _rejected(claims, months[1])
    await case.advance_on(add_months(first, 3) + timedelta(days=4))
    await claims.instruct("50000.00")
    last = await claims.file(months[2], lines(months[2], 6))
    await claims.wait_for(last, "accepted")


async def _amended(case: Dossier) -> None:
    """More hours are asked for; nobody decides on the amendment, whose own silence is an acceptance."""
    asked = {"hours": AMENDED_HOURS, "reasons": "La réparation des accès dure plus longtemps que prévu."}
    amendment = case.another()
    await amendment.follow(await case.employer.post(f"/requests/{case.reference}/amendments", asked))
    await amendment.let_deadline_pass()


async def _corrected(claims: Claims, month: date) -> None:
    """Six people were claimed, one of whom worked: a second version takes the place of the first."""
    wrong = await claims.file(month, lines(month, 6))
    await claims.wait_for(wrong, "under_review")
    right = await claims.file(month, lines(month, 5), replaces=str(wrong["id"]))
    await claims.agree(right)
    await claims.wait_for(right, "accepted")
    await claims.wait_for(wrong, "replaced")


async def _rejected(claims: Claims, month: date) -> None:
    """The agency rejects the claim, whose employer sends it again."""
    sent = await claims.file(month, lines(month, 6))
    with claims.rejected("3417"):
        await claims.agree(sent)
        await claims.wait_for(sent, "rejected")
    again = await claims.file(month, lines(month, 6))
    await claims.agree(again)
    await claims.wait_for(again, "accepted")
