"""What the page of a case shows to its employer, as French people read it."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Final, NamedTuple

from law.commitments import CommitmentKind
from law.completion import piece_name
from law.directory import department
from law.grounds import Ground, Perimeter
from law.opinion import OpinionForm, opinion_title, sense
from law.texts import end_in_french, in_french, instant_in_french, number_in_french
from models.identifiers import Period
from models.labels import CaseEvent, DocumentKind, Status
from models.store.cases.files import StoredFile
from models.store.cases.records import CommitmentRecord
from starter.pages.components.tones import TONES
from starter.pages.components.typography import iban_in_groups, siret_in_groups
from starter.services.case_schemas import BankChangeView, CaseView, TermsView
from starter.services.case_standing import Standing, status_label
from starter.services.case_view import published_events
from starter.services.requests import RequestReading

Row = tuple[str, str]
"""A term and its value."""

GROUNDS: Final = {each.value: each.label for each in Ground}
PERIMETERS: Final = {each.value: each.label for each in Perimeter}
COMMITMENTS: Final = {each.value: each.label for each in CommitmentKind}
DOCUMENTS: Final = DocumentKind.labels()
EVENTS: Final = CaseEvent.labels()
OPINIONS: Final[dict[str, str]] = {
    "favourable": "favorable",
    "unfavourable": "défavorable",
    "none_given": "consulté, aucun avis rendu",
    **{each.value: each.label for each in OpinionForm},
}
MEDIA_TYPES: Final = {"application/pdf": "PDF", "image/png": "image PNG", "image/jpeg": "image JPEG", "text/csv": "CSV"}
ERASED: Final = "effacé"


class ShownFile(NamedTuple):
    """A file of the case: what it is, its address, its form and digest."""

    what: str
    href: str
    form: str
    sha256: str


def content(reading: RequestReading) -> dict[str, object]:
    """Return the content of the page of a case, for its template."""
    view, record, stands = reading.case, reading.request, reading.standing
    partial = bool(view.granted and view.granted.partial)
    return {
        "case": view,
        "stands": stands,
        "held_for": view.hand_over_held_why,
        "address": f"/requests/{view.reference}",
        "employer": reading.reader.role == "employer",
        "status": status_label(view.status, view.outcome, partial=partial),
        "tone": "doubt" if partial else TONES[Status.of(view.status)],
        "partial": partial,
        "until": _end(view.clock.tacit_acceptance_at),
        "effect_at": _instant(view.effect_at),
        "notified_at": _instant(view.notified_at),
        "legal_time": department(record.department).legal_time,
        "left": days_left(stands),
        "due_on": view.pending_completion and in_french(view.pending_completion.due_on),
        "opinion_due_on": view.opinion_due_on and in_french(view.opinion_due_on),
        "missing_pieces": missing_pieces(view),
        "appeal_until": stands.remedies and in_french(stands.remedies.appeal.last_day_on),
        "compared": [*_compared(view)],
        "filed_rows": [*_filed(view, record.law_day)],
        "commitments": [_commitment(each) for each in view.commitments],
        "given": [(piece_name(each.code, each.label), each.text) for each in view.pieces],
        "files": [*_files(view, record.law_day)],
        "documents": [(each, DOCUMENTS[each.kind], _instant(each.signed_at)) for each in view.documents],
        "story": [*_story(view)],
        "amendments": [*_amendments(view)],
        "bank_changes": [_bank_change(each) for each in view.bank_changes],
        "in_force": terms_rows(view.in_force) if view.in_force and view.amendments else (),
    }


def days_left(stands: Standing) -> str:
    """Return how many days are left, in words; nothing once the last one is past."""
    if stands.days_left is None or stands.days_left < 0:
        return ""
    if stands.days_left == 0:
        return "C’est le dernier jour."
    return f"Il reste {stands.days_left} jour{'s' if stands.days_left > 1 else ''}."


def missing_pieces(view: CaseView) -> list[tuple[str, str, str]]:
    """Return the pieces still to be supplied: code, name as the document prints it, text that requires it."""
    pending = view.pending_completion
    return [
        (each["code"], piece_name(each["code"], each["label"]), each["text_reference"])
        for each in (pending.pieces if pending else ())
        if pending and each["code"] in pending.missing
    ]


def _compared(view: CaseView) -> Iterator[tuple[str, str, str]]:
    """Yield what was asked for beside what was granted."""
    granted = view.granted
    yield "Période", period(view.period), period(granted.period) if granted else ""
    yield "Salariés", number_in_french(view.employees), number_in_french(granted.employees) if granted else ""
    yield "Heures", _hours(view.hours), _hours(granted.hours) if granted else ""


def _filed(view: CaseView, on: date) -> Iterator[Row]:
    """Yield what was filed; `on` is the day whose law names the council."""
    account = view.bank_account
    yield "Reçue le", instant_in_french(view.received_at)
    yield "Établissement", f"{view.name}, SIRET {siret_in_groups(view.siret)}"
    yield "Motif", GROUNDS[view.ground]
    yield "Circonstances", view.circumstances or ERASED
    yield "Forme", PERIMETERS[view.perimeter]
    yield "Placement à partir du", in_french(view.placement_on)
    yield "Période", period(view.period)
    yield "Effectif de l’entreprise", number_in_french(view.headcount)
    yield "Salariés concernés", number_in_french(view.employees)
    yield "Heures demandées", _hours(view.hours)
    for each in view.opinions:
        day = f", rendu le {in_french(each.given_on)}" if each.given_on else ""
        yield opinion_title(each.form, on), f"{OPINIONS[sense(each.form)]}{day}"
    yield "Compte bancaire", f"{iban_in_groups(account.iban)}, {account.holder}" if account else ERASED
    if view.direct_payment:
        yield "Paiement direct aux salariés", "demandé ; le préfet en décide (R. 5122-16)"
    if view.other_employees:
        yield "Autres salariés", "que ceux des demandes pour les mêmes jours"


def terms_rows(terms: TermsView) -> tuple[Row, ...]:
    """Return the terms of an authorization as people read them."""
    return (
        ("Période", period(terms.period)),
        ("Salariés", number_in_french(terms.employees)),
        ("Heures", _hours(terms.hours)),
    )


def _amendments(view: CaseView) -> Iterator[tuple[str, str, str, str]]:
    """Yield each amendment: its reference, how it stands, its tone, what it asks for or was granted."""
    for each in view.amendments:
        told = ", ".join(f"{term.lower()} {value}" for term, value in terms_rows(each))
        label = status_label(each.status, each.outcome, partial=False)
        yield each.reference, label, TONES[Status.of(each.status)], told


def _bank_change(change: BankChangeView) -> str:
    """Say what became of a change of account, in one sentence."""
    account = f"{change.number}, vers {iban_in_groups(change.iban)}"
    if change.effective_at is None:
        return f"{account} : un agent en décidera."
    words = "accordé" if change.state == "changed" else "refusé"
    return f"{account} : {words} le {in_french(change.effective_at.date())}. {' '.join(change.reasons)}".strip()


def _commitment(record: CommitmentRecord) -> Row:
    return COMMITMENTS[record.kind], f"{record.detail} (jusqu’au {in_french(record.until_on)})"


def _files(view: CaseView, on: date) -> Iterator[ShownFile]:
    used = {each.file: f"{opinion_title(each.form, on)}, version {each.version}" for each in view.opinions}
    if len(used) == 1:
        used = {each.file: opinion_title(each.form, on) for each in view.opinions}
    used |= {each.file: piece_name(each.code, each.label) for each in view.pieces}
    for each in view.files:
        yield shown_file(each, used.get(each.id, "Fichier joint"))


def shown_file(file: StoredFile, what: str) -> ShownFile:
    """Return a file of a case as pages show it."""
    kind = MEDIA_TYPES.get(file.media_type, file.media_type)
    return ShownFile(what, f"/files/{file.id}", f"{kind}, {_size(file.size)}", file.sha256)


def _story(view: CaseView) -> Iterator[tuple[str, str, str]]:
    mandates = {
        each.id: f"par {each.name}, mandat du {in_french(each.starts_on)} au {in_french(each.ends_on)}"
        for each in view.mandates
    }
    for each in published_events(view.events):
        yield EVENTS[each.type], f"le {instant_in_french(each.at)}", mandates.get(each.mandate or "", "")


def period(of: Period) -> str:
    """Write a period as French people read it."""
    return f"du {in_french(of.start_on)} au {in_french(of.end_on)}"


def _hours(hours: Decimal) -> str:
    return f"{number_in_french(hours)} h"


def _size(size: int) -> str:
    return f"{number_in_french(max(size // 1024, 1))} Ko"


def _instant(at: datetime | None) -> str | None:
    return instant_in_french(at) if at else None


def _end(at: datetime | None) -> str | None:
    return end_in_french(at) if at else None
