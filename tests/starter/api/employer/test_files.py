"""Files that an employer sends: kept once, joined by their owner alone, read by whoever may read the case."""

from collections.abc import Iterator
from dataclasses import replace
from time import sleep

import httpx
import pytest
from fastapi import FastAPI

from local.postgres import Postgres
from models.examination.client import Examined, Examiner, ExaminerUnavailable
from models.examination.shapes import Kind, V
from models.store.cases import completions, files
from models.store.database import Database
from models.store.people import quotas
from tests.builders import Credentials, a_draft, a_filing, employer, staff
from tests.cases import an_agent, request_pieces
from tests.starter.conftest import one_register
from tests.starter.files import PNG, a_pdf, send
from tests.starter.people import Door, readings


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


async def test_the_same_key_keeps_one_file(door: Door, boss: Credentials) -> None:
    first = await send(door(boss), PNG, **{"Idempotency-Key": "f"})
    assert (await send(door(boss), PNG, **{"Idempotency-Key": "f"})).json() == first.json()
    assert (await send(door(boss), a_pdf(), **{"Idempotency-Key": "f"})).status_code == 422


async def test_only_ones_own_file_can_be_joined(door: Door, boss: Credentials, database: Database) -> None:
    stranger = employer(database)
    file_id = (await send(door(boss), a_pdf())).json()["id"]
    opinion = {"opinion": "favourable", "given_on": "2026-11-20", "file": file_id}
    foreign = await door(stranger).post("/requests", json=a_filing(works_council=opinion))
    assert [error["code"] for error in foreign.json()["errors"]] == ["file-unknown"]
    mine = await door(boss).post("/requests", json=a_filing(works_council=opinion))
    assert mine.status_code == 201


