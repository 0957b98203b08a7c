"""The answers of a draft in words, step by step, with what is still to do in each."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple

from law.grounds import Ground, Perimeter
from law.opinion import OpinionForm
from law.texts import in_french, number_in_french
from models.identifiers import compact
from starter.http.problems import Fault
from starter.pages.components.forms import typed_sentence
from starter.pages.employer import filing_steps as steps
from starter.pages.employer.filing_commitments import shown as commitments_shown
from starter.pages.employer.filing_council import CONSULTED, said_of, shown_opinion
from starter.pages.employer.filing_frame import base, step_names
from starter.services.draft_review import DraftReading

TO_DO: Final = ("À compléter", "doubt")
WRONG: Final = ("À corriger", "bad")
DONE: Final = ("Complet", "good")
PAYMENT: Final = {True: "Directement aux salariés, si le préfet le décide", False: "À l’entreprise"}
IBAN_GROUP: Final = 4

Row = tuple[str, str]


class Answered(NamedTuple):
    """One step: its title and address, where it stands and in which tone, its answers, what is wrong in it."""

    label: str
    href: str
    state: str
    tone: str
    rows: tuple[Row, ...]
    wrong: tuple[str, ...]


def answers(reading: DraftReading) -> tuple[Answered, ...]:
    """Return every step of a draft, in order."""
    return tuple(_answered(reading, name) for name in step_names(reading))


def stray(reading: DraftReading) -> tuple[str, ...]:
    """Return what is wrong in a draft and belongs to none of its steps."""
    members = {member for _, own in steps.ORDER.values() for member in own}
    return tuple(typed_sentence(each) for each in reading.faults if _member(each) not in members)


def _answered(reading: DraftReading, name: str) -> Answered:
    label, members = steps.ORDER[name]
    wrong = tuple(typed_sentence(each) for each in reading.faults if _member(each) in members)
    if name == steps.FIGURES.name and reading.beside and not reading.draft.content.get("other_employees"):
        wrong += ("Une autre demande couvre des jours de cette période : dites s’il s’agit d’autres salariés.",)
    todo = any(each in members for each in reading.missing)
    state, tone = TO_DO if todo else WRONG if wrong else DONE
    rows = tuple(_ROWS[name](reading))
    return Answered(label, f"{base(reading.draft.id)}/{name}", state, tone, rows, wrong)


def _member(fault: Fault) -> str:
    return fault.pointer.split("/")[1] if fault.pointer else ""


def _part(reading: DraftReading, member: str) -> Mapping[str, object]:
    value = reading.draft.content.get(member)
    return value if isinstance(value, dict) else {}


def _day(value: object) -> str:
    try:
        return in_french(date.fromisoformat(str(value)))
    except ValueError:
        return ""


def _number(value: object) -> str:
    try:
        return "" if value is None else number_in_french(value if isinstance(value, int) else Decimal(str(value)))
    except InvalidOperation:
        return ""


def _ground(reading: DraftReading) -> Iterator[Row]:
    content, period = reading.draft.content, _part(reading, "period")
    yield "Motif", Ground.of(str(content["ground"])).label
    yield "Premier jour d’activité partielle", _day(content["placement_on"])
    yield "Période", f"du {_day(period.get('start_on'))} au {_day(period.get('end_on'))}" if period else ""


def _figures(reading: DraftReading) -> Iterator[Row]:
    content = reading.draft.content
    yield "Effectif de l’entreprise", _number(content.get("headcount"))
    yield "Salariés concernés", _number(content.get("employees"))
    yield "Heures demandées", _number(content.get("hours"))
    if content.get("other_employees"):
        yield "Autres demandes de la période", "Cette demande concerne d’autres salariés"


def _circumstances(reading: DraftReading) -> Iterator[Row]:
    content = reading.draft.content
    perimeter = content.get("perimeter")
    yield "Forme", Perimeter.of(str(perimeter)).label if perimeter else ""
    yield "Circonstances", str(content.get("circumstances") or "")


def _council(reading: DraftReading) -> Iterator[Row]:
    council = _part(reading, "works_council")
    shown = shown_opinion(reading)
    if shown.get("opinion") in CONSULTED:
        yield "Consultation", said_of(shown["opinion"], reading.opinion)
        yield "Avis du", _day(shown.get("given_on"))
        yield "Fichier", "joint" if reading.file else ""
    elif council.get("pending"):
        yield "Avis", OpinionForm.PENDING.label
    else:
        stated = council.get("not_required")
        yield "Avis", OpinionForm(str(stated)).label if stated else ""


def _commitments(reading: DraftReading) -> Iterator[Row]:
    for _, kind, detail, until in commitments_shown(reading):
        yield kind, f"{detail} (jusqu’au {until})"


def _account(reading: DraftReading) -> Iterator[Row]:
    account = _part(reading, "bank_account")
    plain = compact(str(account.get("iban", "")), "IBAN")
    yield "IBAN", " ".join(plain[at : at + IBAN_GROUP] for at in range(0, len(plain), IBAN_GROUP))
    yield "Titulaire", str(account.get("holder", ""))
    yield "Allocation versée", PAYMENT[bool(reading.draft.content.get("direct_payment"))] if account else ""


_ROWS: Final = {
    steps.GROUND.name: _ground,
    steps.FIGURES.name: _figures,
    steps.CIRCUMSTANCES.name: _circumstances,
    steps.COUNCIL: _council,
    steps.COMMITMENTS: _commitments,
    steps.ACCOUNT.name: _account,
}
