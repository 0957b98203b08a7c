"""The smallest valid object of each kind, as sent to the API; `changes` replace members."""

from dataclasses import dataclass

from cli.environment import OPERATOR
from models.labels import Proof
from models.roles import SIGNING, role_named
from models.store.database import Database
from models.store.people import accounts, authorities, delegations, tokens
from tests.cases import AUTHOR, CIRCUMSTANCES, DEPARTMENT, GROUNDS, HOLDER, IBAN, a_delegation, an_employer, in_a_month

SIGNATORIES = {"signatory": "Nadia Perrin", "head": "Marc Olivier"}
"""Names on the certificates of the tests, by the role of the account that signs with them."""
CERTIFICATES = {"signatory": "delegate", "head": "director"}


@dataclass(frozen=True)
class Credentials:
    """An account and its token; `siret` is the employer's one establishment."""

    account_id: str
    token: str
    siret: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """The headers that authenticate a call."""
        return {"Authorization": f"Bearer {self.token}"}


def a_filing(**changes: object) -> dict[str, object]:
    """A request that the law admits on any day of 2026; None removes a member."""
    body: dict[str, object] = {
        "ground": "exceptional_circumstances",
        "circumstances": CIRCUMSTANCES,
        "perimeter": "full_closure",
        "period": {"start_on": "2026-12-01", "end_on": "2027-02-28"},
        "headcount": 42,
        "employees": 42,
        "hours": "12000",
        "bank_account": {"iban": IBAN, "holder": HOLDER},
        "works_council": {"not_required": "fewer_than_50"},
    } | changes
    return {name: value for name, value in body.items() if value is not None}


def a_draft(**changes: object) -> dict[str, object]:
    """The body that opens a draft."""
    return {"ground": "exceptional_circumstances", "placement_on": "2026-12-01"} | changes


def a_grant(**changes: object) -> dict[str, object]:
    """A decision that grants everything requested."""
    return {"id": "D1", "outcome": "grant"} | changes


def a_refusal(**changes: object) -> dict[str, object]:
    """A decision that refuses, with its reasons."""
    return {"id": "D1", "outcome": "refusal", "grounds": GROUNDS} | changes


def a_completion_request(**changes: object) -> dict[str, object]:
    """A request for one indispensable piece."""
    piece = {"code": "circumstances", "label": "Précisions sur les motifs", "text_reference": "R. 5122-2"}
    return {
        "id": "C1",
        "pieces": [piece],
        "reasons": "Les motifs ne permettent pas d’apprécier la baisse d’activité.",
        "due_on": in_a_month(),
    } | changes


def employer(
    database: Database, department: str = DEPARTMENT, establishments: int = 1, *, proven: bool = True
) -> Credentials:
    """Create an employer of one or more establishments, with a token; its authority is proven."""
    with database.begin() as connection:
        account = an_employer(connection, department=department, proven=proven)
        for _ in range(establishments - 1):
            other = an_employer(connection, department=department)
            establishment = accounts.get_establishment(connection, other.siret)
            accounts.enrol(connection, account.account_id, establishment)
            if proven:
                authorities.record(connection, other.siret, account.account_id, Proof.TRIAL)
        return Credentials(
            account.account_id, tokens.issue(connection, account.account_id, "Essai", by=OPERATOR)[0], account.siret
        )


def staff(database: Database, role: str = "agent", *departments: str) -> Credentials:
    """Create an agent, a head or an operator, with a token; agents are in charge of Hérault by default."""
    charge = departments or (() if role == "operator" else (DEPARTMENT,))
    with database.begin() as connection:
        name = SIGNATORIES.get(role_named(role), AUTHOR)
        account = accounts.create(connection, role, name, f"{role}@example.invalid", departments=charge)
        if role_named(role) in SIGNING:
            delegations.give(
                connection,
                account,
                a_delegation(departments=list(charge), certificate=CERTIFICATES[role_named(role)]),
                None,
            )
        return Credentials(account, tokens.issue(connection, account, "Essai", by=OPERATOR)[0])
