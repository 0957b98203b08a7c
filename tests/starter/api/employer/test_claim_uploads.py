"""A file of a claim through the door: sealed as it arrives, read, corrected with its errors, mapped once for good."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from law.calendar import add_months
from local.postgres import Postgres
from models.claim_files.error_table import HEADER, MARK
from models.claim_files.faults import FaultCode
from models.engine.names import upload_process
from models.store.claims.uploads import ending, reading
from models.store.database import Database
from models.store.journal import outbox
from models.store.people import quotas
from tests.builders import Credentials, employer
from tests.cases import Employer, file_a_case
from tests.models.store.claims.builders import authorize
from tests.starter.conftest import a_setting, one_register
from tests.starter.people import Door
from tests.uploads import A_LINE, MONTH, NIR, a_dsn, a_file, a_payroll_file, read, rows, standing

SENTINEL_NAME = "Sentinelle"
MAX_BYTES = 50_000
LATER = {"start_on": "2027-06-01", "end_on": "2027-07-31"}


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> object:
    return a_setting(database, tmp_path, claim_bytes=MAX_BYTES)


@pytest.fixture
def reference(database: Database, boss: Credentials) -> str:
    return authorize(database, employer=Employer(boss.account_id, boss.siret, "34"))


def address(reference: str, month: str = "2026-12") -> str:
    return f"/requests/{reference}/claims/{month}/uploads"


async def send(
    client: httpx.AsyncClient,
    reference: str,
    content: bytes | None = None,
    month: str = "2026-12",
    key: str = "",
    **said: str,
) -> httpx.Response:
    content = a_file() if content is None else content
    return await client.post(
        address(reference, month), params=said, content=content, headers={"Idempotency-Key": key} if key else {}
    )


async def sent(client: httpx.AsyncClient, database: Database, reference: str, content: bytes, **said: str) -> str:
    """Send a file and have it read; returns its address."""
    answer = await send(client, reference, content, **said)
    assert answer.status_code == 202, answer.text
    read(database, answer.json()["id"])
    return str(answer.json()["links"]["self"]).removeprefix("/api/v1")


async def test_a_file_is_accepted_sealed_and_its_process_started(
    door: Door, boss: Credentials, database: Database, reference: str
) -> None:
    answer = await send(door(boss), reference)
    assert answer.status_code == 202
    upload_id = answer.json()["id"]
    file = f"/api/v1{address(reference)}/{upload_id}"
    assert answer.json() == {
        "id": upload_id,
        "links": {"self": file, "errors": f"{file}/errors.csv", "profile": f"{file}/profile"},
    }
    assert answer.headers["location"] == file
    with database.begin() as connection:
        waiting = outbox.list_waiting(connection, 1_000)
    assert [each.kind for each in waiting if each.workflow_id == upload_process(upload_id)] == ["start"]
    sealed = rows(database, "SELECT sealed, size FROM upload WHERE id = CAST(:id AS uuid)", id=upload_id)[0]
    assert sealed[1] == len(a_file())
    assert SENTINEL_NAME.encode() not in bytes(sealed[0])  # type: ignore[call-overload]
    before = (await door(boss).get(file.removeprefix("/api/v1"))).json()
    assert (before["state"], before["lines"], before["people"], before["allowance"]) == ("reading", 0, None, None)


async def test_what_was_read_is_shown_with_its_sums(
    door: Door, boss: Credentials, database: Database, reference: str
) -> None:
    client = door(boss)
    shown = (await client.get(await sent(client, database, reference, a_payroll_file()))).json()
    assert (shown["state"], shown["people"], shown["errors"], shown["first_errors"]) == ("read", 3, 0, [])
    assert shown["lines"] == shown["read"] > 3
    assert re.fullmatch(r"\d+\.\d\d", shown["allowance"])
    assert (shown["month"], shown["part"], shown["submittable"]) == ("2026-12", 1, True)


async def test_errors_are_told_first_beside_the_state_and_all_in_a_table(
    door: Door, boss: Credentials, database: Database, reference: str
) -> None:
    client = door(boss)
    wrong = [A_LINE | {"nir": NIR[:13] + "10", "prenom": f"Zoé{'e' * at}"} for at in range(25)]
    at = await sent(client, database, reference, a_file(*wrong))
    shown = (await client.get(at)).json()
    assert (shown["state"], len(shown["first_errors"])) == ("with_errors", 20)
    assert shown["errors"] >= 25
    first = shown["first_errors"][0]
    assert (first["line"], first["column"], first["code"]) == (2, "nir", "nir-key")
    assert first["message"].endswith(FaultCode.NIR_KEY.advice)
    table = await client.get(f"{at}/errors.csv")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert table.text.startswith(MARK)
    header, *lines = csv.reader(io.StringIO(table.text.removeprefix(MARK)), delimiter=";")
    assert tuple(header) == HEADER
    assert len(lines) == shown["errors"]
    assert NIR[5:13] not in table.text + str(shown)


async def test_a_dsn_gives_people_and_hours_and_no_amount(
    door: Door, boss: Credentials, database: Database, reference: str
) -> None:
    client = door(boss)
    shown = (await client.get(await sent(client, database, reference, a_dsn(boss.siret)))).json()
    assert (shown["state"], shown["people"], shown["allowance"], shown["submittable"]) == ("read", 3, None, False)


async def test_unknown_headers_are_mapped_once_and_the_file_is_read_again(
    door: Door, boss: Credentials, database: Database, reference: str
) -> None:
    client = door(boss)
    content = a_file({("Salarié n°" if name == "nir" else name): A_LINE[name] for name in A_LINE} | {"Prime": "12"})
    at = await sent(client, database, reference, content)
    assert (await client.get(at)).json()["state"] == "unreadable"
    profile = {"name": "Paie Durand", "headers": {"Salarié n°": "nir"}}
    shown = (await client.put(f"{at}/profile", json=profile)).json()
    assert (shown["state"], shown["profile"], shown["profile_version"]) == ("reading", "Paie Durand", 1)
    assert (await client.put(f"{at}/profile", json=profile)).json()["type"] == "/problems/upload-being-read"
    read(database, shown["id"])
    shown = (await client.get(at)).json()
    assert (shown["state"], [each["header"] for each in shown["unknown_headers"]]) == ("read", ["Prime"])
    wrong = await client.put(f"{at}/profile", json={"name": "Paie", "headers": {"Prime": "salary"}})
    assert wrong.status_code == 422
    nir = A_LINE["nir"]
    wrong = await client.put(f"{at}/profile", json={"name": "Paie", "headers": {f"Salarié {nir}": "ignored"}})
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (422, "personal-number")
    assert nir not in wrong.text
    following = await send(client, reference, content)
    assert read(database, following.json()["id"]).state == "read"


async def test_each_reading_of_a_file_counts_and_there_are_few_of_one_file(
    door: Door, boss: Credentials, database: Database, reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = door(boss)
    at = await sent(client, database, reference, a_file())

    async def stated(n: int) -> httpx.Response:
        answer = await client.put(f"{at}/profile", json={"name": f"Paie {n}"})
        read(database, at.rpartition("/")[2])
        return answer

    monkeypatch.setattr(reading, "MAX_PROFILES", 2)
    assert [(await stated(n)).status_code for n in (1, 1, 2)] == [200, 200, 200]
    counted = "SELECT used FROM daily_use WHERE kind = 'files' AND account_id = CAST(:of AS uuid)"
    assert rows(database, counted, of=boss.account_id) == [(3,)]
    refused = await stated(3)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/too-many-profiles")
    assert standing(database, at.rpartition("/")[2]).profile == "Paie 2"
    monkeypatch.setattr(reading, "MAX_PROFILES", 20)
    with database.begin() as connection:
        quotas.charge(connection, boss.account_id, "examining", 1_000_000)
    assert (await stated(3)).status_code == 429
    assert standing(database, at.rpartition("/")[2]).profile == "Paie 2"


async def test_the_same_key_answers_the_same_file_and_refuses_another(
    door: Door, boss: Credentials, database: Database, reference: str
) -> None:
    client = door(boss)
    key = f"k-{reference}"
    first, again = await send(client, reference, key=key), await send(client, reference, key=key)
    assert first.json() == again.json()
    assert (await send(client, reference, a_payroll_file(), key=key)).status_code == 422
    assert len(rows(database, "SELECT FROM upload WHERE reference = :of", of=reference)) == 1


async def test_an_establishment_has_one_file_read_at_once(
    door: Door, boss: Credentials, database: Database, reference: str
) -> None:
    client = door(boss)
    first = await send(client, reference)
    refused = await send(client, reference, a_payroll_file())
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/upload-being-read")
    read(database, first.json()["id"])
    assert (await send(client, reference, a_payroll_file())).status_code == 202


async def test_what_can_be_claimed_by_no_file_is_refused_before_its_bytes(
    door: Door, boss: Credentials, database: Database, reference: str
) -> None:
    client = door(boss)
    later = f"{add_months(MONTH, 3):%Y-%m}"
    outside = await send(client, reference, month=later)
    assert (outside.status_code, outside.json()["type"]) == (409, "/problems/outside-period")
    assert (await send(client, reference, month="2026-13")).status_code == 422
    undecided_case = file_a_case(database, employer=Employer(boss.account_id, boss.siret, "34"), period=LATER)
    undecided = await send(client, undecided_case)
    assert (undecided.status_code, undecided.json()["type"]) == (409, "/problems/not-authorized")


async def test_a_file_that_is_too_large_empty_or_in_a_form_is_refused(
    door: Door, boss: Credentials, reference: str
) -> None:
    client = door(boss)
    large = await send(client, reference, b"a" * (MAX_BYTES + 1))
    assert large.status_code == 413
    assert (await send(client, reference, b"")).json()["errors"][0]["code"] == "empty"
    form = await client.post(address(reference), files={"file": ("a.csv", a_file())})
    assert form.status_code == 415


async def test_a_file_that_was_read_is_filed_as_a_claim_once(
    door: Door, boss: Credentials, database: Database, reference: str
) -> None:
    client = door(boss)
    at = await sent(client, database, reference, a_file())
    body = {"month": "2026-12", "upload": at.rpartition("/")[2]}
    filed = await client.post(f"/requests/{reference}/claims", json=body)
    assert filed.status_code == 201, filed.text
    shown = (await client.get(at)).json()
    assert (shown["state"], shown["people"], shown["allowance"]) == ("submitted", 1, filed.json()["allowance"])
    again = await client.post(f"/requests/{reference}/claims", json=body)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/upload-ended")


async def test_nobody_else_sees_a_file(
    door: Door, boss: Credentials, agent: Credentials, database: Database, reference: str
) -> None:
    at = await sent(door(boss), database, reference, a_file())
    other = employer(database)
    for path in (at, f"{at}/errors.csv"):
        assert (await door(other).get(path)).status_code == 404
        assert (await door(agent).get(path)).status_code == 403
    assert (await send(door(other), reference)).status_code == 404
    mine = authorize(database, employer=Employer(other.account_id, other.siret, "34"))
    assert (await door(other).get(f"{address(mine)}/{at.rpartition('/')[2]}")).status_code == 404


async def test_a_file_that_ended_keeps_nothing_and_takes_no_profile(
    door: Door, boss: Credentials, database: Database, reference: str
) -> None:
    client = door(boss)
    at = await sent(client, database, reference, a_file(A_LINE | {"categorie": "X9"}))
    with database.begin() as connection:
        ending.forget(connection, at.rpartition("/")[2])
    shown = (await client.get(at)).json()
    assert (shown["state"], shown["errors"], shown["first_errors"]) == ("expired", 0, [])
    assert len((await client.get(f"{at}/errors.csv")).text.splitlines()) == 1
    refused = await client.put(f"{at}/profile", json={"name": "Paie"})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/upload-ended")
    assert standing(database, at.rpartition("/")[2]).state == "expired"
