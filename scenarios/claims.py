"""Claims of a case: months claimed over HTTP, agreed to by the agent, answered by the agency."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Final

from law.calendar import add_months
from local.payroll_files import as_json
from local.payrolls import long_table, payroll
from models.claim_files.fields import Category
from models.engine.names import answers_id
from models.store.agency.channels import CLAIMS
from scenarios.dossier import STEP_TIMEOUT, Dossier, View, today

Lines = list[dict[str, object]]
_CATEGORIES: Final = {each.label: each.value for each in Category}
_ENDED: Final = ("accepted", "rejected", "refused", "replaced", "void")


def lines(month: date, people: int) -> Lines:
    """Return the lines of people who do not exist, right for their month; the same ones every month."""
    read: Lines = json.loads(as_json(long_table(payroll(people, month, seed=1))))["lines"]
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
        """Return every version of every month."""
        months = await self._items(f"/requests/{self._case.reference}/claims")
        versions = []
        for month in dict.fromkeys(str(each["month"]) for each in months):
            versions += await self._items(f"/requests/{self._case.reference}/claims/{month}", "versions")
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

    async def _items(self, path: str, name: str = "items") -> list[View]:
        items = (await self._case.employer.get(path))[name]
        return items if isinstance(items, list) else []

    async def _fetch_answers(self, seen: View) -> None:
        """Have the answers read now rather than at the next minute of their schedule."""
        if seen["state"] == "handed":
            await self._case.cast.engine.get_schedule_handle(answers_id(CLAIMS)).trigger()


async def three_months(case: Dossier) -> None:
    """Three months of one firm: a correction, an amendment, a rejection put right, a standing instruction.

    The last days of a month are of a week that the next month has the rest of.
    """
    first = add_months(today().replace(day=1), 1)
    months = [add_months(first, number) for number in range(3)]
    end_on = add_months(first, 3) - timedelta(days=1)
    period = {"start_on": first.isoformat(), "end_on": end_on.isoformat()}
    await case.file(period=period, employees=6, hours="3000")
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
    asked = {"hours": "4000", "reasons": "La réparation des accès dure plus longtemps que prévu."}
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
