"""The smallest true document of each kind, for the tests and the screenshots."""

from datetime import date, datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from activities.documents.contents import (
    Checklist,
    Commitment,
    Content,
    Employer,
    GrantedTerms,
    Piece,
    RequestedTerms,
    Service,
    Signatory,
)
from activities.documents.kinds.attestation import Attestation
from activities.documents.kinds.completion_receipt import CompletionReceipt
from activities.documents.kinds.completion_request import CompletionRequest
from activities.documents.kinds.enrolment_receipt import EnrolmentReceipt
from activities.documents.kinds.grant import Grant
from activities.documents.kinds.partial_grant import PartialGrant
from activities.documents.kinds.receipt import Receipt
from activities.documents.kinds.refusal import Refusal
from activities.documents.kinds.void_notice import VoidNotice
from law.decision import remedies
from law.enrolment import credentials_delay
from law.opinion import council_notice
from law.silence import silence
from models.identifiers import BankAccount, Period
from models.terms import terms

PARIS: Final = ZoneInfo("Europe/Paris")
AT: Final = datetime(2026, 11, 22, 9, 30, 5, tzinfo=PARIS)
EMPLOYER: Final = Employer(
    name="Ateliers Cœur d’Ÿonne", address="12, rue de l’Église, 94240 L’HAŸ-LES-ROSES", siret="73282932000074"
)
SERVICE: Final = Service(
    name="DDETS de l’Hérault",
    authority="Préfet de l’Hérault",
    address="1, place de l’Exemple, Hérault (adresse fictive)",
    phone="01 99 00 00 33",
    email="activite-partielle@service-034.invalid",
)
ASKED: Final = RequestedTerms(
    ground="Sinistre ou intempéries de caractère exceptionnel",
    period=Period(start_on=date(2026, 12, 1), end_on=date(2027, 2, 28)),
    employees=42,
    hours=Decimal("12000"),
)
ACCOUNT: Final = BankAccount(iban="FR1420041010050500013M02606", holder="Ateliers Cœur d’Ÿonne")
RECEIVED: Final = datetime(2026, 11, 15, 14, 3, 9, tzinfo=PARIS)
SILENCE: Final = silence(RECEIVED, "34")
CHECKLIST: Final = Checklist(
    items=(
        "Le motif est l’un de ceux du code du travail et les circonstances sont établies.",
        "L’avis du comité social et économique est joint.",
        "L’effectif et les heures demandés répondent à la baisse d’activité décrite.",
    ),
    agent="Nadia Perrin, contrôleuse du travail",
    attested_at=datetime(2026, 11, 20, 16, 40, 0, tzinfo=PARIS),
)
DIRECTOR: Final = Signatory(
    name="Claire Fontaine", quality="Directrice départementale de l’emploi, du travail et des solidarités"
)
DELEGATE: Final = Signatory(
    name="Hugo Lenoir",
    quality="Responsable de l’unité activité partielle",
    delegation="arrêté du 3 janvier 2024 portant délégation de signature",
)
REMEDIES: Final = remedies(date(2026, 11, 22), "34")
COUNCIL: Final = council_notice(date(2026, 11, 22))
LETTER: Final = {
    "reference": "034AQHV02",
    "number": "034AQHV0200",
    "employer": EMPLOYER,
    "service": SERVICE,
    "site": "https://tacite.example/verification",
    "legal_time": "heure de Paris",
}
AUTHOR: Final = "Jeanne Martin, responsable des ressources humaines"


def a_receipt(**changes: object) -> Receipt:
    """A receipt for the request of `ASKED`, received on `RECEIVED`; `changes` replace fields."""
    return Receipt.model_validate(
        LETTER
        | {
            "author": AUTHOR,
            "received_at": RECEIVED,
            "tacit_acceptance_at": SILENCE.tacit_acceptance_at,
            "last_day_on": SILENCE.last_day_on,
            "asked": ASKED,
            "why": SILENCE.why,
        }
        | changes
    )


