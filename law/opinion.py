"""The works council's opinion: whose, when, and from which headcount (R. 5122-2).

The prior opinion of the works council, or of the staff delegates where there is none, is attached; from 2018
that of the CSE where there is one. From 26 March 2020, for grounds 3 and 5, it may follow within two months
of the filing (décret n° 2020-325); from 29 June 2020 only firms of 50 employees or more must provide it.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from law.calendar import add_months
from law.dated import Dated, DatedValue
from law.grounds import Ground
from law.texts import Objection, Reason, Text, in_french, objection


class OpinionForm(StrEnum):
    """What a request states about the opinion, in the terms of the API contract."""

    OPINION = "opinion"
    PENDING = "pending"
    FEWER_THAN_50 = "fewer_than_50"
    NO_COUNCIL = "no_council"
    DELEGATES = "delegates"

    @property
    def label(self) -> str:
        """The form as people read it."""
        return _LABELS[self]


_LABELS: Final = {
    OpinionForm.OPINION: "avis joint à la demande",
    OpinionForm.PENDING: "avis à transmettre plus tard",
    OpinionForm.FEWER_THAN_50: "avis non requis, moins de 50 salariés",
    OpinionForm.NO_COUNCIL: "avis non requis, aucune instance",
    OpinionForm.DELEGATES: "avis des délégués du personnel",
}


_DELEGATES: Final = "délégués du personnel"
_BY_DELEGATES: Final = "delegates_"
"""Begins the recorded form of an opinion that staff delegates gave, there being no works council (before 2018)."""


def recorded_form(form: OpinionForm, sense: str | None) -> str:
    """Return the one word by which a record tells what was stated: whose opinion and its sense, or why there is none.

    `sense`: `favourable`, `unfavourable` or `none_given`; None without an opinion.
    """
    if sense is None:
        return form.value
    return f"{_BY_DELEGATES}{sense}" if form is OpinionForm.DELEGATES else sense


def given_by_delegates(recorded: str) -> bool:
    """Whether a recorded form is an opinion of staff delegates."""
    return recorded.startswith(_BY_DELEGATES)


def sense(recorded: str) -> str:
    """Return the sense of a recorded opinion, whoever gave it, or why there is none."""
    return recorded.removeprefix(_BY_DELEGATES)


@dataclass(frozen=True, slots=True)
class _Regime:
    """The rules of the opinion in one period: whose, from which headcount, within how many months it may follow."""

    body: str
    forms: tuple[OpinionForm, ...]
    from_headcount: int = 0
    follows_within: int | None = None


_LATE_GROUNDS: Final = (Ground.DISASTER_OR_WEATHER, Ground.EXCEPTIONAL_CIRCUMSTANCES)
_CSE: Final = "comité social et économique"
_SINCE_2018: Final = (OpinionForm.OPINION, OpinionForm.NO_COUNCIL)

# Doubt: the administration already wrote 50 employees in April 2020, and service-public.fr 11 for June 2020;
# the text has the threshold from 29 June 2020 only.
_REGIMES: Final = Dated(
    "l’avis du comité d’entreprise",
    DatedValue(
        date(2013, 7, 1),
        _Regime(
            "comité d’entreprise, à défaut délégués du personnel",
            (OpinionForm.OPINION, OpinionForm.DELEGATES),
        ),
        Text.R_5122_2,
        Text.CODE_2013,
    ),
    DatedValue(date(2018, 1, 1), _Regime(_CSE, _SINCE_2018), Text.R_5122_2, Text.CODE_2018),
    DatedValue(
        date(2020, 3, 26),
        _Regime(_CSE, _SINCE_2018, follows_within=2),
        Text.R_5122_2,
        Text.DECREE_2020_325_1,
    ),
    DatedValue(
        date(2020, 6, 29),
        _Regime(_CSE, _SINCE_2018, from_headcount=50, follows_within=2),
        Text.R_5122_2,
        Text.DECREE_2020_794,
    ),
)


@dataclass(frozen=True, slots=True)
class OpinionDuty:
    """What a request must provide of the opinion.

    `required` if a council exists; `due_on` is the last day for an opinion that may follow; `accepted` are
    the forms that a request may take.
    """

    body: str
    required: bool
    may_follow: bool
    due_on: date | None
    accepted: tuple[OpinionForm, ...]
    why: tuple[Reason, ...]


def opinion_duty(ground: Ground, received_on: date, headcount: int, law_on: date | None = None) -> OpinionDuty:
    """Return what a request received on a local day must provide of the opinion; raises BeforeFirstText.

    `headcount` is the firm's, in employees; `law_on` (training) applies the rule of another day.
    """
    entry = _REGIMES.on(law_on or received_on)
    regime = entry.value
    if headcount < regime.from_headcount:
        text = f"L’avis du {regime.body} n’est requis qu’à partir de {regime.from_headcount} salariés."
        forms = (*regime.forms, OpinionForm.FEWER_THAN_50)
        return OpinionDuty(regime.body, False, False, None, forms, (entry.reason(text, f"{headcount} salariés"),))
    due_on = None
    forms = regime.forms
    reasons = [entry.reason("La demande est accompagnée de l’avis préalable.", regime.body)]
    if regime.follows_within and ground in _LATE_GROUNDS:
        due_on = add_months(received_on, regime.follows_within)
        forms = (*forms, OpinionForm.PENDING)
        text = f"Pour ce motif, l’avis peut suivre dans les {regime.follows_within} mois de la demande."
        reasons.append(entry.reason(text, in_french(due_on)))
    return OpinionDuty(regime.body, True, due_on is not None, due_on, forms, tuple(reasons))


def opinion_objections(
    duty: OpinionDuty, form: OpinionForm, given_on: date | None, received_on: date
) -> tuple[Objection, ...]:
    """Return why what a request states about the opinion is insufficient."""
    objections = []
    if form not in duty.accepted:
        admitted = ", ".join(each.label for each in duty.accepted)
        message = f"Avis du {duty.body}, sont admis à cette date pour ce motif et cet effectif : {admitted}."
        objections.append(objection("/works_council", "opinion-not-sufficient", message, Text.R_5122_2))
    if given_on is not None and given_on > received_on:
        message = "L’avis joint ne peut pas être postérieur à la réception de la demande."
        member = "/delegates" if form is OpinionForm.DELEGATES else ""
        pointer = f"/works_council{member}/given_on"
        objections.append(objection(pointer, "opinion-in-the-future", message, Text.R_5122_2))
    return tuple(objections)


def opinion_sentence(form: str, on: date, given_on: date | None = None, due_on: date | None = None) -> str:
    """Return what a request states of the opinion, as documents print it, without its first capital.

    `form` is that of a record (`recorded_form`); `on` is the day whose law names the council.
    """
    body = _REGIMES.on(on).value.body
    of, consulted = f"du {body}", f"{body} consulté"
    if given_by_delegates(form):
        of, consulted = f"des {_DELEGATES}", f"{_DELEGATES} consultés"
    day = f" le {in_french(given_on)}" if given_on else ""
    match sense(form):
        case "favourable" | "unfavourable" as given:
            words = "favorable" if given == "favourable" else "défavorable"
            return f"avis {words} {of}" + (f", rendu{day}" if day else "")
        case "none_given":
            return f"{consulted}{day}, sans avis rendu"
        case OpinionForm.PENDING if due_on:
            return f"avis du {body} à transmettre au plus tard le {in_french(due_on)}"
        case _:
            return OpinionForm(form).label


def opinion_title(form: str, on: date) -> str:
    """Return whose opinion a record is, as the title of a row: « Avis du comité social et économique »."""
    return f"Avis des {_DELEGATES}" if given_by_delegates(form) else f"Avis du {_REGIMES.on(on).value.body}"


def council_notice(on: date) -> str:
    """Return the sentence that tells the employer to inform the council of the decision (R. 5122-4)."""
    return f"L’employeur informe de la présente décision le {_REGIMES.on(on).value.body} (article R. 5122-4)."


def tacit_council_notice(on: date) -> str:
    """Return the same sentence of an acceptance that no decision states (R. 5122-4)."""
    body = _REGIMES.on(on).value.body
    return f"L’employeur informe le {body}, s’il existe, de cette acceptation implicite (article R. 5122-4)."
