"""Décision sur un changement de compte bancaire, signée par un agent (R. 5122-26, II ; arrêté du 24 juillet 2014)."""

from typing import Annotated, Final, Literal

from pydantic import Field
from sqlalchemy import Connection

from activities.documents.compose import CaseFile
from activities.documents.contents import Content, PrintedAccount, Signatory, Text
from activities.documents.descriptor import CaseDocument, ImmediatePublication, SigningPower
from activities.mail.mail_template import MailTemplate
from activities.signing import signatories
from law.decision import cited_codes
from law.remedies import remedies
from law.texts import instant_in_french
from models.identifiers import Instant, printed_number
from models.labels import DocumentKind
from models.store.agency import bank_effects
from models.store.cases import bank_changes
from models.store.cases.bank_changes import BankChangeRecord
from models.store.people import accounts, delegations


class BankChangeDecision(Content):
    """What the decision states: the account paid from now on or, with reasons and remedies, that it does not change."""

    kind: Literal[DocumentKind.BANK_CHANGE_DECISION] = DocumentKind.BANK_CHANGE_DECISION
    received_at: Instant
    visas: tuple[Text, ...]
    """What the decision is based on, one a line, each beginning with « Vu »."""
    bank_account: PrintedAccount
    granted: bool
    reasons: tuple[Text, ...] = ()
    remedies: Annotated[tuple[Text, ...], Field(max_length=20)] = ()
    signatory: Signatory


def compose(case: CaseFile, number: str) -> BankChangeDecision:
    """Read a decision; raises ValueError when nobody signs."""
    if case.signatory is None:
        raise ValueError("a decision is signed by a person")
    change = bank_changes.get(case.connection, number)
    granted, signs = change.outcome == "grant", case.signatory
    return BankChangeDecision.model_validate(
        case.heading
        | {
            "number": number,
            "amends": printed_number(change.reference),
            "received_at": case.local(change.received_at),
            "visas": _visas(case, change, signs),
            "bank_account": PrintedAccount(iban=change.iban, holder=change.holder),
            "granted": granted,
            "reasons": change.grounds,
            "remedies": () if granted else remedies(case.day, case.department),
            "signatory": Signatory(name=signs.name, quality=signs.quality, delegation=signs.delegation),
        }
    )


def _visas(case: CaseFile, change: BankChangeRecord, signs: signatories.Signatory) -> tuple[str, ...]:
    received = instant_in_french(case.local(change.received_at))
    texts = [f"Vu le {each} ;" for each in cited_codes(case.day)]
    if signs.delegation:
        texts.append(f"Vu l’acte donnant délégation de signature à {signs.name} : {signs.delegation} ;")
    texts.append(f"Vu l’autorisation n° {printed_number(change.reference)} ;")
    return (*texts, f"Vu la demande de changement de compte n° {change.number}, reçue le {received},")


def _power(connection: Connection, number: str) -> SigningPower:
    """Return who decided, by which decision, and the certificate of the delegation under which it was decided."""
    change = bank_changes.get(connection, number)
    given = delegations.get(connection, change.delegation_id or "")
    decider = accounts.get(connection, change.agent_id or "").name
    return SigningPower(decider, given.certificate, change.decision_id or "")


DESCRIPTOR: Final = CaseDocument(
    kind=DocumentKind.BANK_CHANGE_DECISION,
    content=BankChangeDecision,
    compose=compose,
    signing_reason="Décision sur un changement de compte",
    series="DC",
    subject="bank/{about}",
    power=_power,
    is_due=bank_changes.may_sign,
    on_stored=bank_effects.take_effect,
    publication=ImmediatePublication(
        event="bank_change_decision_issued",
        recipients=lambda connection, _request, number: [bank_changes.get(connection, number).account_id],
        mail=MailTemplate(
            "Décision sur le changement de compte de {subject}",
            "Une décision a été prise sur le changement de compte bancaire de l’autorisation {subject}. Elle vous est "
            "notifiée dans votre espace.",
        ),
    ),
)
