"""What the page of a case shows to an agent, as French people read it."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from law.commitments import CommitmentKind
from law.completion import piece_name
from law.directory import department
from law.grounds import Ground, Perimeter
from law.opinion import OpinionForm, given_by_delegates, opinion_title, sense
from law.texts import count_in_french, in_french, instant_in_french, number_in_french
from models.identifiers import Period
from models.labels import CaseEvent, DocumentKind, Outcome, Part, Status
from models.store.cases.files import StoredFile
from models.store.cases.records import CommitmentRecord, RequestRecord
from starter.auth.permissions import Verb
from starter.pages.agent.deadlines import deadline
from starter.pages.components.tones import tag
from starter.pages.components.typography import iban_in_groups, siret_in_groups
from starter.services.case_review import CaseReading, DeskCase
from starter.services.case_schemas import TermsView
from starter.services.content_schemas import EarlierRequest

Row = tuple[str, object]
"""A term and its value; a row without a value is not shown."""

GROUNDS: Final = {each.value: each.label for each in Ground}
PERIMETERS: Final = {each.value: each.label for each in Perimeter}
COMMITMENTS: Final = {each.value: each.label for each in CommitmentKind}
DOCUMENTS: Final = DocumentKind.labels()
PARTS: Final = Part.labels()
ASKED_DIRECTLY: Final = "demandé ; sans décision, l’entreprise reste payée (R. 5122-16)"
OPINIONS: Final[dict[str, str]] = {
    "favourable": "favorable",
    "unfavourable": "défavorable",
    "none_given": "consulté, aucun avis rendu",
    **{each.value: each.label for each in OpinionForm},
}
EVENTS: Final[dict[str, str]] = CaseEvent.labels() | {
    "checklist_attested": "Validité attestée",
    "completion_request_registered": "Demande de pièces enregistrée",
    "completion_request_cancelled": "Demande de pièces reprise",
    "decision_registered": "Décision enregistrée",
    "decision_signed": "Décision signée",
    "decision_cancelled": "Décision reprise",
    "hand_over_reviewed": "Transmission à l’ASP autorisée par un agent",
    "holder_stated": "Titulaire du compte bancaire précisé",
    "nominal_erased": "Données nominatives effacées",
    "incident_opened": "Incident technique",
    "incident_closed": "Incident technique terminé",
    "reminder_sent": "Rappel envoyé",
    "notice_refused": "Courriel refusé par son destinataire",
}
"""Label of every event of a case; agents see those that employers do not, too."""
FILE_TYPES: Final = {
    "application/pdf": "PDF",
    "image/png": "image PNG",
    "image/jpeg": "image JPEG",
    "text/csv": "tableau CSV",
}
ROLES: Final = {
    "employer": "par l’employeur",
    "agent": "par un agent",
    "head": "par le chef d’unité",
    "operator": "par un exploitant",
    "auditor": "par un auditeur",
    "system": "",
}


def content(reading: CaseReading) -> dict[str, object]:
    """Return the content of the page of a case, for its template."""
    case, record = reading.case, reading.record
    return {
        "case": case,
        "status": tag(Status.of(case.status)),
        "deadline": deadline(case.clock.tacit_acceptance_at, case.seconds_left, case.outcome),
        "legal_time": department(record.department).legal_time,
        "outcome": case.outcome and _outcome(case, case.outcome),
        "pending": _pending(case),
        "request_rows": [*_request(case, record)],
        "commitments": [_commitment(each) for each in case.commitments],
        "establishment_rows": [*_establishment(case)],
        "account_rows": [*_account(case)],
        "opinions": [_opinion(case, at) for at in range(len(case.opinions))],
        "files": attached_files(case, record.law_day),
        "earlier": [_earlier(each) for each in case.establishment_history],
        "pieces": [(piece_name(each.code, each.label), each.text, each.file) for each in case.pieces],
        "documents": [(each, DOCUMENTS[each.kind], instant_in_french(each.signed_at)) for each in case.documents],
        "events": [(EVENTS[each.type], instant_in_french(each.at), ROLES[each.actor_role]) for each in case.events],
        "incidents": [(PARTS[each.part], instant_in_french(each.opened_at)) for each in case.incidents],
        "checklist": _checklist(case),
        "in_charge": reading.in_charge,
        "unread": reading.unread,
        "mine": case.assigned_to == reading.reader.id,
        "may_assign": reading.may(Verb.ASSIGN),
        "colleagues": [(each.id, each.name) for each in reading.colleagues if each.id != case.assigned_to],
    }


def attached_files(case: DeskCase, on: date) -> list[dict[str, object]]:
    """Return the files of a case, in the order in which they came; `on` is the day whose law names the council."""
    given = [each for each in case.opinions if each.file]
    opinions = {each.file: f"{opinion_title(each.form, on)}, version {each.version}" for each in given}
    if len(given) == 1:
        opinions = {given[0].file: opinion_title(given[0].form, on)}
    pieces = {each.file: piece_name(each.code, each.label) for each in case.pieces if each.file}
    return [
        {
            "id": each.id,
            "name": (opinions | pieces).get(each.id, "Demande sur papier, numérisée"),
            "kind": described_file(each),
        }
        for each in case.files
    ]


def described_file(file: StoredFile) -> str:
    """Return the type and size of a file, as people read them."""
    return f"{FILE_TYPES[file.media_type]}, {max(file.size // 1024, 1)} Ko"


def _outcome(case: DeskCase, outcome: Outcome) -> dict[str, object]:
    granted = case.granted
    return {
        "label": "Autorisée en partie" if granted and granted.partial else outcome.label,
        "at": case.effect_at and instant_in_french(case.effect_at),
        "tone": "good" if granted else "bad" if outcome is Outcome.REFUSED else "info",
        "rows": [*_terms_rows(granted.period, granted.employees, granted.hours)] if granted else [],
    }


def _terms_rows(period: Period, employees: int, hours: Decimal) -> Iterator[Row]:
    yield "Période", f"du {in_french(period.start_on)} au {in_french(period.end_on)}"
    yield "Salariés", number_in_french(employees)
    yield "Heures", number_in_french(hours)


def _pending(case: DeskCase) -> dict[str, object] | None:
    pending = case.pending_completion
    if pending is None:
        return None
    return {
        "due_on": in_french(pending.due_on),
        "notified": pending.notified_at and instant_in_french(pending.notified_at),
        "reasons": pending.reasons,
        "missing": [
            f"{piece_name(each['code'], each['label'])} ({each['text_reference']})"
            for each in pending.pieces
            if each["code"] in pending.missing
        ],
    }


def _request(case: DeskCase, record: RequestRecord) -> Iterator[Row]:
    if case.amends and case.in_force:
        yield "Avenant à l’autorisation", case.amends
        yield "En vigueur aujourd’hui", _in_force(case.in_force)
    yield "Reçue le", instant_in_french(case.received_at)
    yield "Motif", GROUNDS[case.ground]
    yield "Circonstances", case.circumstances or "effacées"
    yield "Périmètre", PERIMETERS[case.perimeter]
    yield "Placement à partir du", in_french(case.placement_on)
    yield "Période demandée", f"du {in_french(case.period.start_on)} au {in_french(case.period.end_on)}"
    yield "Effectif", number_in_french(case.headcount)
    yield "Salariés concernés", number_in_french(case.employees)
    yield "Heures demandées", number_in_french(case.hours)
    yield "Heures par salarié", number_in_french(_per_employee(case))
    yield "Paiement direct aux salariés", ASKED_DIRECTLY if case.direct_payment else ""
    yield "Autres salariés qu’aux mêmes jours", "oui" if case.other_employees else ""
    yield "Avenants", ", ".join(each.reference for each in case.amendments)
    yield "Déposée par", case.author or "identité effacée"
    yield "Voie", "papier" if record.channel == "paper" else "en ligne"


def _in_force(terms: TermsView) -> str:
    """Write the terms that an amendment changes in one line."""
    return ", ".join(
        f"{term.lower()} {value}" for term, value in _terms_rows(terms.period, terms.employees, terms.hours)
    )


def _per_employee(case: DeskCase) -> Decimal:
    return round(case.hours / case.employees, 1)


def _establishment(case: DeskCase) -> Iterator[Row]:
    yield "Nom", case.name
    yield "SIRET", siret_in_groups(case.siret)
    yield "Adresse", case.address
    yield "Habilitation du déposant", "prouvée" if case.authority == "proven" else "non prouvée"


def _account(case: DeskCase) -> Iterator[Row]:
    account = case.bank_account
    if account is None:
        yield "Compte", "effacé"
        return
    yield "IBAN", iban_in_groups(account.iban)
    yield "Titulaire", account.holder
    yield "Vérification", "" if account.authority == "proven" else "le déposant n’a pas prouvé son habilitation"


def _opinion(case: DeskCase, at: int) -> dict[str, object]:
    stated = case.opinions[at]
    whose = "délégués du personnel : " if given_by_delegates(stated.form) else ""
    return {
        "form": f"{whose}{OPINIONS[sense(stated.form)]}",
        "given_on": stated.given_on and in_french(stated.given_on),
        "received": "à la demande" if at == 0 else f"reçu le {instant_in_french(stated.received_at)}",
        "file": stated.file,
    }


def _commitment(stated: CommitmentRecord) -> tuple[str, str, str]:
    return COMMITMENTS[stated.kind], stated.detail, in_french(stated.until_on)


def _earlier(each: EarlierRequest) -> dict[str, object]:
    return {
        "reference": each.reference,
        "status": tag(Status.of(each.status)),
        "ground": GROUNDS[each.ground],
        "period": f"du {in_french(each.period.start_on)} au {in_french(each.period.end_on)}",
        "asked": f"{count_in_french(each.employees, 'salarié')}, {count_in_french(each.hours, 'heure')}",
    }


def _checklist(case: DeskCase) -> dict[str, object] | None:
    attested = case.checklist
    if attested is None:
        return None
    return {
        "at": instant_in_french(attested.attested_at),
        "items": [(each.label, each.attested) for each in attested.items],
    }
