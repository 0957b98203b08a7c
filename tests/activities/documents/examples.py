"""What the examples of documents share; the example of each kind is in its test, in `kinds`."""

import re
from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from pypdf import PdfReader

from activities.documents.contents import (
    AttachedFile,
    Checklist,
    Commitment,
    Content,
    Employer,
    Filed,
    GrantedTerms,
    PrintedAccount,
    RequestedTerms,
    Service,
    Signatory,
)
from activities.documents.kinds.enrolment_receipt import EnrolmentReceipt
from activities.documents.kinds.grant import Grant
from activities.documents.kinds.receipt import Receipt
from activities.documents.kinds.refusal import Refusal
from activities.documents.render import render
from law.decision import cited_codes
from law.enrolment import credentials_delay
from law.grant_effects import grant_effects
from law.opinion import council_notice
from law.remedies import remedies
from law.silence import silence
from models.identifiers import Period
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
    seat="Montpellier",
)
ASKED: Final = RequestedTerms(
    ground="Sinistre ou intempéries de caractère exceptionnel",
    period=Period(start_on=date(2026, 12, 1), end_on=date(2027, 2, 28)),
    employees=42,
    hours=Decimal("12000"),
)
ACCOUNT: Final = PrintedAccount(iban="FR1420041010050500013M02606", holder="Ateliers Cœur d’Ÿonne")
AMENDED: Final = "034AQHV0200"
"""Number of an authorization that a document of an amendment names."""
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
    name="Claire Fontaine", quality="la directrice départementale de l’emploi, du travail et des solidarités"
)
DELEGATE: Final = Signatory(
    name="Hugo Lenoir",
    quality="le responsable de l’unité activité partielle",
    delegation="arrêté du 3 janvier 2024 portant délégation de signature",
)
REMEDIES: Final = remedies(date(2026, 11, 22), "34")
VISAS: Final = (
    *(f"Vu le {code} ;" for code in cited_codes(date(2026, 11, 22))),
    "Vu l’acte donnant délégation de signature à Hugo Lenoir : arrêté du 3 janvier 2024 ;",
    "Vu la demande préalable d’autorisation d’activité partielle n° 034AQHV02, reçue le "
    "15 novembre 2026 à 14 h 03 min 09 s ;",
    "Vu l’avis favorable du comité social et économique, rendu le 12 novembre 2026,",
)
BY_DIRECTOR: Final = {"signatory": DIRECTOR, "visas": tuple(each for each in VISAS if "délégation" not in each)}
EFFECTS: Final = grant_effects(date(2027, 2, 28), date(2026, 11, 15), date(2026, 11, 22))
FILED: Final = Filed(
    perimeter="Fermeture temporaire d’une partie de l’établissement",
    placement_on=date(2026, 12, 1),
    headcount=120,
    circumstances="L’atelier principal a été inondé dans la nuit du 14 au 15 novembre ; les machines sont perdues.",
    opinion="Avis favorable du comité social et économique, rendu le 12 novembre 2026",
    account="FR14 … 2606, au nom de Ateliers Cœur d’Ÿonne",
    files=(AttachedFile(label="Avis du comité", media_type="PDF", size="182 Kio", sha256="5f" * 32),),
)
COUNCIL: Final = council_notice(date(2026, 11, 22))
HEADING: Final = {
    "reference": "034AQHV02",
    "number": "034AQHV0200",
    "serial": "034AQHV0200-XX1",
    "code": "ABCDE-FGHJK-LMNPQ-RSTUV-WXYZ23",
    "employer": EMPLOYER,
    "service": SERVICE,
    "site": "https://tacite.example/verification",
    "legal_time": "heure de Paris",
}
AUTHOR: Final = "Jeanne Martin, responsable des ressources humaines"
IN_EVERY: Final = (
    "Ateliers Cœur d’Ÿonne",
    "12, rue de l’Église, 94240 L’HAŸ-LES-ROSES",
    "732 829 320 00074",
    "DDETS de l’Hérault",
    SERVICE.phone,
    SERVICE.email,
    "https://tacite.example/verification/ABCDE-FGHJK-LMNPQ-RSTUV-WXYZ23",
    "RÉPUBLIQUE FRANÇAISE",
    "Préfet de l’Hérault",
)
PRINTED_RECEPTION: Final = "15 novembre 2026 à 14 h 03 min 09 s, heure de Paris (UTC+1)"
PRINTED_DEADLINE: Final = "au plus tard le 30 novembre 2026 à minuit (heure de Paris)"
PRINTED_ACCOUNT: Final = "FR14 2004 1010 0505 0001 3M02 606"
PRINTED_ACCEPTANCE: Final = "1er décembre 2026 à 0 h 00 min 00 s, heure de Paris (UTC+1)"
IN_EVERY_DECISION: Final = (
    "Vu le code du travail, notamment ses articles L. 5122-1",
    "Vu l’avis favorable du comité social et économique",
    "Décide :",
    "Article 1er —",
    "Fait à Montpellier, le 22 novembre 2026",
    "L’employeur informe de la présente décision le comité",
    "Attestées par Nadia Perrin, contrôleuse du travail, le 20 novembre 2026 à 16 h 40 min 00 s",
    "Pour le préfet de l’Hérault",
)


