"""Refus d'une demande d'indemnisation, motivé en droit et en fait, avec délais et voies de recours (CRPA L. 211-5)."""

from typing import Annotated, Final, Literal

from pydantic import Field
from sqlalchemy import Connection

from activities.documents.claims import SUBJECT, SignedClaimContent, power, recipients, signed_fields, standing_visa
from activities.documents.compose import CaseFile
from activities.documents.contents import Text
from activities.documents.descriptor import CaseDocument, ImmediatePublication
from activities.documents.owners import CLAIM
from activities.mail.mail_template import MailTemplate
from law.courts import months_to_appeal
from law.reasons import law_and_fact
from law.remedies import remedies
from models.claim_labels import ClaimState
from models.labels import DocumentKind
from models.store.cases.documents import DocumentRecord
from models.store.claims import agreements, ends, late_claims, records
from models.store.journal.events import SYSTEM


class ClaimRefusal(SignedClaimContent):
    """What a refusal of a claim states; the hours are given back to the authorization."""

    kind: Literal[DocumentKind.CLAIM_REFUSAL] = DocumentKind.CLAIM_REFUSAL
    in_law: tuple[Text, ...]
    in_fact: tuple[Text, ...]
    remedies: Annotated[tuple[Text, ...], Field(min_length=1)]
    months_to_correct: int | None = None
    """Within which the claim is put right after the last day of claims (`law.correction`); None of a correction."""


def compose(case: CaseFile, claim_id: str) -> ClaimRefusal:
    """Read the refusal that an agent registered."""
    claim, given = records.get(case.connection, claim_id), standing_visa(case.connection, claim_id)
    in_law, in_fact = law_and_fact(given.reasons)
    appeal = remedies(case.day, case.department)
    months = None if claim.regularisation else months_to_appeal(case.day, case.department)
    stated = {"in_law": in_law, "in_fact": in_fact, "remedies": appeal, "months_to_correct": months}
    return ClaimRefusal.model_validate(signed_fields(case, claim) | stated)


def _refuse(connection: Connection, claim_id: str, stored: DocumentRecord) -> None:
    end, digest = ClaimState.REFUSED, stored.sha256
    ends.end(connection, claim_id, end, SYSTEM, wakes=False, document=stored.id, sha256=digest)


def _said(connection: Connection, claim_id: str) -> dict[str, str]:
    """Return until when the claim is put right, which its end says only now."""
    until = late_claims.find_put_right(connection, records.get(connection, claim_id))
    return {"sense": until.sense, "on": until.on.isoformat()} if until else {}


DESCRIPTOR: Final = CaseDocument(
    kind=DocumentKind.CLAIM_REFUSAL,
    content=ClaimRefusal,
    compose=compose,
    signing_reason="Refus d’une demande d’indemnisation",
    series="RDI",
    subject=SUBJECT,
    owner=CLAIM,
    power=power,
    is_due=agreements.may_sign_refusal,
    publication=ImmediatePublication(
        event=None,
        step=_refuse,
        recipients=recipients,
        said=_said,
        mail=MailTemplate(
            "Demande d’indemnisation refusée : {subject}",
            "L’administration refuse votre demande d’indemnisation ({subject}). La décision, ses motifs et les voies "
            "de recours sont dans votre espace.\nLes heures sont rendues à votre autorisation.",
        ),
    ),
)
