"""Metrics of the HTTP server and their alerts: each condition is caused, then detected."""

import asyncio
import secrets
from datetime import timedelta
from pathlib import Path

import pytest
from httpx import AsyncClient
from prometheus_client import CollectorRegistry, generate_latest
from sqlalchemy import text
from starlette.types import Message, Receive, Scope, Send

from activities.register import StoredRegisterActs
from models.engine.names import authorization_id
from models.messages.case import Incident, Ref
from models.store.agency import rows
from models.store.cases import documents
from models.store.database import Database, case_now
from models.store.journal import events
from models.store.operations import register_metrics
from models.store.people import activations, companies, enrolments, notices
from starter.http.middleware import Middleware
from starter.metrics import Calls
from tests.alerting import firing, samples
from tests.builders import Credentials, a_filing
from tests.cases import ask_to_enrol, file_a_case, master_key
from tests.starter.people import Door


class Shown:
    """The metrics page of the HTTP server."""

    def __init__(self, reader: AsyncClient) -> None:
        self._reader = reader

    async def now(self) -> str:
        """Read it."""
        answer = await self._reader.get("/metrics")
        assert answer.status_code == 200
        return answer.text


@pytest.fixture
def shown(door: Door, operator: Credentials, monkeypatch: pytest.MonkeyPatch) -> Shown:
    monkeypatch.setattr(register_metrics, "SECONDS_BETWEEN_FULL_READINGS", 0.0)
    return Shown(door(operator))


def run(database: Database, statement: str, **values: object) -> None:
    with database.begin() as connection:
        connection.execute(text(statement), values)


async def test_it_is_shown_to_an_operator_only(door: Door, boss: Credentials, agent: Credentials) -> None:
    assert (await door().get("/metrics")).status_code == 401
    assert (await door(boss).get("/metrics")).status_code == 403
    assert (await door(agent).get("/metrics")).status_code == 403


async def test_calls_are_counted_by_route_whatever_is_invented(door: Door, boss: Credentials, shown: Shown) -> None:
    reference = (await door(boss).post("/requests", json=a_filing())).json()["reference"]
    await door(boss).get(f"/requests/{reference}")
    for _ in range(5):
        await door().get(f"/{secrets.token_hex(4)}")
        await door().request(secrets.token_hex(4).upper(), f"/requests/{secrets.token_hex(4)}")
    counted = {name: n for name, n in samples(await shown.now()).items() if "call_seconds_count" in name}
    call = 'tacite_call_seconds_count{{method="{}",route="{}",status="{}"}}'.format
    assert counted == {
        call("POST", "/api/v1/requests", 201): 1,
        call("GET", "/api/v1/requests/{reference}", 200): 1,
        call("GET", "-", 404): 5,
        call("-", "/api/v1/requests/{reference}", 405): 5,
    }


async def test_a_quiet_register_raises_nothing(database: Database, shown: Shown, tmp_path: Path) -> None:
    file_a_case(database)
    seen = await shown.now()
    assert firing(tmp_path, seen, seen) == {"RelaisAbsent"}, "a relay shows itself on a port of its own"


async def test_an_outbox_that_nobody_empties(database: Database, shown: Shown, tmp_path: Path) -> None:
    before = await shown.now()
    file_a_case(database)
    run(database, "UPDATE outbox SET created_at = created_at - interval '2 minutes'")
    after = await shown.now()
    assert samples(after)["tacite_outbox_waiting{}"] == 1
    assert "MoteurNonPrévenu" in firing(tmp_path, before, after)


async def test_a_silence_that_is_due_and_that_nobody_records(database: Database, shown: Shown, tmp_path: Path) -> None:
    before = await shown.now()
    reference = file_a_case(database, left=timedelta(seconds=-90))
    after = await shown.now()
    assert samples(after)["tacite_due_waiting{}"] == 1
    assert 90 <= samples(after)["tacite_due_oldest_seconds{}"] < 120
    assert "SilenceNonConstaté" in firing(tmp_path, before, after)
    StoredRegisterActs(database).establish_silence(Ref(reference=reference, id=""))
    late = await shown.now()
    assert samples(late)["tacite_due_waiting{}"] == 0
    assert firing(tmp_path, after, late) == {"RelaisAbsent", "SilenceEnRetard"}


