"""What documents state, read from the register: the parts that several kinds share.

Nothing is decided or computed again here: what a receipt fixed, what an agent wrote and what silence gave are printed
as the register holds them. Instants are local to the département.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection

from activities.documents.contents import Employer, PrintedAccount, RequestedTerms, Service
from activities.signing.signatories import Signatory
from law.calendar import local
from law.decision import Terms
from law.directory import department as department_of
from law.directory import service as service_of
from law.grant_effects import grant_effects
from law.texts import Reason
from models.identifiers import Period, authorization_of, printed_number
from models.settings import Profile
from models.store.cases import requests
from models.store.cases.records import ReceiptRecord, RequestRecord
from models.store.database import case_now
from models.store.people import accounts

VERIFICATION: Final = "/verification"
"""Page of the site that verifies a document."""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case in the register, and the moment at which a document of it is made."""

    connection: Connection
    request: RequestRecord
    made_at: datetime
    """By the case's clock, local to the département."""
    heading: dict[str, object]
    """The fields of `Content`, but for `kind`."""
    signatory: Signatory | None = None
    """Who signs; None for a document that is sealed."""

    @property
    def day(self) -> date:
        """Local day whose law and services the document follows."""
        return document_day(self.request, self.made_at)

    @property
    def department(self) -> str:
        """Code of the département in charge."""
        return self.request.department

    def local(self, at: datetime) -> datetime:
        """Return an instant in the legal time of the département."""
        return local(at, self.request.department)

    def receipts(self) -> list[ReceiptRecord]:
        """Return what each reception fixed, the filing first."""
        return requests.list_receipts(self.connection, self.request.reference)

    def requested(self) -> RequestedTerms:
        """Return what the employer asked for."""
        terms = terms_fields(self.request.terms)
        return RequestedTerms.model_validate(terms | {"ground": self.request.ground.label})

    def account(self) -> PrintedAccount:
        """Return the bank account, as grants and attestations print it."""
        nominal = requests.get_nominal(self.connection, authorization_of(self.request.reference))
        return PrintedAccount(iban=nominal.iban, holder=nominal.holder)

    def effects(self, period_end: date) -> tuple[str, ...]:
        """Return what the employer is told to do after an authorization that ends on a day."""
        return grant_effects(period_end, self.request.law_day, self.day)

    def tacit_acceptance(self) -> dict[str, object]:
        """Return the fields of `TacitContent`, with the heading."""
        last = self.receipts()[-1]
        return self.heading | {
            "received_at": self.local(last.received_at),
            "effect_at": self.local(self.request.effect_at or last.tacit_acceptance_at),
            "asked": self.requested(),
            "why": reasons(last),
        }


class Composer:
    """Opens the files that documents are composed from; outside production each document is a specimen.

    `site` is the address printed on documents.
    """

    def __init__(self, site: str, profile: Profile) -> None:
        self._site = site.rstrip("/")
        self._specimens = profile != "production"

    def case_file(self, connection: Connection, reference: str) -> CaseFile:
        """Open a case for a document that is made now."""
        request = requests.get(connection, reference)
        made_at = local(case_now(connection, reference), request.department).replace(microsecond=0)
        establishment = accounts.get_establishment(connection, request.siret)
        heading = self.heading(
            Employer(name=establishment.name, address=establishment.address, siret=establishment.siret),
            request.department,
            document_day(request, made_at),
            simulated=request.law_on is not None or bool(request.clock_offset),
        )
        heading |= {"reference": reference, "number": printed_number(reference)}
        if request.amends:
            heading["amends"] = printed_number(request.amends)
        return CaseFile(connection, request, made_at, heading)

    def heading(self, employer: Employer, department: str, on: date, *, simulated: bool) -> dict[str, object]:
        """Return the fields of `Content` that do not depend on the case."""
        service = service_of(department, on)
        return {
            "employer": employer,
            "service": Service(
                name=service.name,
                authority=service.authority,
                address=service.address,
                phone=service.phone,
                email=service.email,
                seat=department_of(department).seat,
            ),
            "site": self._site + VERIFICATION,
            "legal_time": department_of(department).legal_time,
            "specimen": self._specimens or simulated,
        }


def document_day(request: RequestRecord, made_at: datetime) -> date:
    """Return the day whose law and services a document follows: in training, the day that was chosen."""
    return request.law_on or made_at.date()


def terms_fields(terms: Terms) -> dict[str, object]:
    """Return the fields of `GrantedTerms`."""
    period = Period(start_on=terms.start_on, end_on=terms.end_on)
    return {"period": period, "employees": terms.employees, "hours": terms.hours}


def reasons(receipt: ReceiptRecord) -> tuple[Reason, ...]:
    """Return the explanation of a delay as the receipt fixed it."""
    return tuple(Reason(**each.model_dump()) for each in receipt.why)
