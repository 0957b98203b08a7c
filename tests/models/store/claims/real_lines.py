"""Lines of an employer, as they are read of a file: the smallest valid ones, with changes."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from law.pay import Circumstances
from models.claim_files.claim import Claim
from models.claim_files.fields import Category
from models.claim_files.lines import ClaimLine, Payee
from models.store.claims.sealed_people import PeopleKeys
from models.store.claims.staged_lines import stage_lines
from models.store.claims.staging import StagedClaim
from models.store.database import Database
from tests.cases import DEPARTMENT, blind_key, master_key
from tests.models.store.claims.builders import DECEMBER, WEEK

SENTINEL_NIR: Final = "2800675123456"
SENTINEL_NAME: Final = "ZYXWVUTS"
SENTINEL_IBAN: Final = "FR7630006000011234567890189"
PAYEE: Final = Payee(
    SENTINEL_NAME, "Mme", date(1980, 6, 1), "75112", "1 rue de la Paix", "75002", "Paris", SENTINEL_IBAN
)


def keys() -> PeopleKeys:
    return PeopleKeys(master_key(), blind_key())


def a_nir(person: int) -> str:
    """A NIR with its key, of its own for each person."""
    commune, order = divmod(person, 999)
    digits = SENTINEL_NIR if person == 1 else f"1800675{100 + commune}{order + 1:03}"
    return f"{digits}{97 - int(digits) % 97:02}"


def a_line(person: int = 1, week: date = WEEK, line: int | None = None, **changes: Any) -> ClaimLine:
    """A person who was idle for seven hours of a week."""
    stated: dict[str, Any] = {
        "line": line or person,
        "nir": a_nir(person),
        "family_name": SENTINEL_NAME,
        "usage_name": "",
        "first_name": "Anne",
        "category": Category.EMPLOYEE,
        "mode": "02",
        "contract_hours": Decimal(35),
        "week": week,
        "worked": Decimal(0),
        "idle": Decimal(7),
        "hourly_gross": Decimal("15.00"),
        "apprentice": False,
    }
    return ClaimLine(**stated | changes)


def a_claim(month: date = DECEMBER, **changes: Any) -> Claim:
    """What lines are checked against."""
    return Claim(month=month, where=Circumstances(DEPARTMENT, 42), **changes)


def stage_real(database: Database, reference: str, *lines: ClaimLine, month: date = DECEMBER, **changes: Any) -> str:
    """Stage lines of an employer and return the id of the claim."""
    with database.begin() as connection:
        stated = StagedClaim(reference, month)
        return stage_lines(connection, stated, lines or [a_line()], a_claim(month, **changes), keys())