async def test_the_lateness_of_silence_leaves_paper_out(database: Database, shown: Shown) -> None:
    for lateness, channel in ((1.5, "online"), (0.2, "online"), (900_000.0, "paper")):
        reference = file_a_case(database, left=timedelta(seconds=-5))
        StoredRegisterActs(database).establish_silence(Ref(reference=reference, id=""))
        recorded = "UPDATE request SET channel = :c, recorded_at = effect_at + make_interval(secs => :l)"
        run(database, f"{recorded} WHERE reference = :r", c=channel, l=lateness, r=reference)
    seen = samples(await shown.now())
    bucket = 'tacite_silence_lateness_seconds_bucket{{le="{}"}}'.format
    assert [seen[bucket(le)] for le in ("0.0", "0.1", "0.25", "1.0", "2.0", "+Inf")] == [0, 0, 1, 1, 2, 2]
    assert seen["tacite_silence_lateness_seconds_sum{}"] == pytest.approx(1.7)
    assert seen['tacite_outcomes_total{outcome="tacit"}'] == 3
    assert seen['tacite_filings_total{channel="paper"}'] == 1


async def test_an_acceptance_recorded_before_its_instant(database: Database, shown: Shown, tmp_path: Path) -> None:
    before = await shown.now()
    reference = file_a_case(database, left=timedelta(seconds=-5))
    StoredRegisterActs(database).establish_silence(Ref(reference=reference, id=""))
    run(database, "UPDATE request SET recorded_at = effect_at - interval '1 second'")
    assert "SilenceEnAvance" in firing(tmp_path, before, await shown.now())


async def test_cases_parked_on_a_part(database: Database, shown: Shown, tmp_path: Path) -> None:
    acts = StoredRegisterActs(database)
    before = await shown.now()
    broken = [
        Incident(subject=authorization_id(file_a_case(database)), act="issue_receipt", part="timestamp")
        for _ in range(3)
    ]
    for each in broken:
        acts.open_incident(each)
    run(database, "UPDATE incident SET opened_at = opened_at - interval '11 minutes'")
    after = await shown.now()
    assert samples(after)['tacite_parked_acts{part="timestamp"}'] == 3
    assert "DossiersEnAttente" in firing(tmp_path, before, after)
    for each in broken:
        acts.close_incident(each)
    assert "DossiersEnAttente" not in firing(tmp_path, after, await shown.now())


async def test_authorizations_that_the_agency_does_not_take(database: Database, shown: Shown, tmp_path: Path) -> None:
    before = await shown.now()
    reference = file_a_case(database, left=timedelta(seconds=-5))
    StoredRegisterActs(database).establish_silence(Ref(reference=reference, id=""))
    with database.begin() as connection:
        at = case_now(connection, reference)
        sealed = documents.Sealed(
            reference=reference,
            kind="attestation",
            subject="",
            number=f"{reference}00",
            sha256="0" * 64,
            bytes=b"",
            signed_at=at,
        )
        documents.store(connection, sealed)
        documents.publish(connection, reference, "", at)
        rows.hand_over(connection, reference)
    run(database, "UPDATE deposit_row SET created_at = created_at - interval '2 hours'")
    after = await shown.now()
    assert samples(after)["tacite_deposits_waiting{}"] == 1
    assert "DépôtsEnAttente" in firing(tmp_path, before, after)


async def test_calls_that_fail(door: Door, boss: Credentials, shown: Shown, tmp_path: Path) -> None:
    before = await shown.now()
    answer = await door(boss).post("/verifications", files={"file": ("a.pdf", b"%PDF-1.7")})
    assert answer.status_code == 503, "no engine answers here"
    assert "GuichetsEnErreur" in firing(tmp_path, before, await shown.now(), lasting=True)


async def test_calls_that_last(database: Database, door: Door, boss: Credentials, shown: Shown, tmp_path: Path) -> None:
    reference = (await door(boss).post("/requests", json=a_filing())).json()["reference"]
    before = await shown.now()
    with database.begin() as connection:
        connection.execute(text("LOCK TABLE request IN ACCESS EXCLUSIVE MODE"))
        reading = asyncio.create_task(door(boss).get(f"/requests/{reference}"))
        await asyncio.sleep(1.1)
    assert (await reading).status_code == 200
    assert "GuichetsLents" in firing(tmp_path, before, await shown.now(), lasting=True)


async def test_more_calls_under_way_than_a_door_can_hold(tmp_path: Path) -> None:
    registry, go_on = CollectorRegistry(), asyncio.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await go_on.wait()

    async def silent() -> Message:
        raise AssertionError("nothing is asked")

    async def deaf(message: Message) -> None:
        raise AssertionError("nothing is said")

    guard = Middleware(slow, secure=False, calls=Calls(registry))
    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    before = generate_latest(registry).decode()
    async with asyncio.TaskGroup() as calls:
        for number in range(1_501):
            calls.create_task(guard(scope | {"client": (f"10.0.0.{number % 2}", 1)}, silent, deaf))
        await asyncio.sleep(0.5)
        after = generate_latest(registry).decode()
        go_on.set()
    assert "GuichetPlein" in firing(tmp_path, before, after)


