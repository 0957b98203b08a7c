"""The steps in which a request is prepared: the fields of each, and how they become members of a draft."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from law.grounds import Ground, Perimeter
from models.labels import FilingSignal
from starter.http.problems import Fault
from starter.pages.components.forms import MISSING, beside
from starter.pages.components.typed import day, decimal, whole

Fields = Mapping[str, str]
Content = Mapping[str, object]
Members = dict[str, object]


@dataclass(frozen=True, slots=True)
class Step:
    """One page: name in the address, title, members that it states, fields by the pointer of their fault."""

    name: str
    label: str
    members: tuple[str, ...]
    fields: Mapping[str, str]
    required: tuple[str, ...]
    stated: Callable[[Fields], Members]
    """Members of the draft, from the fields."""
    shown: Callable[[Content], dict[str, str]]
    """Fields, from the members of the draft."""


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _part(content: Content, member: str) -> Mapping[str, object]:
    value = content.get(member)
    return value if isinstance(value, dict) else {}


def _given(**values: object) -> Members:
    return {name: value for name, value in values.items() if value is not None}


def _ground_stated(fields: Fields) -> Members:
    placed, start, end = (day(fields.get(name)) for name in ("placement_on", "start_on", "end_on"))
    period = _given(start_on=start or placed, end_on=end)
    return _given(ground=fields.get("ground"), placement_on=placed, period=period if end else None)


def _ground_shown(content: Content) -> dict[str, str]:
    period = {name: _text(value) for name, value in _part(content, "period").items()}
    return {name: _text(content.get(name)) for name in ("ground", "placement_on")} | period


def _figures_stated(fields: Fields) -> Members:
    figures = _given(
        headcount=whole(fields.get("headcount")),
        employees=whole(fields.get("employees")),
        hours=decimal(fields.get("hours")),
    )
    return figures | {"other_employees": True if fields.get("other_employees") else None}


def _figures_shown(content: Content) -> dict[str, str]:
    shown = {name: _text(content.get(name)) for name in ("headcount", "employees")}
    shown["hours"] = _text(content.get("hours")).replace(".", ",")
    return shown | ({"other_employees": "yes"} if content.get("other_employees") else {})


def _circumstances_stated(fields: Fields) -> Members:
    return _given(perimeter=fields.get("perimeter"), circumstances=fields.get("circumstances"))


def _circumstances_shown(content: Content) -> dict[str, str]:
    return {name: _text(content.get(name)) for name in ("perimeter", "circumstances")}


def _account_stated(fields: Fields) -> Members:
    account = _given(iban=fields.get("iban"), holder=fields.get("holder"))
    answer = fields.get("direct_payment")
    payment = {"yes": True, "no": False}.get(answer or "", answer)
    return _given(bank_account=account or None, direct_payment=payment)


def _account_shown(content: Content) -> dict[str, str]:
    account = {name: _text(value) for name, value in _part(content, "bank_account").items()}
    payment = {True: "yes", False: "no"}.get(bool(content["direct_payment"])) if "direct_payment" in content else None
    return account | _words(direct_payment=payment)


def _words(**values: str | None) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}


GROUND: Final = Step(
    "ground",
    "Motif et dates",
    ("ground", "placement_on", "period"),
    {
        "/ground": "ground",
        "/placement_on": "placement_on",
        "/period": "end_on",
        "/period/start_on": "start_on",
        "/period/end_on": "end_on",
    },
    ("ground", "placement_on", "start_on", "end_on"),
    _ground_stated,
    _ground_shown,
)
FIGURES: Final = Step(
    "figures",
    "Salariés et heures",
    ("headcount", "employees", "hours", "other_employees"),
    {f"/{name}": name for name in ("headcount", "employees", "hours", "other_employees")},
    ("headcount", "employees", "hours"),
    _figures_stated,
    _figures_shown,
)
CIRCUMSTANCES: Final = Step(
    "circumstances",
    "Circonstances",
    ("perimeter", "circumstances"),
    {f"/{name}": name for name in ("perimeter", "circumstances")},
    ("perimeter", "circumstances"),
    _circumstances_stated,
    _circumstances_shown,
)
ACCOUNT: Final = Step(
    "account",
    "Compte bancaire",
    ("bank_account", "direct_payment"),
    {"/bank_account": "iban", "/bank_account/iban": "iban", "/bank_account/holder": "holder"}
    | {"/direct_payment": "direct_payment"},
    ("iban", "holder", "direct_payment"),
    _account_stated,
    _account_shown,
)
FORMS: Final[Mapping[str, Step]] = {each.name: each for each in (GROUND, FIGURES, CIRCUMSTANCES, ACCOUNT)}
"""Steps that are one plain form, by name."""
COUNCIL: Final = "council"
COMMITMENTS: Final = "commitments"
CHECK: Final = "check"
ORDER: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    GROUND.name: (GROUND.label, GROUND.members),
    FIGURES.name: (FIGURES.label, FIGURES.members),
    CIRCUMSTANCES.name: (CIRCUMSTANCES.label, CIRCUMSTANCES.members),
    COUNCIL: ("Avis du comité social et économique", ("works_council",)),
    COMMITMENTS: ("Engagements", ("commitments",)),
    ACCOUNT.name: (ACCOUNT.label, ACCOUNT.members),
}
"""Every step in its order: name → title and members. Commitments are asked for when the law does."""
NAMES: Final[Mapping[str, str]] = {
    "ground": "Motif",
    "placement_on": "Premier jour d’activité partielle",
    "start_on": "Premier jour de la période",
    "end_on": "Dernier jour de la période",
    "headcount": "Effectif",
    "employees": "Salariés concernés",
    "hours": "Heures",
    "other_employees": "Autres salariés",
    "perimeter": "Forme",
    "circumstances": "Circonstances",
    "opinion": "Avis",
    "given_on": "Jour de l’avis",
    "file": "Fichier",
    "kind": "Engagement",
    "detail": "Contenu",
    "until_on": "Dernier jour",
    "iban": "IBAN",
    "holder": "Titulaire",
    "direct_payment": "Versement",
}
"""Names of the fields in the list of errors."""
GROUNDS: Final = tuple((each.value, each.label) for each in Ground)
PERIMETERS: Final = tuple((each.value, each.label) for each in Perimeter)
ODD_FIGURES: Final = (
    FilingSignal.EMPLOYEES_ABOVE_HEADCOUNT,
    FilingSignal.HOURS_ABOVE_CALENDAR,
    FilingSignal.REMOTE_PERIOD,
)
"""What the step of figures asks to confirm."""
CHOICES: Final = ("not-a-choice", "not-a-boolean")
WHOLE: Final = "Indiquez un nombre entier d’au moins 1, par exemple 42."
HOURS: Final = "Indiquez un nombre d’heures supérieur à zéro, par exemple 1 200 ou 35,5."
REPLACED: Final[Mapping[tuple[str, str], str]] = {
    ("headcount", "not-a-number"): WHOLE,
    ("headcount", "too-small"): WHOLE,
    ("employees", "not-a-number"): WHOLE,
    ("employees", "too-small"): WHOLE,
    ("hours", "wrong-value"): HOURS,
    ("hours", "too-small"): HOURS,
    ("file", "file-unknown"): "Ce fichier a été joint depuis un autre compte : joignez-le de nouveau.",
}
"""Sentences for people in the place of those of the API, by field and code."""


def sentences(faults: Sequence[Fault], fields: Mapping[str, str]) -> dict[str, str]:
    """Return the sentence of each invalid field, in the words of a form."""
    wrong = beside(faults, fields)
    for each in reversed(faults):
        name = fields.get(each.pointer, "form")
        if each.code in CHOICES and name in MISSING:
            wrong[name] = MISSING[name]
        elif (name, each.code) in REPLACED:
            wrong[name] = REPLACED[name, each.code]
    return wrong


def missing(step: Step, fields: Fields) -> dict[str, str]:
    """Return what to do about the required fields that were left empty."""
    return {name: MISSING[name] for name in step.required if not fields.get(name)}


def following(name: str, *, commitments: bool) -> str:
    """Return the name of the step after another; `commitments`: whether the law asks for them."""
    names = [each for each in (*ORDER, CHECK) if each != COMMITMENTS or commitments]
    return names[names.index(name) + 1] if name in names else CHECK
