"""Parts break at random while cases go through every journey; then both stores are audited.

Budget: 240 s on two cores, twice that beside other tests. The short, fixed form of `make chaos`, without small disks
and wrong clocks, which not every machine allows. The seed draws the faults and
the journeys; timing on the machine adds the rest.
"""

import json
import random
import socket
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import psycopg
import pytest

from local.ports import free_port
from local.world import World
from tests.system.auditor import Auditor, Promise
from tests.system.chaos.audits import Promises, a_claims_auditor
from tests.system.chaos.campaign import run
from tests.system.chaos.faulty_world import FaultyWorld, a_faulty_world
from tests.system.chaos.links import Links
from tests.system.chaos.plan import TARGETS, plan
from tests.system.claims_office import taken_by
from tests.system.conftest import an_auditor
from tests.system.journey_deck import JOURNEYS

SEED: Final = 103
CASES: Final = 100
KINDS: Final = (
    "kill",
    "pause",
    "slow link",
    "link that hangs",
    "cut link",
    "time-stamps away",
    "time-stamp lies",
    "certificate expired",
    "certificates revoked",
    "deposit half-written",
    "agency away",
    "agency frozen",
    "agency's answers",
    "mail greylisted",
    "mail away",
    "establishments away",
    "hostile visitors",
)


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultyWorld]:
    with a_faulty_world(tmp_path_factory.mktemp("chaos") / "world", clocks=False) as ready:
        yield ready


def test_a_seed_is_a_plan_and_another_seed_another() -> None:
    assert plan(random.Random(1), 200) == plan(random.Random(1), 200)
    assert plan(random.Random(1), 200) != plan(random.Random(2), 200)


def test_in_a_long_plan_everything_happens_to_everything_and_nothing_twice_at_once() -> None:
    strikes = plan(random.Random(1), 4000)
    fallen = {(planned.kind, planned.target) for strike in strikes for planned in strike.faults}
    assert fallen == {(kind, target) for kind, targets in TARGETS.items() for target in targets}
    assert all(len({planned.part for planned in strike.faults}) == len(strike.faults) for strike in strikes)


def test_a_link_carries_holds_back_and_is_cut_as_it_is_told(tmp_path: Path) -> None:
    port = free_port()
    with socket.create_server(("127.0.0.1", 0)) as server:
        links = Links(tmp_path, {"essai": (port, server.getsockname()[1])})
        links.start()
        server.accept()[0].close()  # the client that checked whether it listens
        with closing(socket.create_connection(("127.0.0.1", port), timeout=5)) as here:
            there, _ = server.accept()
            with closing(there):
                there.settimeout(0.5)
                here.sendall(b"un")
                assert there.recv(100) == b"un"
                with links.fault("hang-essai"):
                    here.sendall(b"deux")
                    with pytest.raises(TimeoutError):
                        there.recv(100)
                there.settimeout(5)
                assert there.recv(100) == b"deux"
                with links.fault("cut-essai"):
                    assert _is_cut(here)
                    with closing(socket.create_connection(("127.0.0.1", port), timeout=5)) as again:
                        assert _is_cut(again)
        links.stop()


def _is_cut(end: socket.socket) -> bool:
    try:
        return end.recv(100) == b""
    except ConnectionResetError:
        return True


@pytest.mark.slow
@pytest.mark.timeout(1_800)
def test_whatever_breaks_nothing_is_lost_nothing_doubled_and_no_legal_instant_moves(
    faulty: FaultyWorld,
) -> None:
    drawn = plan(random.Random(SEED), CASES, KINDS)
    result, promises = run(faulty, SEED, CASES, kinds=KINDS)
    print(f"{CASES} cases in {result.seconds:.0f} s, broken: {dict(result.faults)}, late by {result.lateness} s")
    assert result.passed, "\n".join([*result.stuck, *result.findings][:30])
    assert result.faults == Counter(planned.kind for strike in drawn for planned in strike.faults)
    killed = {b.target for strike in drawn for b in strike.faults if b.kind == "kill"}
    assert set(result.faults) == set(KINDS)
    assert killed >= {"postgres", "engine", "doors", "relay", "worker"}
    assert set(result.journeys) == {journey.__name__ for journey in JOURNEYS}
    with psycopg.connect(faulty.world.postgres.dsn, autocommit=True) as session:
        _check_the_auditor(an_auditor(faulty.world, session), session, promises.cases)
        _check_the_claims_auditor(faulty.world, session, promises)


