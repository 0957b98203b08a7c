"""Claims that wait are measured by what they wait for; one past its last day of payment raises an alert."""

from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from sqlalchemy import text

from models.store.database import Database
from models.store.operations.register_metrics import RegisterCollector
from tests.alerting import firing, samples
from tests.models.store.agency.builders import a_queued_claim, hand_over

WAIT = ("to_agree", "to_send", "unanswered", "overdue")


def shown(database: Database) -> str:
    registry = CollectorRegistry()
    registry.register(RegisterCollector(database))
    return generate_latest(registry).decode()


def counted(metrics: str) -> list[float]:
    return [samples(metrics)[f"tacite_claims_{name}_waiting{{}}"] for name in WAIT]


def test_a_claim_past_its_last_day_of_payment(database: Database, tmp_path: Path) -> None:
    claim = a_queued_claim(database)
    before = shown(database)
    assert counted(before) == [0, 1, 0, 0]
    hand_over(database, claim)
    with database.begin() as connection:
        late = "UPDATE claim SET due_on = (case_now(reference) AT TIME ZONE 'Europe/Paris')::date - 1"
        connection.execute(text(late))
    after = shown(database)
    assert counted(after) == [0, 0, 1, 1]
    assert 0 <= samples(after)["tacite_claims_overdue_oldest_seconds{}"] < 86_400
    assert "DemandesHorsDélai" in firing(tmp_path, before, after)
