"""What the documents of a claim share: which claim it is, what it comes to, who signs. No person claimed for is named.

What is signed, is signed under the visa that stands, with the certificate of its delegation.
"""

from typing import Annotated, Final

from pydantic import Field
from sqlalchemy import Connection

from activities.documents.compose import CaseFile
from activities.documents.contents import Content, Count, Line, Signatory, Text
from activities.documents.descriptor import SigningPower
from law.amounts import euros_in_french, of_cents
from law.decision import cited_codes
from law.texts import instant_in_french, month_in_french
from models.claim_labels import stated_terms
from models.identifiers import Hours, Instant, Message, Period
from models.store.cases import bank_changes
from models.store.cases.records import RequestRecord
from models.store.claims import records, visas
from models.store.claims.records import ClaimRecord, EntitlementRecord
from models.store.claims.visas import VisaRecord

SUBJECT: Final = "claim/{about}"
"""Business key of the documents of a claim, by its id; its slash keeps it apart from the decisions of agents."""


class StatedTerm(Message):
    """What the employer says of the establishment, on which amounts depend."""

    label: Line
    value: Line


class ClaimContent(Content):
    """One version of the claim of a month: what was received, and what it comes to in hours and euros."""

    month: Line
    """« décembre 2026 »."""
    part: Count
    version: Count
    period: Period
    """Days of the month that are authorised."""
    received_at: Instant
    people: Count
    hours: Annotated[Hours, Field(gt=0)]
    allowance: Line
    """« 1 234,50 € », as the other amounts."""
    indemnity: Line
    terms: tuple[StatedTerm, ...] = ()


class SignedClaimContent(ClaimContent):
    """What a person signs of a claim: what it is based on, and who signs."""

    visas: tuple[Text, ...]
    signatory: Signatory


def claim_fields(case: CaseFile, claim: ClaimRecord) -> dict[str, object]:
    """Return the fields of `ClaimContent`, with the heading."""
    return case.heading | {
        "month": month_in_french(claim.month),
        "part": claim.part,
        "version": claim.version,
        "period": entitlement_of(case, claim).days_of(claim.month),
        "received_at": claim.received_at and case.local(claim.received_at),
        "people": claim.people,
        "hours": claim.hours,
        "allowance": euros(claim.allowance_cents),
        "indemnity": euros(claim.indemnity_cents),
        "terms": [{"label": label, "value": value} for label, value in _terms(claim)],
    }


def _terms(claim: ClaimRecord) -> list[tuple[str, str]]:
    return stated_terms(structural=claim.structural, sector=claim.sector, holidays_worked=claim.holidays_worked)


def signed_fields(case: CaseFile, claim: ClaimRecord) -> dict[str, object]:
    """Return the fields of `SignedClaimContent`; raises ValueError when nobody signs."""
    if case.signatory is None:
        raise ValueError("a claim is signed by a person")
    signatory = Signatory(
        name=case.signatory.name, quality=case.signatory.quality, delegation=case.signatory.delegation
    )
    return claim_fields(case, claim) | {"visas": _visas(case, claim, signatory), "signatory": signatory}


def _visas(case: CaseFile, claim: ClaimRecord, signatory: Signatory) -> tuple[str, ...]:
    texts = [f"Vu le {each} ;" for each in cited_codes(case.day)]
    if signatory.delegation:
        texts.append(f"Vu l’acte donnant délégation de signature à {signatory.name} : {signatory.delegation} ;")
    received = instant_in_french(case.local(claim.received_at)) if claim.received_at else ""
    named = f"demande d’indemnisation de {month_in_french(claim.month)}, partie {claim.part}, version {claim.version}"
    return (*texts, f"Vu l’autorisation n° {case.heading['number']} ;", f"Vu la {named}, reçue le {received},")


def entitlement_of(case: CaseFile, claim: ClaimRecord) -> EntitlementRecord:
    """Return what the authorization of a claim entitles to."""
    found = records.find_entitlement(case.connection, claim.reference)
    if found is None:
        raise ValueError("a claim has an entitlement")
    return found


def standing_visa(connection: Connection, claim_id: str) -> VisaRecord:
    """Return the visa that a document is signed under; raises ValueError if none stands."""
    found = visas.find_standing(connection, claim_id)
    if found is None:
        raise ValueError("nothing of a claim is signed without a visa")
    return found


def power(connection: Connection, claim_id: str) -> SigningPower:
    """Return who gave the visa of a claim, and the certificate of the delegation it was given under.

    The last change of bank account comes with the visa: what was composed with the account of before is not stored.
    """
    given, claim = standing_visa(connection, claim_id), records.get(connection, claim_id)
    changed = [each.number for each in bank_changes.list_of(connection, claim.reference) if each.state == "changed"]
    return SigningPower(given.name, given.certificate, " ".join([given.id, *changed[-1:]]))


def euros(cents: int | None) -> str:
    """Return an amount as it is printed."""
    return euros_in_french(of_cents(cents or 0))


def sender(claim: ClaimRecord, request: RequestRecord) -> str:
    """Return the account that hears of a claim: whoever sent it or, for one without a sender, filed the case."""
    return claim.account_id or request.account_id


def recipients(connection: Connection, request: RequestRecord, claim_id: str) -> list[str]:
    """Return the accounts that the notice of a document of a claim is for."""
    return [sender(records.get(connection, claim_id), request)]
