"""What each document of a case states, read from the register: instants local to the département.

Nothing is decided or computed again here: what a receipt fixed, what an agent wrote and what silence gave are
printed as they are kept.
"""

from datetime import date, datetime
from typing import Final, Literal

from sqlalchemy import Connection

from activities.documents.contents import (
    Asked,
    Attestation,
    Checklist,
    Commitment,
    CompletionReceipt,
    CompletionRequest,
    Employer,
    EnrolmentReceipt,
    Grant,
    Granted,
    PartialGrant,
    Piece,
    Receipt,
    Refusal,
    Service,
    Signatory,
    VoidNotice,
)
from activities.signing import signatories
from law.calendar import local
from law.commitments import CommitmentKind
from law.decision import law_and_fact, remedies
from law.directory import department as department_of
from law.directory import service as service_of
from law.enrolment import credentials_delay
from law.opinion import council_notice
from law.texts import Reason
from models.identifiers import BankAccount, Period
from models.settings import Profile
from models.store.cases import checklists, completions, decisions, requests
from models.store.database import case_now
from models.store.people import accounts
from models.store.people.enrolments import EnrolmentRecord
from models.store.records import DecisionRecord, ReceiptRecord, RequestRecord
from models.terms import terms

VERIFICATION: Final = "/verification"
"""Page of the site that verifies a document."""
_COMMITMENTS: Final[dict[str, str]] = {kind.value: kind.label for kind in CommitmentKind}


class Composer:
    """Composes the documents of cases; `site` is printed on each, and outside production each is a specimen."""

    def __init__(self, site: str, profile: Profile) -> None:
        self._site = site.rstrip("/")
        self._specimens = profile != "production"

    def receipt(self, connection: Connection, reference: str, version: int) -> Receipt | CompletionReceipt:
        """Récépissé of the n-th reception: that of the filing, then those of completions."""
        asked = requests.get(connection, reference)
        kept = requests.list_receipts(connection, reference)[version - 1]
        stated = self._letter(connection, asked) | {
            "author": requests.get_nominal(connection, reference).author,
            "received_at": local(kept.received_at, asked.department),
            "tacit_acceptance_at": local(kept.tacit_acceptance_at, asked.department),
            "last_day_on": kept.last_day_on,
            "asked": _asked(asked),
            "why": _why(kept),
        }
        if version == 1:
            return Receipt.model_validate(stated)
        supplied = completions.list_fulfilled(connection, reference)[version - 2]
        return CompletionReceipt.model_validate(
            stated
            | {
                "filed_at": local(asked.received_at, asked.department),
                "pieces": tuple(piece.label for piece in supplied.pieces),
            }
        )

    def enrolment_receipt(self, asked: EnrolmentRecord, on: date) -> EnrolmentReceipt:
        """Récépissé d'une adhésion: who, for whom, when, what was accepted, until when credentials are due."""
        accepted = terms(asked.terms_version)
        delay = credentials_delay(asked.requested_at, asked.department, asked.law_on)
        employer = Employer(name=asked.name, address=asked.address, siret=asked.siret)
        stated = _letter(asked.siret, asked.siret, employer, asked.department, asked.law_on or on)
        return EnrolmentReceipt.model_validate(
            stated
            | {
                "site": self._site + VERIFICATION,
                "specimen": self._specimens or asked.law_on is not None or bool(asked.clock_offset),
                "author": asked.author,
                "email": asked.email,
                "requested_at": delay.requested_at,
                "credentials_due_at": local(asked.due_at, asked.department),
                "terms_title": accepted.title,
                "terms_version": accepted.version,
                "terms_sha256": accepted.sha256,
                "why": delay.why,
            }
        )

    def completion_request(self, connection: Connection, completion_id: str) -> CompletionRequest:
        """Demande de pièces, as its agent wrote it."""
        found = completions.get(connection, completion_id)
        asked = requests.get(connection, found.reference)
        last = requests.list_receipts(connection, found.reference)[-1]
        return CompletionRequest.model_validate(
            self._letter(connection, asked)
            | {
                "received_at": local(last.received_at, asked.department),
                "tacit_acceptance_at": local(last.tacit_acceptance_at, asked.department),
                "pieces": tuple(Piece.model_validate(piece.model_dump()) for piece in found.pieces),
                "reasons": found.reasons,
                "due_on": found.due_on,
                "agent": accounts.get(connection, found.agent_id).name,
            }
        )

    def decision(
        self, connection: Connection, decision_id: str, signatory: signatories.Signatory
    ) -> Grant | PartialGrant | Refusal:
        """Décision to be signed by a person: grant, partial grant or refusal."""
        found = decisions.get(connection, decision_id)
        asked = requests.get(connection, found.reference)
        stated = self._letter(connection, asked) | {
            "received_at": local(asked.received_at, asked.department),
            "asked": _asked(asked),
            **self._told(connection, asked),
            "signatory": Signatory(
                name=signatory.name, quality=signatory.quality, delegation=signatory.delegation
            ),
            "checklist": _checklist(connection, asked),
        }
        if found.outcome == "refusal":
            return Refusal.model_validate(stated | self._refused(connection, asked, found))
        stated |= _granted(found)
        if found.partial:
            return PartialGrant.model_validate(stated | self._refused(connection, asked, found))
        return Grant.model_validate(stated)

    def attestation(self, connection: Connection, reference: str) -> Attestation:
        """Attestation of the acceptance that silence gave to the request as it was filed."""
        asked = requests.get(connection, reference)
        return Attestation.model_validate(self._tacit(connection, asked) | self._told(connection, asked))

    def void_notice(self, connection: Connection, reference: str, decision_id: str) -> VoidNotice:
        """Avis de caducité of a decision that was registered, and not notified, in time."""
        found = decisions.get(connection, decision_id)
        asked = requests.get(connection, reference)
        overtaken = {
            "voided": kind_of(found),
            "registered_at": local(found.registered_at, asked.department),
        }
        return VoidNotice.model_validate(self._tacit(connection, asked) | overtaken)

    def _letter(self, connection: Connection, asked: RequestRecord) -> dict[str, object]:
        place = accounts.get_establishment(connection, asked.siret)
        employer = Employer(name=place.name, address=place.address, siret=place.siret)
        specimen = self._specimens or asked.law_on is not None or bool(asked.clock_offset)
        on, number = self._day(connection, asked), number_of(asked.reference)
        return _letter(asked.reference, number, employer, asked.department, on) | {
            "site": self._site + VERIFICATION,
            "specimen": specimen,
        }

    def _told(self, connection: Connection, asked: RequestRecord) -> dict[str, object]:
        """What an authorization and an attestation tell the employer: the account, and whom to inform."""
        named = requests.get_nominal(connection, asked.reference)
        return {
            "bank_account": BankAccount(iban=named.iban, holder=named.holder),
            "council_notice": council_notice(self._day(connection, asked)),
        }

    def _tacit(self, connection: Connection, asked: RequestRecord) -> dict[str, object]:
        last = requests.list_receipts(connection, asked.reference)[-1]
        born_at = asked.effect_at or last.tacit_acceptance_at
        return self._letter(connection, asked) | {
            "received_at": local(last.received_at, asked.department),
            "effect_at": local(born_at, asked.department),
            "asked": _asked(asked),
            "why": _why(last),
        }

    def _refused(
        self, connection: Connection, asked: RequestRecord, found: DecisionRecord
    ) -> dict[str, object]:
        in_law, in_fact = law_and_fact(found.reasons)
        ways = remedies(self._day(connection, asked), asked.department)
        return {"in_law": in_law, "in_fact": in_fact, "remedies": ways}

    @staticmethod
    def _day(connection: Connection, asked: RequestRecord) -> date:
        """Local day whose law and services a document of now follows."""
        return asked.law_on or made_at(connection, asked).date()


