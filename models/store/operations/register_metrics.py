"""Prometheus metrics of the register.

Names are English, prefixed `tacite_`; descriptions are French. Label values never come from what people
write: no reference, account or address.
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
from models.store.operations.measures import Backlog, DecisionCount, EnrolmentCount, Evidence, Parked, RequestCount
from models.store.people import companies

LATENESS_BUCKETS: Final = (0.0, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 30.0, 60.0, 300.0, 3_600.0)
"""Bucket bounds of the lateness of silence, in seconds; anything below the first bound came too early."""
DELAY_BUCKETS: Final = (1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 1_800.0, 3_300.0, 3_600.0, 7_200.0, 86_400.0)
"""Bucket bounds of the delay of credentials, in seconds."""
SECONDS_BETWEEN_FULL_READINGS: Final = 60.0
"""Seconds between two counts of all requests, decisions and enrolments."""
QUEUES: Final = {
    "outbox": "Messages que le moteur n’a pas reçus",
    "deposits": "Autorisations qu’aucun fichier déposé ne transmet",
    "claims_to_agree": "Demandes d’indemnisation qui attendent un accord",
    "claims_to_send": "Demandes d’indemnisation signées qu’aucun fichier déposé ne transmet",
    "claims_unanswered": "Demandes d’indemnisation transmises auxquelles l’ASP n’a pas répondu",
    "claims_overdue": "Demandes d’indemnisation sans réponse dont le dernier jour de paiement est passé",
    "due": "Silences échus que rien ne constate",
    "credentials": "Adhésions dont les identifiants ne sont pas partis",
    "queued_mails": "Courriels demandés par des inconnus qui attendent leur tour",
    "unstamped": "Événements qu’aucun horodatage ne couvre, comptés jusqu’à un",
}
"""French description of each backlog of `measures.WAITING`."""


class RegisterCollector(Collector):
    """Metrics read from the register; every program that exposes them exposes the same values."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._read_at = -SECONDS_BETWEEN_FULL_READINGS
        self._requests: list[RequestCount] = []
        self._decisions: list[DecisionCount] = []
        self._enrolments: list[EnrolmentCount] = []

    def collect(self) -> Iterable[Metric]:
        """Read the register; when it does not answer, report only that."""
        answers = GaugeMetricFamily("tacite_register_up", "Le registre répond-il ? 1 ou 0")
        try:
            backlogs = self._read()
        except SQLAlchemyError:
            answers.add_metric((), 0)
            return [answers]
        answers.add_metric((), 1)
        return [answers, *backlogs, _lateness(self._requests), *self._sums(), *_enrolments(self._enrolments)]

    def _read(self) -> list[Metric]:
        with self._database.begin() as connection:
            if monotonic() - self._read_at >= SECONDS_BETWEEN_FULL_READINGS:
                self._requests = measures.count_requests(connection, LATENESS_BUCKETS)
                self._decisions = measures.count_decisions(connection)
                self._enrolments = measures.count_enrolments(connection, DELAY_BUCKETS)
                self._read_at = monotonic()
            waiting, parked = measures.count_waiting(connection), measures.count_parked(connection)
            return [
                *_backlogs(waiting),
                *_parked(parked),
                *_evidence(measures.read_evidence(connection)),
                _answers(companies.counts(connection)),
            ]

    def _sums(self) -> Iterator[Metric]:
        filed = CounterMetricFamily("tacite_filings", "Demandes déposées, par voie", labels=("channel",))
        ended = CounterMetricFamily("tacite_outcomes", "Issues constatées", labels=("outcome",))
        for channel in ("online", "paper"):
            filed.add_metric((channel,), sum(each.count for each in self._requests if each.channel == channel))
        for outcome in Outcome:
            ended.add_metric((outcome,), sum(each.count for each in self._requests if each.outcome == outcome))
        decided = GaugeMetricFamily(
            "tacite_decisions", "Décisions des agents, par sens et par état", labels=("outcome", "state")
        )
        for each in self._decisions:
            decided.add_metric((each.outcome, each.state), each.count)
        yield from (filed, ended, decided)