async def test_files_of_a_day_have_a_quota_for_each_establishment(
    door: Door, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(quotas.QUOTAS, "files", replace(quotas.QUOTAS["files"], most=2))
    for establishments in (1, 2):
        client = door(employer(database, establishments=establishments))
        statuses = []
        for number in range(2 * establishments + 1):
            answer = await client.post("/files", files={"file": ("t.csv", f"a;b\n1;{number}\n")})
            statuses.append(answer.status_code)
        assert statuses == [201] * 2 * establishments + [429]
        assert answer.json()["type"] == "/problems/too-many"
        assert "quota" in answer.json()["detail"]
        assert int(answer.headers["retry-after"]) > 0


async def test_a_repeated_upload_uses_nothing_more(
    door: Door, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(quotas.QUOTAS, "files", replace(quotas.QUOTAS["files"], most=1))
    client, key = door(employer(database)), {"Idempotency-Key": "once"}
    answers = [await client.post("/files", files={"file": ("t.csv", "a;b\n1;2\n")}, headers=key) for _ in range(3)]
    assert {each.status_code for each in answers} == {201}


class Counting(Examiner):
    """The real examination, counted; or none, as when the program is away."""

    def __init__(self, real: Examiner) -> None:
        super().__init__("")
        self.real, self.judged, self.away, self.wait, self.lost = real, 0, False, 0.0, 0

    def measure(self, kind: Kind[V], content: bytes, context: object = None) -> Examined[V]:
        if self.away:
            raise ExaminerUnavailable("stopped", self.lost)
        self.judged += 1
        sleep(self.wait)
        return self.real.measure(kind, content)


@pytest.fixture
def examiner(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Counting:
    counting = Counting(app.state.context.examiner)
    object.__setattr__(app.state.context, "examiner", counting)
    return counting


async def test_a_repeated_key_is_judged_once(door: Door, database: Database, examiner: Counting) -> None:
    client, key = door(employer(database)), {"Idempotency-Key": "again"}
    first = await send(client, PNG, **key)
    assert {(await send(client, PNG, **key)).text for _ in range(3)} == {first.text}
    assert (await send(client, a_pdf(), **key)).status_code == 422
    assert examiner.judged == 1


async def test_beyond_a_quota_no_file_is_judged(
    door: Door, database: Database, examiner: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(quotas.QUOTAS, "files", replace(quotas.QUOTAS["files"], most=1))
    client = door(employer(database))
    assert [(await send(client, PNG)).status_code for _ in range(3)] == [201, 429, 429]
    monkeypatch.setitem(quotas.QUOTAS, "examining", replace(quotas.QUOTAS["examining"], most=1))
    monkeypatch.setitem(quotas.QUOTAS, "files", replace(quotas.QUOTAS["files"], most=99))
    client = door(employer(database))
    answers = [await send(client, PNG) for _ in range(2)]
    assert [each.status_code for each in answers] == [201, 429]
    assert "examen" in answers[1].json()["detail"]
    assert examiner.judged == 2


async def test_a_busy_machine_is_no_time_of_the_sender(
    door: Door, database: Database, examiner: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(quotas.QUOTAS, "examining", replace(quotas.QUOTAS["examining"], most=1_000))
    client, examiner.wait = door(employer(database)), 1.1
    assert [(await send(client, PNG)).status_code for _ in range(2)] == [201, 201]


async def test_what_nobody_could_judge_counts_for_nothing(
    door: Door, database: Database, examiner: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(quotas.QUOTAS, "files", replace(quotas.QUOTAS["files"], most=1))
    monkeypatch.setitem(quotas.QUOTAS, "file_bytes", replace(quotas.QUOTAS["file_bytes"], most=len(PNG)))
    client, examiner.away = door(employer(database)), True
    assert [(await send(client, PNG)).status_code for _ in range(2)] == [503, 503]
    examiner.away = False
    assert (await send(client, PNG)).status_code == 201


async def test_a_file_that_is_stopped_costs_its_sender_the_time_of_processor_it_took(
    door: Door, database: Database, examiner: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(quotas.QUOTAS, "examining", replace(quotas.QUOTAS["examining"], most=8_000))
    client, examiner.away, examiner.lost = door(employer(database)), True, 4_000
    answers = [await send(client, PNG) for _ in range(3)]
    assert [each.status_code for each in answers] == [503, 503, 429]
    assert "examen" in answers[2].json()["detail"]


async def test_unproven_establishments_share_one_quota(
    door: Door, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(quotas.QUOTAS, "files", replace(quotas.QUOTAS["files"], most=1))
    client = door(employer(database, establishments=3, proven=False))
    assert [(await send(client, PNG)).status_code for _ in range(2)] == [201, 429]


async def test_refused_files_have_a_quota_too(door: Door, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(quotas.QUOTAS, "refused_files", replace(quotas.QUOTAS["refused_files"], most=2))
    boss = employer(database)
    answers = [(await send(door(boss), b"MZ" + bytes([number]) * 99)).status_code for number in range(3)]
    assert answers == [422, 422, 429]
    assert (await send(door(boss), PNG)).status_code == 429
    assert (await send(door(employer(database)), PNG)).status_code == 201


async def cite(client: httpx.AsyncClient, content: bytes = PNG) -> tuple[str, str]:
    """File a request whose opinion is a file; returns its reference and the id of the file."""
    file_id = (await send(client, content)).json()["id"]
    opinion = {"opinion": "favourable", "given_on": "2026-11-20", "file": file_id}
    filed = await client.post("/requests", json=a_filing(works_council=opinion))
    assert filed.status_code == 201, filed.text
    return filed.json()["reference"], file_id


def notify_pieces(database: Database, reference: str) -> None:
    """Request two pieces, `circumstances` and `employees`."""
    articles = {"circumstances": "Précisions", "employees": "Nombre"}
    pieces = [{"code": code, "label": label, "text_reference": "R. 5122-2"} for code, label in articles.items()]
    asked = request_pieces(database, reference, an_agent(database), pieces=pieces)
    with database.begin() as connection:
        completions.notify(connection, asked)


async def test_a_file_is_downloaded_as_it_was_sent_and_never_shown(
    door: Door, boss: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "CHUNK_BYTES", 7)
    sent = (await send(door(boss), PNG)).json()
    answer = await door(boss).get(f"/files/{sent['id'].upper()}")
    assert (answer.status_code, answer.content) == (200, PNG)
    expected = {
        "content-type": "image/png",
        "content-disposition": f'attachment; filename="fichier-{sent["sha256"][:16]}.png"',
        "content-security-policy": "sandbox",
        "x-content-type-options": "nosniff",
        "etag": f'"{sent["sha256"]}"',
        "content-length": str(len(PNG)),
        "cache-control": "no-store",
    }
    assert {each: answer.headers[each] for each in expected} == expected


async def test_a_table_has_the_media_type_that_was_stored(door: Door, boss: Credentials) -> None:
    sent = await door(boss).post("/files", files={"file": ("t.csv", "a;b\n1;é\n".encode("latin-1"))})
    answer = await door(boss).get(f"/files/{sent.json()['id']}")
    assert (answer.headers["content-type"], answer.content) == ("text/csv", "a;b\n1;é\n".encode("latin-1"))
    assert answer.headers["content-disposition"].endswith('.csv"')


async def test_a_file_is_read_by_whoever_may_read_the_case_and_by_nobody_else(
    door: Door, boss: Credentials, database: Database
) -> None:
    reference, file_id = await cite(door(boss))
    reader = staff(database, "reader")
    assert (await door(reader).get(f"/files/{file_id}")).content == PNG
    assert readings(database, reader) == [f"{reference}/{file_id}"]
    unknown = await door(boss).get("/files/00000000-0000-0000-0000-000000000000")
    for who in (staff(database, "agent", "75"), employer(database)):
        refused = await door(who).get(f"/files/{file_id}")
        assert (refused.status_code, refused.text) == (404, unknown.text)
        assert readings(database, who) == []
    for role in ("auditor", "operator"):
        assert (await door(staff(database, role)).get(f"/files/{file_id}")).status_code == 403


async def test_a_file_that_nothing_cites_is_its_senders_alone(
    door: Door, boss: Credentials, agent: Credentials
) -> None:
    file_id = (await send(door(boss), PNG)).json()["id"]
    assert (await door(boss).get(f"/files/{file_id}")).status_code == 200
    assert (await door(agent).get(f"/files/{file_id}")).status_code == 404


async def test_a_draft_or_a_text_that_names_a_file_of_somebody_else_gives_no_right_to_it(
    door: Door, boss: Credentials, database: Database
) -> None:
    _, file_id = await cite(door(boss))
    thief = employer(database)
    draft = (await door(thief).post("/drafts", json=a_draft())).json()["id"]
    opinion = {"opinion": "favourable", "given_on": "2026-11-20", "file": file_id}
    (await door(thief).patch(f"/drafts/{draft}", json={"works_council": opinion})).raise_for_status()
    mine = (await door(thief).post("/requests", json=a_filing())).json()["reference"]
    notify_pieces(database, mine)
    text = {"pieces": [{"code": "circumstances", "text": f'"file": "{file_id}"'}]}
    (await door(thief).post(f"/requests/{mine}/completion", json=text)).raise_for_status()
    assert (await door(thief).get(f"/files/{file_id}")).status_code == 404


async def test_a_piece_is_read_by_the_agent_who_asked_for_it(
    door: Door, boss: Credentials, agent: Credentials, database: Database
) -> None:
    reference = (await door(boss).post("/requests", json=a_filing())).json()["reference"]
    notify_pieces(database, reference)
    file_id = (await send(door(boss), a_pdf())).json()["id"]
    assert (await door(agent).get(f"/files/{file_id}")).status_code == 404
    supplied = {"pieces": [{"code": "circumstances", "file": file_id}]}
    (await door(boss).post(f"/requests/{reference}/completion", json=supplied)).raise_for_status()
    assert (await door(agent).get(f"/files/{file_id}")).status_code == 200