def _letter(reference: str, number: str, employer: Employer, department: str, on: date) -> dict[str, object]:
    service = service_of(department, on)
    return {
        "reference": reference,
        "number": number,
        "employer": employer,
        "service": Service(
            name=service.name,
            authority=service.authority,
            address=service.address,
            phone=service.phone,
            email=service.email,
        ),
        "legal_time": department_of(department).legal_time,
    }


def made_at(connection: Connection, asked: RequestRecord) -> datetime:
    """Return the local instant of a document that is made now, by the case's clock."""
    return local(case_now(connection, asked.reference), asked.department).replace(microsecond=0)


def number_of(reference: str) -> str:
    """Return the number printed on documents: the reference and, on two digits, the amendment (none yet)."""
    return f"{reference}00"


def kind_of(decision: DecisionRecord) -> Literal["grant", "partial_grant", "refusal"]:
    """Return the kind of document that a decision is."""
    if decision.outcome == "refusal":
        return "refusal"
    return "partial_grant" if decision.partial else "grant"


def _asked(asked: RequestRecord) -> Asked:
    period = Period(start_on=asked.start_on, end_on=asked.end_on)
    return Asked(ground=asked.ground.label, period=period, employees=asked.employees, hours=asked.hours)


def _granted(found: DecisionRecord) -> dict[str, object]:
    period = {"start_on": found.start_on, "end_on": found.end_on}
    return {
        "granted": Granted.model_validate(
            {"period": period, "employees": found.employees, "hours": found.hours}
        ),
        "commitments": tuple(
            Commitment(label=_COMMITMENTS[each.kind], detail=each.detail, until_on=each.until_on)
            for each in found.commitments
        ),
    }


def _checklist(connection: Connection, asked: RequestRecord) -> Checklist | None:
    kept = checklists.find_latest(connection, asked.reference)
    items = tuple(item.label for item in kept.items if item.attested) if kept else ()
    if not kept or not items:
        return None
    agent = accounts.get(connection, kept.agent_id).name
    return Checklist(items=items, agent=agent, attested_at=local(kept.attested_at, asked.department))


def _why(kept: ReceiptRecord) -> tuple[Reason, ...]:
    return tuple(Reason(**each.model_dump()) for each in kept.why)
