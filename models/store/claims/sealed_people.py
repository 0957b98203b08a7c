"""What names the people of a claim: sealed under the key of its case, bound to the claim and the line.

Nothing more is sealed than the dated list of R. 5122-21 names: the payee of list B only where the agency pays the
employees themselves. Once the key of the case is destroyed, nobody opens it again.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple, Self

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, text

from models.claim_files.lines import ClaimLine, Payee
from models.engine.keys import BlindKey, KeyDestroyed, MasterKey, seal, unseal
from models.engine.names import authorization_id
from models.identifiers import Message
from models.store.claims import people
from models.store.claims.people import PAGE_PEOPLE, PersonFigures
from models.store.journal import keys


class NamedPayee(Message):
    """An employee whom the agency pays directly (list B of R. 5122-21); see `models.claim_files.lines.Payee`."""

    birth_name: str
    civility: str
    birth_date: date
    commune: str
    address: str
    postcode: str
    city: str
    iban: str


class NamedPerson(Message):
    """Who an employee of a claim is: NIR with its key, names, and the payee of a direct payment."""

    nir: str
    family_name: str
    usage_name: str
    first_name: str
    payee: NamedPayee | None = None

    @classmethod
    def of(cls, line: ClaimLine, *, direct: bool) -> Self:
        """Return who a line is about; `direct` as `payees` answers."""
        payee = NamedPayee.model_validate(line.payee._asdict()) if direct and line.payee else None
        return cls(
            nir=line.nir,
            family_name=line.family_name,
            usage_name=line.usage_name,
            first_name=line.first_name,
            payee=payee,
        )

    def lines(self, figures: PersonFigures) -> Iterator[ClaimLine]:
        """Iterate over the lines that state them in a file, a line a week; `figures` are theirs."""
        payee = Payee(**self.payee.model_dump()) if self.payee else None
        for week in figures.weeks:
            yield ClaimLine(
                line=figures.n,
                nir=self.nir,
                family_name=self.family_name,
                usage_name=self.usage_name,
                first_name=self.first_name,
                category=week.terms.category,
                mode=week.terms.mode.value,
                contract_hours=week.terms.contract_hours,
                week=week.week_on,
                worked=week.worked,
                idle=week.idle,
                hourly_gross=week.terms.hourly_gross,
                apprentice=week.terms.apprentice,
                payee=payee,
            )


class PeopleKeys(NamedTuple):
    """The two keys by which people of claims are kept: one wraps those of cases, one makes blind indexes."""

    master: MasterKey
    blind: BlindKey


class ListedPerson(NamedTuple):
    """A person of a claim: figures, and who it is; `named` is None once the history of the case is erased."""

    figures: PersonFigures
    named: NamedPerson | None


class CaseSeal:
    """Seals and opens what names people, under the key of one case."""

    def __init__(self, connection: Connection, reference: str, master: MasterKey) -> None:
        """Open the key of a case; raises `KeyDestroyed`."""
        self._cipher = AESGCM(keys.get(connection, authorization_id(reference), master))

    def seal(self, claim_id: str, n: int, person: NamedPerson) -> bytes:
        """Return a person of a line of a claim, sealed."""
        return seal(self._cipher, person.model_dump_json(exclude_defaults=True).encode(), _bound_to(claim_id, n))

    def open(self, claim_id: str, n: int, sealed: bytes) -> NamedPerson:
        """Return who was sealed; raises `InvalidTag` if it was altered, or is of another line."""
        return NamedPerson.model_validate_json(unseal(self._cipher, sealed, _bound_to(claim_id, n)))


def _bound_to(claim_id: str, n: int) -> bytes:
    return f"claim person {claim_id} {n}".encode()


def list_people(
    connection: Connection, claim_id: str, master: MasterKey, *, after: int = 0, limit: int | None = None
) -> Iterator[ListedPerson]:
    """Iterate over the people of a claim in the order of their lines, from the one after `after`.

    Each is opened as it is asked for. Whoever reads them for somebody notes the reading.
    """
    opened = _seal_of(connection, claim_id, master)
    left = limit
    while page := people.list_figures(connection, claim_id, after=after, limit=_page(left)):
        sealed = people.list_sealed(connection, claim_id, [each.n for each in page])
        for each in page:
            content = sealed.get(each.n) if opened else None
            yield ListedPerson(each, opened.open(claim_id, each.n, content) if opened and content else None)
        after = page[-1].n
        left = None if left is None else left - len(page)
        if left == 0:
            return


def _page(left: int | None) -> int:
    return PAGE_PEOPLE if left is None else min(left, PAGE_PEOPLE)


def _seal_of(connection: Connection, claim_id: str, master: MasterKey) -> CaseSeal | None:
    """Return the seal of the case of a claim; None once its key is destroyed."""
    reference = connection.execute(_REFERENCE, {"id": claim_id}).scalar_one()
    try:
        return CaseSeal(connection, reference, master)
    except KeyDestroyed:
        return None


_REFERENCE = text("SELECT reference FROM claim WHERE id = :id")
