"""The claim of a month through the door: received, read, explained, corrected, cancelled."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from local.postgres import Postgres
from models.store.database import Database
from tests.builders import Credentials, employer, staff
from tests.cases import Employer, file_a_case
from tests.models.store.claims.builders import close, differences, hand_over
from tests.models.store.claims.real_lines import SENTINEL_NAME, SENTINEL_NIR, a_nir
from tests.models.store.claims.test_erasure import erase
from tests.starter.claimed import a_claim, a_line, authorized_for, filed, post
from tests.starter.conftest import one_register
from tests.starter.people import Door


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture
def reference(database: Database, boss: Credentials) -> str:
    return authorized_for(database, boss)


async def test_a_claim_is_received_with_what_it_is_worth_and_why(
    door: Door, boss: Credentials, reference: str, database: Database
) -> None:
    found = await filed(door(boss), reference, a_claim(a_line(1), a_line(2, idle="10,5")))
    assert {name: found[name] for name in ("month", "part", "version", "state", "people", "hours", "allowance")} == {
        "month": "2026-12",
        "part": 1,
        "version": 1,
        "state": "admitted",
        "people": 2,
        "hours": "17.5",
        "allowance": "149.98",
    }
    assert (found["payments"], found["answers"], found["signals"], found["replaces"]) == ([], [], [], None)
    assert {each["article"] for each in found["why"]} >= {"R. 5122-14", "D. 5122-13"}
    assert "149,98" in found["why"][-2]["value"]
    assert (await door(boss).get(found["links"]["self"].removeprefix("/api/v1"))).status_code == 200
    assert differences(database) == ()


async def test_every_error_of_every_line_is_told_at_its_member(door: Door, boss: Credentials, reference: str) -> None:
    wrong = a_claim(
        a_line(1, nir=SENTINEL_NIR + "00"),
        a_line(2, idle="7.125"),
        a_line(3, week=date(2026, 11, 2)),
        a_line(4, category="patron", hourly_gross=None),
        a_line(5, idle=-1),
        a_line(6, idle="16", worked="20"),
        a_line(7),
        a_line(7),
    )
    answer = await post(door(boss), reference, wrong)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-input")
    told = [(each["pointer"], each["code"]) for each in answer.json()["errors"]]
    assert told == [
        ("/lines/0/nir", "nir-key"),
        ("/lines/1/idle", "hours-too-precise"),
        ("/lines/2/week", "week-outside-month"),
        ("/lines/3/category", "category-unknown"),
        ("/lines/4/idle", "hours-negative"),
        ("/lines/5/idle", "idle-above-payable"),
        ("/lines/7/week", "week-twice"),
    ]
    assert SENTINEL_NIR not in answer.text
    assert (await door(boss).get(f"/requests/{reference}/claims")).json()["items"] == []


BAD_BODIES: list[tuple[dict[str, Any], str]] = [
    ({"month": "2026-13", "lines": [a_line()]}, "/month"),
    ({"month": "2026-12"}, ""),
    ({"month": "2026-12", "lines": []}, "/lines"),
    ({"month": "2026-12", "lines": "x"}, "/lines"),
    ({"month": "2026-12", "lines": ["x"]}, "/lines/0"),
    ({"month": "2026-12", "lines": [a_line()], "part": 0}, "/part"),
    ({"month": "2026-12", "lines": [a_line()], "replaces": "x"}, "/replaces"),
    ({"month": "2026-12", "lines": [a_line()], "sector": "x"}, "/sector"),
    ({"month": "2026-12", "lines": [a_line()], "more": 1}, ""),
    ({"month": "2026-12", "lines": [a_line(iban="FR7630006000011234567890189")]}, "/lines"),
    ({"month": "2026-12", "lines": [a_line(religion="x")]}, "/lines"),
    ({"month": "2026-12", "lines": [a_line(nir={"a": [1]})]}, "/lines/0/nir"),
    ({"month": "2026-12", "lines": [a_line(family_name="A\0B")]}, "/lines/0/family_name"),
    ({"month": "2026-12", "lines": [a_line(idle="0", worked="35")]}, "/lines"),
    ({"month": "2026-12", "lines": [a_line()], "upload": "00000000-0000-0000-0000-000000000000"}, ""),
    ({"month": "2026-12", "upload": "00000000-0000-0000-0000-000000000000"}, "/upload"),
    (
        {"month": "2026-12", "upload": "00000000-0000-0000-0000-000000000000", "sector": "ski"},
        "",
    ),
]


@pytest.mark.parametrize(("body", "pointer"), BAD_BODIES)
async def test_a_hostile_body_is_refused_where_it_is_wrong(
    body: dict[str, Any], pointer: str, door: Door, boss: Credentials, reference: str
) -> None:
    answer = await post(door(boss), reference, body)
    assert answer.status_code == 422, answer.text
    assert pointer in [each["pointer"] for each in answer.json()["errors"]]
    assert "religion" not in answer.text


async def test_a_body_has_a_thousand_lines_at_most(door: Door, boss: Credentials, reference: str) -> None:
    many = [a_line(person) for person in range(2, 1_003)]
    assert (await post(door(boss), reference, a_claim(*many))).status_code == 422
    long = await door(boss).post(f"/requests/{reference}/claims", content=b" " * 2**20 + b"{}", headers=JSON)
    assert long.status_code == 413


JSON = {"Content-Type": "application/json"}


async def test_a_week_that_is_not_over_is_refused_with_its_line(
    door: Door, boss: Credentials, database: Database
) -> None:
    early = authorized_for(database, boss, period={"start_on": "2027-02-01", "end_on": "2027-04-30"})
    lines = [a_line(1, week=date(2027, 4, 12)), a_line(1, week=date(2027, 4, 26))]
    answer = await post(door(boss), early, a_claim(*lines, month="2027-04"))
    assert [each["code"] for each in answer.json()["errors"]] == ["hours-to-come", "hours-to-come"]


async def test_the_same_call_is_answered_again_and_another_body_is_not(
    door: Door, boss: Credentials, reference: str, database: Database
) -> None:
    first = await post(door(boss), reference, key="k1")
    again = await post(door(boss), reference, key="k1")
    assert (first.status_code, again.status_code, again.json()["id"]) == (201, 201, first.json()["id"])
    other = await post(door(boss), reference, a_claim(a_line(2)), key="k1")
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-reused")


async def test_a_version_replaces_the_one_that_it_names(door: Door, boss: Credentials, reference: str) -> None:
    first = await filed(door(boss), reference)
    stands = await post(door(boss), reference)
    assert (stands.status_code, stands.json()["type"]) == (409, "/problems/claim-stands")
    second = await filed(door(boss), reference, a_claim(a_line(idle="8"), replaces=first["id"]))
    assert (second["version"], second["replaces"]) == (2, first["id"])
    versions = (await door(boss).get(f"/requests/{reference}/claims/2026-12")).json()["versions"]
    assert [(each["version"], each["state"]) for each in versions] == [(1, "replaced"), (2, "admitted")]
    foreign = await post(door(boss), reference, a_claim(replaces="00000000-0000-0000-0000-000000000000"))
    assert [each["pointer"] for each in foreign.json()["errors"]] == ["/replaces"]


async def test_hours_beyond_the_authorization_or_a_quota_say_so(
    door: Door, boss: Credentials, database: Database
) -> None:
    small = authorized_for(database, boss, hours="10", employees=1)
    many = await post(door(boss), small, a_claim(a_line(1), a_line(2)))
    assert (many.status_code, many.json()["type"]) == (409, "/problems/employees-exceeded")
    above = await post(door(boss), small, a_claim(a_line(idle="10.5")))
    assert (above.json()["type"], "Il reste 10 heures" in above.json()["detail"]) == ("/problems/hours-exceeded", True)


async def test_nothing_is_claimed_without_an_authorization(door: Door, boss: Credentials, database: Database) -> None:
    waiting = file_a_case(database, employer=Employer(boss.account_id, boss.siret, "34"))
    answer = await post(door(boss), waiting)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/not-authorized")


async def test_the_employer_reads_names_and_agents_read_numbers(
    door: Door, boss: Credentials, database: Database, reference: str
) -> None:
    await filed(door(boss), reference, a_claim(a_line(1), a_line(2), a_line(3)))
    address = f"/requests/{reference}/claims/2026-12/lines?limit=2"
    head = staff(database, "head")
    own, seen = (await door(boss).get(address)).json(), (await door(head).get(address)).json()
    assert [(each["line"], each["nir"], each["family_name"]) for each in own["items"]] == [
        (1, a_nir(1), SENTINEL_NAME),
        (2, a_nir(2), SENTINEL_NAME),
    ]
    assert [(each["line"], each["nir"], each["family_name"]) for each in seen["items"]] == [
        (1, None, None),
        (2, None, None),
    ]
    assert own["items"][0]["weeks"] == [
        {"week": "2026-12-07", "worked": "20", "idle": "7", "payable": "7", "limit": "35"}
    ]
    rest = (await door(boss).get(f"{address}&cursor={own['next']}")).json()
    assert ([each["line"] for each in rest["items"]], rest["next"]) == ([3], None)
    assert (await door(head).get(f"/requests/{reference}/claims/2026-12/file")).status_code == 403


async def test_one_amount_is_explained_down_to_its_article(door: Door, boss: Credentials, reference: str) -> None:
    """3 × 3.33 h at 8.57 are 85.61 by month; and 7 h at 14.40 for another pay of the same month."""
    weeks = (date(2026, 12, 7), date(2026, 12, 14), date(2026, 12, 21))
    lines = [*(a_line(1, week=each, idle="3.33") for each in weeks), a_line(1, date(2026, 12, 28), hourly_gross="40")]
    found = await filed(door(boss), reference, a_claim(*lines))
    told = (await door(boss).get(f"/requests/{reference}/claims/2026-12/explanations/1")).json()
    assert (told["allowance"], told["payable"]) == (found["allowance"], "16.99")
    assert [(each["hours"], each["allowance_hourly"], each["allowance"]) for each in told["products"]] == [
        ("9.99", "8.57", "85.61"),
        ("7", "14.40", "100.80"),
    ]
    assert Decimal(told["allowance"]) == sum(Decimal(each["allowance"]) for each in told["products"])
    assert {"R. 5122-14", "R. 5122-19", "D. 5122-13"} <= {each["article"] for each in told["why"]}
    assert "retenus" not in told["why"][-1]["text"]
    assert (await door(boss).get(f"/requests/{reference}/claims/2026-12/explanations/2")).status_code == 404


async def test_the_file_of_a_claim_is_what_is_sent_again(door: Door, boss: Credentials, reference: str) -> None:
    lines = [a_line(1, hourly_gross="15.5", apprentice=True), a_line(1, date(2026, 12, 14), contract_hours="28")]
    first = await filed(door(boss), reference, a_claim(*lines, a_line(2, usage_name="Durand")))
    written = await door(boss).get(f"/requests/{reference}/claims/2026-12/file")
    assert written.headers["content-disposition"] == f'attachment; filename="{reference}-2026-12-1-1.csv"'
    assert written.text.splitlines()[1:] == [
        f"{a_nir(1)};{SENTINEL_NAME};;Anne;employé;02;35;2026-W50;20;7;15,5;oui",
        f"{a_nir(1)};{SENTINEL_NAME};;Anne;employé;02;28;2026-W51;20;7;15;non",
        f"{a_nir(2)};{SENTINEL_NAME};Durand;Anne;employé;02;35;2026-W50;20;7;15;non",
    ]
    assert first["people"] == 2


async def test_a_claim_is_cancelled_until_it_is_handed_over(
    door: Door, boss: Credentials, database: Database, reference: str
) -> None:
    await filed(door(boss), reference)
    cancellation = f"/requests/{reference}/claims/2026-12/cancellation"
    done, again = [await door(boss).post(cancellation) for _ in range(2)]
    assert (done.status_code, done.json()["state"], again.json()["state"]) == (200, "void", "void")
    second = await filed(door(boss), reference)
    hand_over(database, second["id"])
    late = await door(boss).post(cancellation)
    assert (late.status_code, late.json()["type"]) == (409, "/problems/already-handed")
    nothing = await door(boss).post(f"/requests/{reference}/claims/2027-01/cancellation")
    assert nothing.status_code == 404
    assert differences(database) == ()


async def test_a_claim_of_somebody_else_does_not_exist(
    door: Door, boss: Credentials, database: Database, reference: str
) -> None:
    await filed(door(boss), reference)
    stranger, elsewhere = employer(database), staff(database, "instructor", "75")
    for who in (stranger, elsewhere):
        for path in ("", "/2026-12", "/2026-12/lines", "/2026-12/explanations/1"):
            assert (await door(who).get(f"/requests/{reference}/claims{path}")).status_code == 404
    assert (await post(door(stranger), reference)).status_code == 404
    assert (await door(stranger).get(f"/requests/{reference}/claims/2026-12/file")).status_code == 404


async def test_parts_and_a_reference_of_eleven_characters_name_the_same(
    door: Door, boss: Credentials, reference: str
) -> None:
    await filed(door(boss), f"{reference}00", a_claim(a_line(1), part=2))
    assert (await door(boss).get(f"/requests/{reference}00/claims/2026-12")).status_code == 404
    found = (await door(boss).get(f"/requests/{reference}00/claims/2026-12?part=2")).json()
    assert (found["reference"], found["versions"][0]["part"]) == (reference, 2)
    (listed,) = (await door(boss).get(f"/requests/{reference}/claims")).json()["items"]
    assert listed == found["versions"][0]


async def test_nobody_is_named_once_the_case_is_erased(
    door: Door, boss: Credentials, database: Database, reference: str
) -> None:
    await filed(door(boss), reference)
    close(database, reference)
    erase(database, reference)
    listed = (await door(boss).get(f"/requests/{reference}/claims/2026-12/lines")).json()
    assert (listed["erased"], [each["nir"] for each in listed["items"]]) == (True, [None])
    written = await door(boss).get(f"/requests/{reference}/claims/2026-12/file")
    assert (written.status_code, written.json()["type"]) == (409, "/problems/people-erased")
