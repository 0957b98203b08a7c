"""What the three kinds of decision share: grant, partial grant and refusal, signed by a person."""

from collections.abc import Callable

from sqlalchemy import Connection

from activities.documents.compose import CaseFile, terms_fields
from activities.documents.contents import Checklist, DecisionContent, GrantedTerms, Signatory
from activities.documents.descriptor import CaseDocument, SigningPower
from activities.documents.filed import printed_commitments
from activities.documents.visas import visas
from law.opinion import council_notice
from law.reasons import law_and_fact
from law.remedies import remedies
from models.labels import DocumentKind
from models.store.cases import checklists, decisions
from models.store.cases.records import DecisionRecord
from models.store.people import accounts, delegations


def decision_document(
    kind: DocumentKind,
    content: type[DecisionContent],
    compose: Callable[[CaseFile, str], DecisionContent],
    signing_reason: str,
    series: str,
) -> CaseDocument:
    """Describe a kind of decision: signed while it is registered, readable once it is notified."""
    return CaseDocument(
        kind=kind,
        content=content,
        compose=compose,
        signing_reason=signing_reason,
        series=series,
        subject="{about}",
        power=_power,
        is_due=_is_registered,
        on_stored=decisions.sign,
    )


def decision_kind(decision: DecisionRecord) -> DocumentKind:
    """Return the kind of document that a decision is."""
    if decision.outcome == "refusal":
        return DocumentKind.REFUSAL
    return DocumentKind.PARTIAL_GRANT if decision.partial else DocumentKind.GRANT


def decision_fields(case: CaseFile) -> dict[str, object]:
    """Return the fields of `DecisionContent`; raises ValueError when nobody signs."""
    if case.signatory is None:
        raise ValueError("a decision is signed by a person")
    return case.heading | {
        "received_at": case.local(case.request.received_at),
        "asked": case.requested(),
        "visas": visas(case),
        "council_notice": council_notice(case.day),
        "signatory": Signatory(
            name=case.signatory.name,
            quality=case.signatory.quality,
            delegation=case.signatory.delegation,
        ),
        "checklist": _checklist(case),
    }


def granted_fields(case: CaseFile, decision: DecisionRecord) -> dict[str, object]:
    """Return the fields of `GrantContent` that a decision adds; raises ValueError for a refusal."""
    if decision.terms is None:
        raise ValueError("a refusal grants nothing")
    return {
        "granted": GrantedTerms.model_validate(terms_fields(decision.terms)),
        "bank_account": case.account(),
        "commitments": printed_commitments(decision.commitments),
        "effects": case.effects(decision.terms.end_on),
    }


def refusal_fields(case: CaseFile, decision: DecisionRecord) -> dict[str, object]:
    """Return the reasons of a refusal, whole or partial, and the ways of appeal."""
    in_law, in_fact = law_and_fact(decision.reasons)
    return {"in_law": in_law, "in_fact": in_fact, "remedies": remedies(case.day, case.department)}


def _power(connection: Connection, decision_id: str) -> SigningPower:
    """Return who took a decision, and the certificate of the delegation it was taken under."""
    decision = decisions.get(connection, decision_id)
    given = delegations.get(connection, decision.delegation_id) if decision.delegation_id else None
    return SigningPower(accounts.get(connection, decision.agent_id).name, given.certificate if given else None)


def _is_registered(connection: Connection, decision_id: str) -> bool:
    return decisions.get(connection, decision_id).state == "registered"


def _checklist(case: CaseFile) -> Checklist | None:
    checklist = checklists.find_latest(case.connection, case.request.reference)
    items = tuple(item.label for item in checklist.items if item.attested) if checklist else ()
    if not checklist or not items:
        return None
    agent = accounts.get(case.connection, checklist.agent_id).name
    return Checklist(items=items, agent=agent, attested_at=case.local(checklist.attested_at))
