"""Commitments of an employer who applies again (R. 5122-9, II to IV).

When employees of the establishment were already in short-time work in the 36 months before the filing, the
request must propose commitments: to keep jobs up to twice the authorised period, training, workforce planning,
recovery actions. The authority fixes them and notifies them in its decision.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from law.calendar import add_months
from law.dated import Dated, DatedValue
from law.duration import EarlierPeriod
from law.grounds import Coded
from law.texts import Objection, Reason, Text, in_french, objection


class CommitmentKind(Coded):
    """Engagement de l’employeur (R. 5122-9, III)."""

    KEEP_JOBS = "keep_jobs", 1, "Maintien dans l’emploi"
    TRAINING = "training", 2, "Actions de formation"
    WORKFORCE_PLANNING = "workforce_planning", 3, "Gestion prévisionnelle des emplois et des compétences"
    RECOVERY_PLAN = "recovery_plan", 4, "Actions visant à rétablir la situation économique"


_MONTHS: Final = 36

# Whether commitments are required. Doubt: the end of the tolerance is not dated (2021 or 2022); the text
# itself never changed, so an agent may always fix commitments in the decision.
_REQUIRED: Final = Dated(
    "les engagements",
    DatedValue(date(2013, 7, 1), True, Text.R_5122_9, Text.CODE_2013),
    DatedValue(date(2020, 3, 1), False, Text.R_5122_9, Text.PRACTICE_COMMITMENTS),
    DatedValue(date(2022, 1, 1), True, Text.R_5122_9, Text.CODE_2013),
)


@dataclass(frozen=True, slots=True)
class CommitmentsDuty:
    """Whether a request must propose commitments; `looked_back_to` is the first day that counts."""

    required: bool
    looked_back_to: date
    why: tuple[Reason, ...]


def commitments_duty(filed_on: date, earlier: Iterable[EarlierPeriod], law_on: date | None = None) -> CommitmentsDuty:
    """Return whether a request filed on a day must propose commitments; raises BeforeFirstText.

    `earlier` are the periods already authorised for the establishment, whatever their ground.
    """
    entry = _REQUIRED.on(law_on or filed_on)
    since = add_months(filed_on, -_MONTHS)
    recent = [each for each in earlier if since <= each.end_on and each.start_on < filed_on]
    if not recent:
        text = f"Aucune activité partielle n’a été autorisée dans les {_MONTHS} mois qui précèdent le dépôt."
        return CommitmentsDuty(False, since, (entry.reason(text, f"depuis le {in_french(since)}"),))
    latest = in_french(max(each.end_on for each in recent))
    if not entry.value:
        text = "Par tolérance, les engagements n’étaient pas demandés pendant la crise sanitaire."
        return CommitmentsDuty(False, since, (entry.reason(text, f"autorisation jusqu’au {latest}"),))
    text = f"Une autorisation des {_MONTHS} mois qui précèdent le dépôt oblige à proposer des engagements."
    return CommitmentsDuty(True, since, (entry.reason(text, f"autorisation jusqu’au {latest}"),))


def commitment_objections(until_on: Sequence[date], end_on: date) -> tuple[Objection, ...]:
    """Return an objection to each commitment that ends before the requested or granted period does.

    « Le maintien dans l’emploi des salariés pendant une durée pouvant atteindre le double de la période
    d’autorisation » (R. 5122-9). Doubt: the text sets no shortest duration. Commitments answer for the period that
    is granted, so one that ends before its last day answers for nothing after it; a past one promises nothing.
    """
    message = f"Un engagement court au moins jusqu’à la fin de la période, le {in_french(end_on)}."
    return tuple(
        objection(f"/commitments/{number}/until_on", "commitment-too-short", message, Text.R_5122_9)
        for number, until in enumerate(until_on)
        if until < end_on
    )