async def test_events_that_no_night_stamped(database: Database, shown: Shown, tmp_path: Path) -> None:
    before = await shown.now()
    with database.begin() as connection:
        stamped = "INSERT INTO anchor (number, upto, digest, token) SELECT 1, max(position), '', '' FROM event"
        connection.execute(text(stamped))
        at = connection.execute(text("SELECT now() - interval '2 days'")).scalar_one()
        events.append(connection, "034ZZZZ99", "request_received", at)
    assert "JournalNonHorodaté" in firing(tmp_path, before, await shown.now())


async def test_a_register_that_the_audit_found_changed(database: Database, shown: Shown, tmp_path: Path) -> None:
    before = await shown.now()
    run(
        database,
        "INSERT INTO audit (everything, upto, events, anchors, broken, ended_at)"
        """ VALUES (true, 1, 1, 1, '[{"subject": "x", "seq": 1, "what": "x"}]', now() - interval '2 days')""",
    )
    run(
        database,
        "INSERT INTO anchor (number, upto, digest, token, stamped_at)"
        " VALUES (1, 1, '', '', now() - interval '2 days'), (2, 2, '', '', now() - interval '2 days')",
    )
    run(database, "INSERT INTO anchor_copy (number, name) VALUES (1, 'ancre')")
    found = firing(tmp_path, before, await shown.now())
    assert {"RegistreModifié", "AuditAbsent", "AncragesNonCopiés"} <= found


def test_a_register_that_is_away_is_told_and_nothing_breaks(tmp_path: Path) -> None:
    measured = CollectorRegistry(auto_describe=False)
    with Database("postgresql://tacite@127.0.0.1:9/none") as away:
        measured.register(register_metrics.RegisterCollector(away))
        seen = generate_latest(measured).decode()
    assert samples(seen) == {"tacite_register_up{}": 0}
    assert "RegistreMuet" in firing(tmp_path, seen, seen)


async def test_credentials_that_do_not_leave_then_leave_too_late(
    database: Database, shown: Shown, tmp_path: Path
) -> None:
    before = await shown.now()
    made = ask_to_enrol(database)
    with database.begin() as connection:
        activations.issue(connection, made.id, master_key())
        enrolments.advance(connection, made.id, timedelta(minutes=56))
    run(database, "UPDATE enrolment SET clock_offset = '0', requested_at = requested_at - interval '56 min'")
    waiting = await shown.now()
    assert "IdentifiantsEnRetard" in firing(tmp_path, before, waiting)
    run(
        database,
        "UPDATE notice SET sent_at = clock_timestamp() + interval '14 min' WHERE kind = 'credentials'",
    )
    with database.begin() as connection:
        enrolments.change(connection, made.id, due_at=made.due_at - timedelta(minutes=56))
        activations.watch(connection, made.id)
    after = await shown.now()
    assert firing(tmp_path, waiting, after) >= {"IdentifiantsHorsDélai"}
    told = samples(after)
    assert told["tacite_credentials_waiting{}"] == 0
    assert told["tacite_credentials_breaches_total{}"] == 1
    assert told['tacite_enrolments{status="open"}'] == 1
    assert told['tacite_credentials_delay_seconds_bucket{le="3600.0"}'] == 0
    assert told['tacite_credentials_delay_seconds_bucket{le="7200.0"}'] == 1


@pytest.mark.parametrize("why", ["mailbox", "mail_queue"])
async def test_what_a_stranger_makes_late_raises_no_alert(database: Database, shown: Shown, why: str) -> None:
    made = ask_to_enrol(database)
    with database.begin() as connection:
        activations.issue(connection, made.id, master_key())
        if why == "mailbox":
            notices.defer(connection, notices.list_unsent(connection, made.process)[0].key)
        else:
            enrolments.change(connection, made.id, mailed_from=made.due_at + timedelta(hours=3))
        for minutes in (56, 5):
            enrolments.advance(connection, made.id, timedelta(minutes=minutes))
            assert activations.watch(connection, made.id).refused
        assert enrolments.get(connection, made.id).breached_at
    told = samples(await shown.now())
    assert (told["tacite_credentials_waiting{}"], told["tacite_credentials_breaches_total{}"]) == (0, 0)


async def test_answers_of_the_register_of_establishments_are_counted_by_source(
    shown: Shown, database: Database
) -> None:
    with database.begin() as connection:
        for outcome in ("listed", "listed", "away"):
            companies.count(connection, "sirene", outcome)
    told = samples(await shown.now())
    assert told['tacite_company_answers_total{outcome="listed",source="sirene"}'] == 2
    assert told['tacite_company_answers_total{outcome="away",source="sirene"}'] == 1
