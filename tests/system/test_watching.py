"""Metrics of the running programs: every one that the alerts and the dashboard name, and one trace throughout."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from activities.signing.health import trials
from cli.doctor import Finding, examine
from local.world import World
from models.settings import Settings
from models.store.database import Database
from tests.alerting import ALERTS, MONITORING, firing, samples
from tests.builders import a_filing, a_grant, employer, staff
from tests.system.people import Person, event_types, until

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
TOO_LONG = 11
"""Seconds after which a waiting act or process counts as late."""
NAMED = r"\b(?:tacite|temporal|process)_[a-z_]+\b"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world")
    with World(folder, durable=False, headless=True, measured=True) as running:
        yield running


@pytest.fixture(scope="module")
def database(world: World) -> Iterator[Database]:
    with Database(world.postgres.dsn, size=2) as opened:
        yield opened


@pytest.fixture(scope="module")
def operator(world: World, database: Database) -> Iterator[Person]:
    with Person(world, staff(database, "operator")) as person:
        yield person


def reached(world: World, *programs: str) -> str:
    """Prometheus's own `up` metric: whether it could scrape each program."""
    return "\n".join(
        f'up{{job="tacite-{program}",instance="{world.measures[program]}"}} {int(_answers(world.measures[program]))}'
        for program in programs
    )


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"http://{address}/metrics").is_success
    except httpx.TransportError:
        return False


def shown(world: World, operator: Person, *programs: str) -> str:
    """The metrics of the HTTP server and of some programs, as Prometheus reads them."""
    ports = [httpx.get(f"http://{world.measures[program]}/metrics").text for program in programs]
    return "\n".join([operator.get("/metrics").text, *ports])


@pytest.fixture(scope="module")
def granted(world: World, database: Database) -> str:
    """A case filed under a trace, granted, and handed to the agency."""
    with Person(world, employer(database)) as boss, Person(world, staff(database)) as agent:
        sent = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
        reference = str(boss.call("POST", "/requests", json=a_filing(), headers=sent).json()["reference"])
        until(lambda: "receipt_issued" in event_types(boss.get(f"/requests/{reference}").json()), "a receipt")
        agent.post(f"/requests/{reference}/decision", a_grant())
        until(lambda: "handed_to_asp" in event_types(boss.get(f"/requests/{reference}").json()), "the hand-over")
    return reference


def test_every_measure_that_is_looked_at_is_shown(world: World, operator: Person, granted: str) -> None:
    seen = shown(world, operator, *world.measures)
    told = set(re.findall(r"^# TYPE (\w+)", seen, re.MULTILINE))
    given = told | {name.partition("{")[0] for name in samples(seen)}
    asked = ALERTS.read_text("utf-8") + (MONITORING / "dashboard.json").read_text("utf-8")
    named = set(re.findall(NAMED, asked))
    assert len(named) > 20
    assert named - given == set()
    ours = {name for name in told if name.startswith("tacite_")}
    helped = dict(re.findall(r"^# HELP (tacite_\w+) (.+)$", seen, re.MULTILINE))
    assert ours == set(helped)
    assert granted not in seen


def test_one_trace_goes_from_the_doors_to_the_worker(world: World, granted: str) -> None:
    def lines(log: Path) -> list[dict[str, object]]:
        read = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
        return [line for line in read if (line["trace"], line["case"]) == (TRACE, granted)]

    assert [line["event"] for line in lines(world.doors.log)] == ["call_answered"]
    assert [line["event"] for line in lines(world.relay.log)] == ["letter_delivered"]
    acts = {line["act"] for line in lines(world.worker.log)}
    assert {"issue_receipt", "control", "send_notices"} <= acts
    assert "sign_decision" not in acts, "what the agent asked for has a trace of its own"


def test_a_relay_that_is_gone_is_missed(
    world: World, operator: Person, database: Database, granted: str, tmp_path: Path
) -> None:
    before = shown(world, operator, "worker", "relay") + reached(world, "relay")
    assert firing(tmp_path, before, before) == set()
    world.relay.kill()
    with Person(world, employer(database)) as boss:
        boss.post("/requests", a_filing())
    after = shown(world, operator, "worker") + reached(world, "relay")
    assert samples(after)["tacite_outbox_waiting{}"] == 1
    assert firing(tmp_path, before, after) == {"RelaisAbsent", "ProgrammeInjoignable"}
    world.relay.start()
    until(lambda: samples(shown(world, operator))["tacite_outbox_waiting{}"] == 0, "the letter is delivered")
    assert firing(tmp_path, before, shown(world, operator, "relay")) == set()


