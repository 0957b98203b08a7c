"""Claims sent through the door: the smallest valid body, with changes."""

from datetime import date, timedelta
from typing import Any, Final

import httpx

from models.store.database import Database
from tests.builders import Credentials
from tests.cases import Employer
from tests.models.store.claims.builders import authorize
from tests.models.store.claims.real_lines import SENTINEL_NAME, a_nir

WEEK: Final = date(2026, 12, 7)
LATER: Final = timedelta(days=95)
"""By how much the clock of a case is ahead, so that its first months are over."""


def authorized_for(database: Database, boss: Credentials, **terms: Any) -> str:
    """An authorization of December to February of an employer, whose first two months are over."""
    by = Employer(boss.account_id, boss.siret, "34")
    return authorize(database, employer=by, **{"clock_offset": LATER} | terms)


def a_line(person: int = 1, week: date = WEEK, **changes: Any) -> dict[str, Any]:
    """A person who was idle for seven hours of a week."""
    return {
        "nir": a_nir(person),
        "family_name": SENTINEL_NAME,
        "first_name": "Anne",
        "category": "employee",
        "mode": "02",
        "contract_hours": "35",
        "week": week.isoformat(),
        "worked": "20",
        "idle": "7",
        "hourly_gross": "15.00",
    } | changes


def a_claim(*lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The claim of December of one person, or of these lines."""
    return {"month": "2026-12", "lines": list(lines) or [a_line()]} | changes


async def post(
    client: httpx.AsyncClient, reference: str, body: dict[str, Any] | None = None, key: str = ""
) -> httpx.Response:
    headers = {"Idempotency-Key": key} if key else {}
    return await client.post(f"/requests/{reference}/claims", json=body or a_claim(), headers=headers)


async def filed(client: httpx.AsyncClient, reference: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """Send a claim that is received; returns the answer."""
    answer = await post(client, reference, body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found
