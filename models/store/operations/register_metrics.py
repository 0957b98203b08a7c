"""What the register says of itself to Prometheus.

Names are English, under `tacite_`; their descriptions are in French. No label takes its values from what people
write: neither reference, nor account, nor address.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from time import monotonic
from typing import Final

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from models.labels import Outcome
from models.store.database import Database
from models.store.operations import measures
from models.store.operations.measures import Enrolled, Heap, Parked, Ruled, Slot

LATENESS_BUCKETS: Final = (0.0, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 30.0, 60.0, 300.0, 3_600.0)
"""Bounds, in seconds, of the lateness of silence; anything below the first came too early."""
DELAY_BUCKETS: Final = (1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 1_800.0, 3_300.0, 3_600.0, 7_200.0, 86_400.0)
"""Bounds, in seconds, of the delay of credentials."""
SECONDS_BETWEEN_FULL_READINGS: Final = 60.0
"""Seconds between two readings of every request."""
QUEUES: Final = {
    "outbox": "Lettres que le moteur n’a pas reçues",
    "deposits": "Autorisations qu’aucun fichier déposé ne transmet",
    "due": "Silences échus que rien ne constate",
    "credentials": "Adhésions dont les identifiants ne sont pas partis",
    "unstamped": "Événements qu’aucun horodatage ne couvre, comptés jusqu’à un",
}
"""What waits in the register, by its name there."""


class RegisterCollector(Collector):
    """The measures that only the register knows; every program that shows them shows the same."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._read_at = -SECONDS_BETWEEN_FULL_READINGS
        self._slots: list[Slot] = []
        self._ruled: list[Ruled] = []
        self._enrolled: list[Enrolled] = []

    def collect(self) -> Iterable[Metric]:
        """Read the register; when it does not answer, report only that."""
        answers = GaugeMetricFamily("tacite_register_up", "Le registre répond-il ? 1 ou 0")
        try:
            found = self._read()
        except SQLAlchemyError:
            answers.add_metric((), 0)
            return [answers]
        answers.add_metric((), 1)
        return [answers, *found, _lateness(self._slots), *self._sums(), *_enrolments(self._enrolled)]

    def _read(self) -> list[Metric]:
        with self._database.begin() as connection:
            if monotonic() - self._read_at >= SECONDS_BETWEEN_FULL_READINGS:
                self._slots = measures.slots(connection, LATENESS_BUCKETS)
                self._ruled = measures.ruled(connection)
                self._enrolled = measures.enrolled(connection, DELAY_BUCKETS)
                self._read_at = monotonic()
            return [*_heaps(measures.waiting(connection)), *_parked(measures.parked(connection))]

    def _sums(self) -> Iterator[Metric]:
        filed = CounterMetricFamily("tacite_filings", "Demandes déposées, par voie", labels=("channel",))
        ended = CounterMetricFamily("tacite_outcomes", "Issues constatées", labels=("outcome",))
        for channel in ("online", "paper"):
            filed.add_metric((channel,), sum(each.count for each in self._slots if each.channel == channel))
        for outcome in Outcome:
            ended.add_metric((outcome,), sum(each.count for each in self._slots if each.outcome == outcome))
        ruled = GaugeMetricFamily(
            "tacite_decisions", "Décisions des agents, par sens et par état", labels=("outcome", "state")
        )
        for each in self._ruled:
            ruled.add_metric((each.outcome, each.state), each.count)
        yield from (filed, ended, ruled)


def _heaps(found: Mapping[str, Heap]) -> Iterator[Metric]:
    for name, told in QUEUES.items():
        yield GaugeMetricFamily(f"tacite_{name}_waiting", told, found[name].count)
        age = f"{told} : ancienneté maximale, en secondes"
        yield GaugeMetricFamily(f"tacite_{name}_oldest_seconds", age, found[name].oldest)


def _parked(found: Iterable[Parked]) -> Iterator[Metric]:
    told = "Actes en attente d’un service rétabli, par service"
    acts = GaugeMetricFamily("tacite_parked_acts", told, labels=("part",))
    age = f"{told} : ancienneté maximale, en secondes"
    oldest = GaugeMetricFamily("tacite_parked_oldest_seconds", age, labels=("part",))
    for each in found:
        acts.add_metric((each.part,), each.count)
        oldest.add_metric((each.part,), each.oldest)
    yield from (acts, oldest)


def _enrolments(found: Iterable[Enrolled]) -> Iterator[Metric]:
    counted = list(found)
    asked = GaugeMetricFamily("tacite_enrolments", "Adhésions demandées, par état", labels=("status",))
    for status in ("open", "activated", "lapsed", "redundant"):
        asked.add_metric((status,), sum(each.count for each in counted if each.status == status))
    late = "Adhésions dont les identifiants ne sont pas partis dans le délai"
    yield from (
        asked,
        CounterMetricFamily("tacite_credentials_breaches", late, sum(c.breached for c in counted)),
    )
    sent = [each for each in counted if each.slot is not None]
    counts = [
        sum(each.count for each in sent if each.slot == place) for place in range(len(DELAY_BUCKETS) + 1)
    ]
    yield HistogramMetricFamily(
        "tacite_credentials_delay_seconds",
        "Délai d’envoi des identifiants : secondes entre l’adhésion et leur départ",
        buckets=list(
            zip([*(str(bound) for bound in DELAY_BUCKETS), "+Inf"], accumulate(counts), strict=True)
        ),
        sum_value=sum(each.seconds for each in sent),
    )


def _lateness(slots: Iterable[Slot]) -> Metric:
    """Requests on paper are left out: they may be entered after their instant, which nobody made late."""
    silent = [each for each in slots if each.slot is not None and each.channel == "online"]
    counts = [
        sum(each.count for each in silent if each.slot == place) for place in range(len(LATENESS_BUCKETS) + 1)
    ]
    bounds = [*(str(bound) for bound in LATENESS_BUCKETS), "+Inf"]
    return HistogramMetricFamily(
        "tacite_silence_lateness_seconds",
        "Retard du silence : secondes entre l’instant légal et son inscription au registre",
        buckets=list(zip(bounds, accumulate(counts), strict=True)),
        sum_value=sum(each.seconds for each in silent),
    )