def _backlogs(waiting: Mapping[str, Backlog]) -> Iterator[Metric]:
    for name, description in QUEUES.items():
        yield GaugeMetricFamily(f"tacite_{name}_waiting", description, waiting[name].count)
        age = f"{description} : ancienneté maximale, en secondes"
        yield GaugeMetricFamily(f"tacite_{name}_oldest_seconds", age, waiting[name].oldest)


def _parked(parked: Iterable[Parked]) -> Iterator[Metric]:
    description = "Actes en attente d’un service rétabli, par service"
    acts = GaugeMetricFamily("tacite_parked_acts", description, labels=("part",))
    age = f"{description} : ancienneté maximale, en secondes"
    oldest = GaugeMetricFamily("tacite_parked_oldest_seconds", age, labels=("part",))
    for each in parked:
        acts.add_metric((each.part,), each.count)
        oldest.add_metric((each.part,), each.oldest)
    yield from (acts, oldest)


def _evidence(found: Evidence) -> Iterator[Metric]:
    yield GaugeMetricFamily("tacite_audit_broken", "Constats du dernier audit du registre", found.broken)
    yield GaugeMetricFamily("tacite_audit_age_seconds", "Secondes depuis le dernier audit du registre", found.age)
    uncopied = "Ancrages sans copie hors du registre : ancienneté maximale, en secondes"
    yield GaugeMetricFamily("tacite_uncopied_oldest_seconds", uncopied, found.uncopied)


def _enrolments(counts: Iterable[EnrolmentCount]) -> Iterator[Metric]:
    counted = list(counts)
    by_status = GaugeMetricFamily("tacite_enrolments", "Adhésions demandées, par état", labels=("status",))
    for status in ("open", "activated", "lapsed", "redundant"):
        by_status.add_metric((status,), sum(each.count for each in counted if each.status == status))
    late = "Adhésions dont les identifiants ne sont pas partis dans le délai"
    yield from (
        by_status,
        CounterMetricFamily("tacite_credentials_breaches", late, sum(c.breached for c in counted)),
    )
    sent = [each for each in counted if each.slot is not None]
    by_delay = [sum(each.count for each in sent if each.slot == slot) for slot in range(len(DELAY_BUCKETS) + 1)]
    yield HistogramMetricFamily(
        "tacite_credentials_delay_seconds",
        "Délai d’envoi des identifiants : secondes entre l’adhésion et leur départ",
        buckets=list(zip([*(str(bound) for bound in DELAY_BUCKETS), "+Inf"], accumulate(by_delay), strict=True)),
        sum_value=sum(each.seconds for each in sent),
    )


def _lateness(requests: Iterable[RequestCount]) -> Metric:
    """Leave out paper requests: they may be entered after their instant, which does not make silence late."""
    silent = [each for each in requests if each.slot is not None and each.channel == "online"]
    counts = [sum(each.count for each in silent if each.slot == slot) for slot in range(len(LATENESS_BUCKETS) + 1)]
    bounds = [*(str(bound) for bound in LATENESS_BUCKETS), "+Inf"]
    return HistogramMetricFamily(
        "tacite_silence_lateness_seconds",
        "Retard du silence : secondes entre l’instant légal et son inscription au registre",
        buckets=list(zip(bounds, accumulate(counts), strict=True)),
        sum_value=sum(each.seconds for each in silent),
    )


def _answers(counts: Iterable[tuple[str, str, int]]) -> Metric:
    labels = ("source", "outcome")
    answers = CounterMetricFamily("tacite_company_answers", "Réponses du répertoire des établissements", labels=labels)
    for source, outcome, count in counts:
        answers.add_metric((source, outcome), count)
    return answers
