"""Demande d'indemnisation, signée par l'administration (arrêté du 24 juillet 2014, art. 5)."""

from typing import Annotated, Final, Literal

from pydantic import Field
from sqlalchemy import Connection

from activities.documents.claims import (
    SUBJECT,
    SignedClaimContent,
    entitlement_of,
    euros,
    power,
    recipients,
    signed_fields,
    standing_visa,
)
from activities.documents.compose import CaseFile
from activities.documents.contents import Count, Line, PrintedAccount
from activities.documents.descriptor import CaseDocument, ImmediatePublication
from activities.documents.owners import CLAIM
from activities.mail.mail_template import MailTemplate
from law.amounts import euros_in_french
from law.texts import in_french
from models.claim_labels import ClaimState
from models.identifiers import Hours, Message, Period
from models.labels import DocumentKind
from models.store.cases.documents import DocumentRecord
from models.store.claims import agreements, instructions, liquidation, nominal_files, records, steps
from models.store.claims.liquidation import RateTotal


class PrintedRate(Message):
    """Hours at one hourly allowance, and their product; « montant admis » where the law no longer gives the rate."""

    hourly: Line
    hours: Hours
    allowance: Line


class AuthorisedLimits(Message):
    """The limits that the claim respects, as its signature attests."""

    period: Period
    employees: Count
    hours: Hours


class SignedClaim(SignedClaimContent):
    """The employer, the account of the decision, the liquidation elements, and what the signature attests."""

    kind: Literal[DocumentKind.CLAIM] = DocumentKind.CLAIM
    limits: AuthorisedLimits
    rates: Annotated[tuple[PrintedRate, ...], Field(min_length=1)]
    state_share: Line
    unedic_share: Line
    bank_account: PrintedAccount
    instruction: Line | None = None
    """The standing instruction by which it was agreed to, if no agent looked at it."""
    nominal_sha256: Line
    """Digest of the file that names the people, as it is put at the agency."""


def compose(case: CaseFile, claim_id: str) -> SignedClaim:
    """Read an agreed claim, the terms of its authorization and the account of its decision."""
    claim = records.get(case.connection, claim_id)
    entitlement = entitlement_of(case, claim)
    period = Period(start_on=entitlement.start_on, end_on=entitlement.end_on)
    limits = {"period": period, "employees": entitlement.authorised_employees, "hours": entitlement.authorised_hours}
    return SignedClaim.model_validate(
        signed_fields(case, claim)
        | {
            "limits": limits,
            "rates": tuple(map(_printed, liquidation.list_rates(case.connection, claim_id))),
            "state_share": euros(claim.state_cents),
            "unedic_share": euros(claim.unedic_cents),
            "bank_account": case.account(),
            "instruction": _instruction(case, claim_id),
            "nominal_sha256": nominal_files.find_digest(case.connection, claim_id),
        }
    )


def _printed(rate: RateTotal) -> PrintedRate:
    hourly = "montant admis" if rate.hourly is None else euros_in_french(rate.hourly)
    return PrintedRate(hourly=hourly, hours=rate.hours, allowance=euros(rate.allowance_cents))


def _instruction(case: CaseFile, claim_id: str) -> str | None:
    instruction_id = standing_visa(case.connection, claim_id).instruction_id
    if instruction_id is None:
        return None
    given = instructions.get(case.connection, instruction_id)
    return f"instruction permanente donnée par {given.name} le {in_french(case.local(given.given_at).date())}"


def _may_be_signed(connection: Connection, claim_id: str) -> bool:
    """Whether a claim is agreed to, and its people are named in a file whose digest the document can state."""
    return agreements.may_sign_agreement(connection, claim_id) and bool(nominal_files.find_digest(connection, claim_id))


def _sign(connection: Connection, claim_id: str, stored: DocumentRecord) -> None:
    to, digest = ClaimState.SIGNED, stored.sha256
    nominal = nominal_files.find_digest(connection, claim_id) or ""
    steps.take(connection, claim_id, to, wakes=False, document=stored.id, sha256=digest, nominal=nominal)


DESCRIPTOR: Final = CaseDocument(
    kind=DocumentKind.CLAIM,
    content=SignedClaim,
    compose=compose,
    signing_reason="Demande d’indemnisation",
    series="DI",
    subject=SUBJECT,
    owner=CLAIM,
    power=power,
    is_due=_may_be_signed,
    publication=ImmediatePublication(
        event=None,
        step=_sign,
        recipients=recipients,
        mail=MailTemplate(
            "Demande d’indemnisation signée : {subject}",
            "L’administration a donné son accord à votre demande d’indemnisation ({subject}) et l’a signée. Elle la "
            "transmet à l’agence de services et de paiement.\nLa demande signée est dans votre espace.",
        ),
    ),
)