def test_workers_that_do_not_follow_are_missed(
    world: World, operator: Person, database: Database, tmp_path: Path
) -> None:
    before = shown(world, operator, "worker", "relay")
    world.extra["TACITE_QUEUES"] = '["cases"]'
    world.worker.restart()
    with Person(world, employer(database)) as acting, Person(world, employer(database)) as asleep:
        first = str(acting.post("/requests", a_filing()).json()["reference"])
        until(lambda: did(world, "control", first), "a process whose receipt waits for who seals it")
        world.worker.kill()
        second = str(asleep.post("/requests", a_filing()).json()["reference"])
        time.sleep(TOO_LONG)
        del world.extra["TACITE_QUEUES"]
        world.worker.start()
        for reference in (first, second):
            until(lambda: did(world, "issue_receipt", reference), "the receipt")  # noqa: B023
    after = shown(world, operator, "worker", "library", "relay")
    assert firing(tmp_path, before, after, lasting=True) == {"ActesEnRetard", "ProcessusEnRetard"}


def did(world: World, act: str, reference: str) -> bool:
    """Return whether the worker's log says that it did an act for a case."""
    lines = [json.loads(line) for line in world.worker.log.read_text("utf-8").splitlines()]
    return any((line.get("act"), line["case"]) == (act, reference) for line in lines)


def test_every_line_of_a_log_is_ours_whoever_is_away(world: World, database: Database, granted: str) -> None:
    def lines() -> list[dict[str, object]]:
        logs = (world.doors.log, world.relay.log, world.worker.log)
        return [json.loads(line) for log in logs for line in log.read_text("utf-8").splitlines()]

    world.engine.kill()
    with Person(world, employer(database)) as boss, Person(world, staff(database)) as agent:
        boss.post("/requests", a_filing())
        agent.post(f"/requests/{granted}/decision", a_grant(id="D2"))
    until(
        lambda: any(str(line.get("logger")).startswith("engine") for line in lines()),
        "the library’s own lines",
    )
    world.engine.start()
    assert all({"event", "level", "timestamp", "case", "trace"} <= line.keys() for line in lines())


@pytest.fixture
def settings(world: World, monkeypatch: pytest.MonkeyPatch) -> Settings:
    ports = {"TACITE_METRICS": "worker", "TACITE_ENGINE_METRICS": "library"}
    given = world.environment | {name: world.measures[program] for name, program in ports.items()}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return Settings()


def found(settings: Settings, part: str) -> list[Finding]:
    return [each for each in examine(settings, trials(settings)) if each.part == part]


def test_the_doctor_says_what_to_do_about_whatever_is_missing(settings: Settings, tmp_path: Path) -> None:
    nowhere, none = "127.0.0.1:9", tmp_path / "none"
    missing = {
        "database": f"postgresql://tacite@{nowhere}/tacite",
        "engine": nowhere,
        "mail": f"smtp://{nowhere}",
        "agency": f"sftp://tacite@{nowhere}/depot",
        "timestamps": (f"http://{nowhere}",),
        **dict.fromkeys(
            ("companies", "companies_search", "traces", "oidc_issuer", "firms_issuer"), f"http://{nowhere}"
        ),
        **dict.fromkeys(("metrics", "engine_metrics", "examining"), nowhere),
        **dict.fromkeys(("master_key", "blind_key", "trust", "seal", "signatories"), none),
        "letters": none / "letters",
    }
    lost = settings.model_copy(update=missing)
    told = {each.part: each for each in examine(lost, trials(lost))}
    assert {part for part, each in told.items() if each.ok} == {"Disque", "Loi"}
    assert len(told) == 28
    assert all(each.found and each.remedy for each in told.values() if not each.ok)


def test_the_doctor_is_not_put_out_by_a_program_that_speaks_otherwise(world: World, settings: Settings) -> None:
    postgres = f"127.0.0.1:{world.postgres.port}"
    odd = {
        "mail": f"smtp://{postgres}",
        **dict.fromkeys(
            ("companies", "companies_search", "traces", "oidc_issuer"),
            f"http://{world.mail.address.rpartition('/')[2]}",
        ),
        **dict.fromkeys(("metrics", "engine_metrics"), world.mail.address.rpartition("/")[2]),
    }
    told = [each for each in examine(settings.model_copy(update=odd), ()) if not each.ok]
    told = [each for each in told if each.part != "Files du moteur"]  # the worker of one place may be at work
    assert [each.part for each in told] == [
        "Courriel",
        "Mesures",
        "Mesures",
        "Répertoire",
        "Recherche d’entreprises",
        "Traces",
        "Fournisseur d’identité",
    ]


def test_the_doctor_asks_the_ports_and_reads_the_journal(world: World, settings: Settings, granted: str) -> None:
    assert [each.ok for each in found(settings, "Mesures")] == [True, True]
    (journal,) = found(settings, "Journal")
    assert (journal.ok, journal.found) == (
        True,
        "intact ; aucune nuit auditée encore ; plus ancien événement à horodater : 0 h",
    )
    with psycopg.connect(world.postgres.dsn) as session:
        session.execute("INSERT INTO anchor (number, upto, digest, token) VALUES (1, 2, 'false', 'false')")
    world.worker.kill()
    assert [each.ok for each in found(settings, "Mesures")] == [False, False]
    (journal,) = found(settings, "Journal")
    assert not journal.ok
    assert "les événements des positions 1 à 2 ne sont plus ceux de l’ancrage" in journal.found
    assert journal.remedy
