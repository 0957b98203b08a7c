"""Récépissé d'adhésion (R. 5122-26, I). The register keeps it with the enrolment, not in a case."""

from datetime import date
from typing import Final, Literal

from activities.documents.compose import Composer
from activities.documents.contents import Content, Employer, Line
from activities.documents.descriptor import DocumentDescriptor
from law.calendar import local
from law.enrolment import credentials_delay
from law.texts import Reason
from models.identifiers import Instant
from models.labels import DocumentKind
from models.person_names import printed_name
from models.store.people.enrolments import EnrolmentRecord
from models.terms import terms


class EnrolmentReceipt(Content):
    """What was accepted, by whom and when. `reference` and `number` are the SIRET of the establishment."""

    kind: Literal[DocumentKind.ENROLMENT_RECEIPT] = DocumentKind.ENROLMENT_RECEIPT
    author: Line
    """The person who may act for the employer: name and quality."""
    email: Line
    requested_at: Instant
    credentials_due_at: Instant
    terms_title: Line
    terms_version: Line
    terms_from_on: date
    """First day on which this version was in force; it names it for people."""
    terms_sha256: Line
    """Digest of the bytes that were accepted."""
    why: tuple[Reason, ...]


def compose(composer: Composer, enrolment: EnrolmentRecord, on: date) -> EnrolmentReceipt:
    """Return the receipt of an enrolment, made on a local day."""
    accepted = terms(enrolment.terms_version)
    delay = credentials_delay(enrolment.requested_at, enrolment.department, enrolment.law_on)
    employer = Employer(name=enrolment.name, address=enrolment.address, siret=enrolment.siret)
    simulated = enrolment.law_on is not None or bool(enrolment.clock_offset)
    heading = composer.heading(employer, enrolment.department, enrolment.law_on or on, simulated=simulated)
    return EnrolmentReceipt.model_validate(
        heading
        | {
            "reference": enrolment.siret,
            "number": enrolment.siret,
            "serial": f"{enrolment.siret}-{DESCRIPTOR.series}-{enrolment.id[-6:].upper()}",
            "author": printed_name(enrolment.author),
            "email": enrolment.email,
            "requested_at": delay.requested_at,
            "credentials_due_at": local(enrolment.due_at, enrolment.department),
            "terms_title": accepted.title,
            "terms_version": accepted.version,
            "terms_from_on": date.fromisoformat(accepted.version),
            "terms_sha256": accepted.sha256,
            "why": delay.why,
        }
    )


DESCRIPTOR: Final = DocumentDescriptor(
    kind=DocumentKind.ENROLMENT_RECEIPT,
    content=EnrolmentReceipt,
    signing_reason="Récépissé électronique d’adhésion",
    series="AD",
)