def a_receipt(**changes: object) -> Receipt:
    """A receipt for the request of `ASKED`, received on `RECEIVED`; `changes` replace fields."""
    return Receipt.model_validate(
        HEADING
        | {
            "author": AUTHOR,
            "received_at": RECEIVED,
            "tacit_acceptance_at": SILENCE.tacit_acceptance_at,
            "last_day_on": SILENCE.last_day_on,
            "asked": ASKED,
            "filed": FILED,
            "why": SILENCE.why,
        }
        | changes
    )


def an_enrolment_receipt(**changes: object) -> EnrolmentReceipt:
    """A receipt for an enrolment received on `RECEIVED`; `changes` replace fields."""
    delay, accepted = credentials_delay(RECEIVED, "34"), terms("2020-04-02")
    return EnrolmentReceipt.model_validate(
        HEADING
        | {
            "reference": EMPLOYER.siret,
            "number": EMPLOYER.siret,
            "author": AUTHOR,
            "email": "jeanne.martin@ateliers.example",
            "requested_at": delay.requested_at,
            "credentials_due_at": delay.due_at,
            "terms_title": accepted.title,
            "terms_version": accepted.version,
            "terms_from_on": date(2020, 4, 2),
            "terms_sha256": accepted.sha256,
            "why": delay.why,
        }
        | changes
    )


def a_grant(**changes: object) -> Grant:
    """A grant of everything requested, by the delegate, with commitments; `changes` replace fields."""
    return Grant.model_validate(decision_fields() | grant_fields() | {"commitments": commitments()} | changes)


def a_refusal(**changes: object) -> Refusal:
    """A refusal by the director; `changes` replace fields."""
    return Refusal.model_validate(decision_fields() | refusal_fields() | BY_DIRECTOR | changes)


def decision_fields() -> dict[str, object]:
    """The fields of a decision by the delegate."""
    return HEADING | {
        "received_at": RECEIVED,
        "asked": ASKED,
        "visas": VISAS,
        "council_notice": COUNCIL,
        "signatory": DELEGATE,
        "checklist": CHECKLIST,
    }


def grant_fields(employees: int = 42, hours: Decimal = Decimal("12000")) -> dict[str, object]:
    """What a grant adds: what is granted, the account, what comes next."""
    return {"granted": granted(employees, hours), "bank_account": ACCOUNT, "effects": EFFECTS}


def refusal_fields() -> dict[str, object]:
    """The reasons of a refusal and the ways of appeal."""
    return {
        "in_law": ("Article R. 5122-1 du code du travail : le motif invoqué doit être établi.",),
        "in_fact": ("Douze salariés travaillent sur un site que le sinistre n’a pas touché.",),
        "remedies": REMEDIES,
    }


def tacit_fields() -> dict[str, object]:
    """The fields of an acceptance born of silence."""
    return HEADING | {
        "received_at": RECEIVED,
        "effect_at": SILENCE.tacit_acceptance_at,
        "asked": ASKED,
        "why": SILENCE.why,
    }


def claim_fields() -> dict[str, object]:
    """The fields of a claim of December 2026, with the heading."""
    return HEADING | {
        "month": "décembre 2026",
        "part": 1,
        "version": 2,
        "period": Period(start_on=date(2026, 12, 1), end_on=date(2026, 12, 31)),
        "received_at": datetime(2027, 1, 4, 9, 12, 30, tzinfo=PARIS),
        "people": 38,
        "hours": Decimal("1204.5"),
        "allowance": "9 671,64 €",
        "indemnity": "16 862,30 €",
    }


def signed_claim_fields() -> dict[str, object]:
    """The fields of what the delegate signs of that claim."""
    based_on = (
        *VISAS[:-2],
        "Vu l’autorisation n° 034AQHV0200 ;",
        "Vu la demande d’indemnisation de décembre 2026, partie 1, version 2, reçue le 4 janvier 2027 à 9 h 12 min "
        "30 s,",
    )
    return claim_fields() | {"visas": based_on, "signatory": DELEGATE}


def granted(employees: int = 42, hours: Decimal = Decimal("12000")) -> GrantedTerms:
    """What is granted, over the whole period."""
    return GrantedTerms(period=ASKED.period, employees=employees, hours=hours)


def commitments() -> tuple[Commitment, ...]:
    """One commitment with a limit, one without."""
    return (
        Commitment(
            label="Maintien dans l’emploi",
            detail="les 42 salariés restent employés pendant une durée double de l’autorisation",
            until_on=date(2027, 5, 31),
        ),
        Commitment(label="Formation", detail="habilitation électrique pour l’équipe de maintenance"),
    )


class Example(NamedTuple):
    """The smallest true document of a kind, and what it must state beside what every document does."""

    content: Content
    statements: tuple[str, ...]

    def missing(self) -> list[str]:
        """What is not in the text of the document."""
        text = text_of(render(self.content, AT))
        return [statement for statement in (*IN_EVERY, *self.statements) if statement not in text]


def every_example() -> dict[str, Example]:
    """The example of each kind, by kind."""
    folder = Path(__file__).with_name("kinds")
    modules = [import_module(f"{__package__}.kinds.{path.stem}") for path in sorted(folder.glob("test_*.py"))]
    examples: list[Example] = [vars(module)["EXAMPLE"] for module in modules]
    return {example.content.kind.value: example for example in examples}


def every_document() -> dict[str, Content]:
    """One document of each kind, by kind."""
    return {kind: example.content for kind, example in every_example().items()}


def text_of(pdf: bytes) -> str:
    """The text of every page, with any blank space reduced to one."""
    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
    return re.sub(r"\s+", " ", " ".join(pages))