HARMS: Final = (
    "UPDATE request SET effect_at = effect_at + interval '1 second' WHERE reference = (SELECT min(reference) FROM"
    " request WHERE outcome = 'tacit')",
    "UPDATE request SET (notified_at, effect_at) = (deadline_at, deadline_at) WHERE reference = (SELECT min(reference)"
    " FROM request WHERE outcome = 'refused' AND deadline_at IS NOT NULL)",
    "UPDATE request SET (outcome, effect_at) = (NULL, NULL) WHERE outcome = 'desisted'",
    "UPDATE request SET outcome = 'granted' WHERE outcome = 'tacit'",
    "UPDATE idempotency SET answer = (SELECT max(answer) FROM idempotency) WHERE key LIKE 'filing-1%'",
    "DELETE FROM idempotency WHERE key = (SELECT min(key) FROM idempotency WHERE key LIKE 'filing-%')",
    "ALTER TABLE event DISABLE TRIGGER event_append_only; DELETE FROM event WHERE type = 'request_desisted'",
    "ALTER TABLE event DISABLE TRIGGER event_append_only; UPDATE event SET at = at - interval '1 second' WHERE seq = 1",
    "ALTER TABLE receipt DISABLE TRIGGER receipt_append_only;"
    " UPDATE receipt SET tacit_acceptance_at = tacit_acceptance_at + interval '1 day'",
    "ALTER TABLE document DROP CONSTRAINT document_reference_kind_subject_key;"
    " INSERT INTO document (reference, kind, subject, number, sha256, bytes, signed_at)"
    " SELECT reference, kind, subject, number, sha256, bytes, signed_at FROM document WHERE kind = 'receipt'",
    "UPDATE document SET bytes = 'x' WHERE kind = 'attestation'",
    "DELETE FROM deposit_row WHERE line = 1",
    "UPDATE deposit SET bytes = 'x'",
    "UPDATE outbox SET done_at = NULL WHERE kind = 'start'",
    "UPDATE request SET closed_at = NULL WHERE outcome = 'desisted'",
    "ALTER TABLE receipt DISABLE TRIGGER receipt_append_only;"
    " UPDATE receipt SET rule = '2_days', tacit_acceptance_at = tacit_acceptance_at - interval '13 days';"
    " UPDATE request SET deadline_at = deadline_at - interval '13 days', effect_at = deadline_at - interval '13 days'"
    " WHERE outcome = 'tacit'",
    "ALTER TABLE event DISABLE TRIGGER event_append_only; UPDATE event SET type = 'receipt_issued'"
    " WHERE type IN ('completion_requested', 'completion_received')",
    "UPDATE draft SET status = 'draft', reference = NULL WHERE status = 'filed'",
    "UPDATE completion SET state = 'registered' WHERE state = 'cancelled'",
    "UPDATE enrolment SET (due_at, sent_at) = (requested_at, NULL) WHERE status = 'activated'",
    "UPDATE enrolment SET receipt = 'x' WHERE status = 'activated'",
    "DELETE FROM account_establishment WHERE siret IN (SELECT siret FROM enrolment)",
    "UPDATE enrolment SET (status, ended_at) = ('open', NULL) WHERE status = 'activated'",
)
"""Damage that a good auditor must find."""


