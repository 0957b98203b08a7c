"""`GET /allowances`, `/payable-hours`, `/forfeitures`: answers, and every fault at its field."""

import httpx
import pytest

from tests.starter.people import Door


@pytest.mark.parametrize(
    ("address", "query", "part"),
    [
        (
            "/allowances",
            {"on": "2020-03-16", "hours": "105", "hourly_gross": "10.15"},
            {"allowance": {"hourly": "8.03", "total": "843.15"}},
        ),
        (
            "/allowances",
            {"on": "2019-02-04", "hours": "30", "hourly_gross": "12", "headcount": "15"},
            {"allowance": {"hourly": "7.74", "total": "232.20"}},
        ),
        (
            "/allowances",
            {"on": "2023-01-02", "hours": "100", "smic_share": "0.43"},
            {"indemnity": {"hourly": "4.85", "total": "485.00"}},
        ),
        (
            "/payable-hours",
            {"week": "2020-03-30", "contract_week": "35", "worked": "0"},
            {"payable_hours": "35", "by_month": {"2020-03": "14", "2020-04": "21"}},
        ),
        (
            "/forfeitures",
            {"period_end": "2025-06-15", "filed_on": "2025-05-01"},
            {"last_day_on": "2025-12-15", "forfeited_on": "2025-12-16"},
        ),
    ],
)
async def test_a_calculation_is_public(
    door: Door, address: str, query: dict[str, str], part: dict[str, object]
) -> None:
    answer = await door().get(address, params=query)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert {name: found[name] for name in part} == part
    assert found["why"]


def faults(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    return {each["pointer"]: each["code"] for each in answer.json()["errors"]}


async def test_what_has_no_rate_is_said_so(door: Door) -> None:
    query = {"on": "2021-02-01", "hours": "7", "hourly_gross": "12", "department": "976"}
    assert faults(await door().get("/allowances", params=query)) == {"/on": "rate-unknown"}
    query = {"on": "2019-02-01", "hours": "7", "hourly_gross": "12"}
    assert faults(await door().get("/allowances", params=query)) == {"/headcount": "headcount-needed"}


async def test_what_does_not_apply_is_said_so(door: Door) -> None:
    query = {"week": "2026-11-02", "contract_week": "35", "worked": "0", "days": "2"}
    assert faults(await door().get("/payable-hours", params=query)) == {"/days": "days-do-not-apply"}
    query = {"period_end": "2150-01-31", "filed_on": "2149-12-01"}
    assert faults(await door().get("/forfeitures", params=query)) == {"/filed_on": "filed-too-far-ahead"}


async def test_every_fault_is_told_at_once(door: Door) -> None:
    query = {"on": "hier", "hours": "-1", "hourly_gross": "dix", "sector": "x", "unknown": "1"}
    found = faults(await door().get("/allowances", params=query))
    assert found.keys() == {"/on", "/hours", "/hourly_gross", "/sector", ""}
