"""What the three kinds of decision share: grant, partial grant and refusal, signed by a person."""

from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection

from activities.documents.compose import CaseFile, terms_fields
from activities.documents.contents import Checklist, Commitment, DecisionContent, GrantedTerms, Signatory
from activities.documents.descriptor import CaseDocument
from law.commitments import CommitmentKind
from law.decision import law_and_fact, remedies
from models.labels import DocumentKind
from models.store.cases import checklists, decisions
from models.store.cases.records import DecisionRecord
from models.store.people import accounts, delegations

_COMMITMENTS: Final[dict[str, str]] = {kind.value: kind.label for kind in CommitmentKind}


def decision_document(
    kind: DocumentKind,
    content: type[DecisionContent],
    compose: Callable[[CaseFile, str], DecisionContent],
    signing_reason: str,
) -> CaseDocument:
    """Describe a kind of decision: signed while it is registered, readable once it is notified."""
    return CaseDocument(
        kind=kind,
        content=content,
        compose=compose,
        signing_reason=signing_reason,
        subject="{about}",
        certificate=_certificate,
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
    return (
        case.heading
        | case.duties()
        | {
            "received_at": case.local(case.request.received_at),
            "asked": case.requested(),
            "signatory": Signatory(
                name=case.signatory.name,
                quality=case.signatory.quality,
                delegation=case.signatory.delegation,
            ),
            "checklist": _checklist(case),
        }
    )


def granted_fields(decision: DecisionRecord) -> dict[str, object]:
    """Return what a decision grants, and the commitments it rests on; raises ValueError for a refusal."""
    if decision.terms is None:
        raise ValueError("a refusal grants nothing")
    return {
        "granted": GrantedTerms.model_validate(terms_fields(decision.terms)),
        "commitments": tuple(
            Commitment(label=_COMMITMENTS[each.kind], detail=each.detail, until_on=each.until_on)
            for each in decision.commitments
        ),
    }


def refusal_fields(case: CaseFile, decision: DecisionRecord) -> dict[str, object]:
    """Return the reasons of a refusal, whole or partial, and the ways of appeal."""
    in_law, in_fact = law_and_fact(decision.reasons)
    return {"in_law": in_law, "in_fact": in_fact, "remedies": remedies(case.day, case.department)}


def _certificate(connection: Connection, decision_id: str) -> str | None:
    """Return the certificate of the delegation that a decision was taken under; those of early releases have none."""
    delegation_id = decisions.get(connection, decision_id).delegation_id
    return delegations.get(connection, delegation_id).certificate if delegation_id else None


def _is_registered(connection: Connection, decision_id: str) -> bool:
    return decisions.get(connection, decision_id).state == "registered"


def _checklist(case: CaseFile) -> Checklist | None:
    checklist = checklists.find_latest(case.connection, case.request.reference)
    items = tuple(item.label for item in checklist.items if item.attested) if checklist else ()
    if not checklist or not items:
        return None
    agent = accounts.get(case.connection, checklist.agent_id).name
    return Checklist(items=items, agent=agent, attested_at=case.local(checklist.attested_at))