CLAIM_HARMS: Final = (
    "UPDATE claim SET state = 'handed' WHERE id = (SELECT min(id::text)::uuid FROM claim WHERE state = 'accepted')",
    "UPDATE claim SET state = 'refused' WHERE state = 'rejected'",
    "DROP INDEX claim_living; UPDATE claim SET state = 'accepted' WHERE state = 'replaced'",
    "UPDATE visa SET lapsed_at = given_at WHERE outcome = 'agreed' AND instruction_id IS NOT NULL",
    "UPDATE document SET published_at = NULL WHERE kind = 'claim_receipt'",
    "UPDATE deposit_row SET deposit_id = NULL WHERE claim_id = (SELECT min(id::text)::uuid FROM claim"
    " WHERE state = 'accepted')",
    "UPDATE agency_answer SET code = '3201' WHERE binding AND code IN ('0000', '3436')",
    "ALTER TABLE event DISABLE TRIGGER event_append_only; DELETE FROM event WHERE type = 'claim_voided'",
    "ALTER TABLE ledger_entry DISABLE TRIGGER ALL; UPDATE ledger_entry SET hours = hours + 1 WHERE kind = 'handed'",
    "ALTER TABLE ledger_entry DISABLE TRIGGER ALL; DELETE FROM ledger_entry WHERE kind IN ('admitted', 'voided')"
    " AND claim_id IN (SELECT id FROM claim WHERE state = 'void')",
    "UPDATE entitlement SET admitted_hours = admitted_hours - 1 WHERE admitted_hours > 1",
    "UPDATE person_week SET payable = payable - 1 WHERE payable > 1",
    "DELETE FROM idempotency WHERE key = (SELECT min(key) FROM idempotency WHERE key LIKE 'claim-%')",
    "UPDATE idempotency SET answer = (SELECT max(answer) FROM idempotency WHERE key LIKE 'claim-%')"
    " WHERE key LIKE 'claim-%'",
    "UPDATE claim_file SET sha256 = repeat('0', 64)",
    "UPDATE upload SET state = 'reading'",
    "UPDATE agency_file SET state = 'quarantined'",
    "UPDATE claim SET state = 'held', signals = '[\"opinion\"]'"
    " WHERE id = (SELECT id FROM claim WHERE state = 'accepted' ORDER BY id LIMIT 1)",
    "UPDATE claim SET received_at = received_at + interval '1 second'",
)
"""Damage to claims that a good auditor must find."""

FORGERIES: Final = (
    "UPDATE document SET bytes = overlay(bytes PLACING '\\x00'::bytea FROM 2000 FOR 1) WHERE kind = 'refusal'",
    "UPDATE document d SET bytes = (SELECT o.bytes || '%'::bytea FROM document o WHERE o.id = d.id)"
    " WHERE kind = 'attestation'",
    "UPDATE enrolment SET receipt = overlay(receipt PLACING '\\x00'::bytea FROM 2000 FOR 1)",
    "UPDATE account SET created_at = created_at + interval '2 hours'",
)
"""Damage to every seal of a kind, or a time-stamp from before the case existed."""


def _check_the_auditor(auditor: Auditor, session: psycopg.Connection, promises: list[Promise]) -> None:
    """Each damage is found, then undone."""
    for harm in HARMS:
        with session.transaction(force_rollback=True):
            session.execute(harm)
            assert auditor.findings(promises), harm
    for forgery in FORGERIES:
        with session.transaction(force_rollback=True):
            session.execute(forgery)
            assert auditor.of_documents(), forgery
    assert auditor.findings([*promises, replace(promises[0], key="filing-lost")])
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "engine.db"
        with closing(sqlite3.connect(auditor.engine)) as passed, closing(sqlite3.connect(copy)) as part:
            passed.backup(part)
            for table in ("executions", "current_executions", "executions_visibility"):
                part.execute(f"DELETE FROM {table} WHERE workflow_id = 'authorization:{promises[0].reference}'")
                part.commit()
                assert replace(auditor, engine=copy).findings(promises), table


def _check_the_claims_auditor(world: World, session: psycopg.Connection, promises: Promises) -> None:
    """Each damage is found, then undone; so is what the agency took or did not take behind the register's back."""
    auditor = a_claims_auditor(world, session)
    for harm in CLAIM_HARMS:
        with session.transaction(force_rollback=True):
            session.execute(harm)
            assert auditor.findings(promises.claims), harm
    assert auditor.findings([*promises.claims, replace(promises.claims[0], id="lost")])
    book = world.agency.folder / "known.json"
    known = json.loads(book.read_text("utf-8"))
    one = min(taken_by(world.agency.folder))
    for wrong in ({key: each for key, each in known.items() if key != one}, known | {"0" * 64: ("0000", "0" * 64)}):
        book.write_text(json.dumps(wrong), "utf-8")
        assert auditor.findings(promises.claims), wrong.keys() ^ known.keys()
    book.write_text(json.dumps(known), "utf-8")