def an_enrolment_receipt(**changes: object) -> EnrolmentReceipt:
    """A receipt for an enrolment received on `RECEIVED`; `changes` replace fields."""
    delay, accepted = credentials_delay(RECEIVED, "34"), terms("2020-04-02")
    return EnrolmentReceipt.model_validate(
        LETTER
        | {
            "reference": EMPLOYER.siret,
            "number": EMPLOYER.siret,
            "author": AUTHOR,
            "email": "jeanne.martin@ateliers.example",
            "requested_at": delay.requested_at,
            "credentials_due_at": delay.due_at,
            "terms_title": accepted.title,
            "terms_version": accepted.version,
            "terms_sha256": accepted.sha256,
            "why": delay.why,
        }
        | changes
    )


def a_grant(**changes: object) -> Grant:
    """A grant of all that was asked, by the delegate, with commitments; `changes` replace fields."""
    stated = _decision() | {"granted": _granted(), "commitments": _commitments()}
    return Grant.model_validate(stated | changes)


def a_refusal(**changes: object) -> Refusal:
    """A refusal by the director; `changes` replace fields."""
    return Refusal.model_validate(_decision() | _grounds() | {"signatory": DIRECTOR} | changes)


def every_letter() -> dict[str, Content]:
    """One document of each kind, by kind."""
    tacit = LETTER | {
        "received_at": RECEIVED,
        "effect_at": SILENCE.tacit_acceptance_at,
        "asked": ASKED,
        "why": SILENCE.why,
    }
    letters: tuple[Content, ...] = (
        a_receipt(),
        _a_completion_receipt(),
        _a_completion_request(),
        a_grant(),
        PartialGrant.model_validate(
            _decision() | _grounds() | {"granted": _granted(employees=30, hours=Decimal("8400.5"))}
        ),
        a_refusal(),
        VoidNotice.model_validate(
            tacit | {"voided": "refusal", "registered_at": datetime(2026, 11, 30, 23, 58, 0, tzinfo=PARIS)}
        ),
        Attestation.model_validate(tacit | {"bank_account": ACCOUNT, "council_notice": COUNCIL}),
        an_enrolment_receipt(),
    )
    return {letter.kind.value: letter for letter in letters}


def _a_completion_receipt() -> CompletionReceipt:
    completed_at = datetime(2026, 11, 21, 8, 0, 1, tzinfo=PARIS)
    again = silence(completed_at, "34")
    return CompletionReceipt.model_validate(
        a_receipt().model_dump(exclude={"kind"})
        | {
            "filed_at": RECEIVED,
            "received_at": completed_at,
            "tacit_acceptance_at": again.tacit_acceptance_at,
            "last_day_on": again.last_day_on,
            "why": again.why,
            "pieces": ("Avis du comité social et économique",),
        }
    )


def _a_completion_request() -> CompletionRequest:
    return CompletionRequest.model_validate(
        LETTER
        | {
            "received_at": RECEIVED,
            "tacit_acceptance_at": SILENCE.tacit_acceptance_at,
            "pieces": (
                Piece(
                    code="avis_cse",
                    label="Avis du comité social et économique",
                    text_reference="Code du travail, article R. 5122-2",
                ),
            ),
            "reasons": "L’avis joint à la demande porte sur une autre période.",
            "due_on": date(2026, 12, 10),
            "agent": "Nadia Perrin, contrôleuse du travail",
        }
    )


def _decision() -> dict[str, object]:
    return LETTER | {
        "received_at": RECEIVED,
        "asked": ASKED,
        "bank_account": ACCOUNT,
        "council_notice": COUNCIL,
        "signatory": DELEGATE,
        "checklist": CHECKLIST,
    }


def _granted(employees: int = 42, hours: Decimal = Decimal("12000")) -> GrantedTerms:
    return GrantedTerms(period=ASKED.period, employees=employees, hours=hours)


def _grounds() -> dict[str, object]:
    return {
        "in_law": ("Article R. 5122-1 du code du travail : le motif invoqué doit être établi.",),
        "in_fact": ("Douze salariés travaillent sur un site que le sinistre n’a pas touché.",),
        "remedies": REMEDIES,
    }


def _commitments() -> tuple[Commitment, ...]:
    return (
        Commitment(
            label="Maintien dans l’emploi",
            detail="les 42 salariés restent employés pendant une durée double de l’autorisation",
            until_on=date(2027, 5, 31),
        ),
        Commitment(label="Formation", detail="habilitation électrique pour l’équipe de maintenance"),
    )
