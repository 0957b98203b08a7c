"""How the people of a claim are paid: as the authority decided it, whatever the employer asked for."""

from datetime import date

import pytest

from law.privacy import Payment
from models.store.claims import circumstances
from models.store.claims.circumstances import Stated
from models.store.claims.payees import are_paid_directly, find_payment, lists_accounts
from models.store.database import Database
from tests.models.store.claims.builders import DECEMBER, authorize, pay_directly


@pytest.mark.parametrize(
    ("payment", "month", "listed"),
    [
        (Payment.ESTABLISHMENT, date(2026, 12, 1), False),
        (Payment.EMPLOYEES, date(2026, 12, 1), True),
        (Payment.EMPLOYEES, date(2014, 5, 1), True),
    ],
)
def test_accounts_of_employees_are_on_one_list_only(payment: Payment, month: date, *, listed: bool) -> None:
    assert lists_accounts(payment, month) is listed


@pytest.mark.parametrize("asked", [True, False])
@pytest.mark.parametrize(("decided", "direct"), [("", False), ("employees", True), ("trustee", False)])
def test_employees_are_paid_directly_by_a_decision_alone(
    database: Database, decided: str, *, asked: bool, direct: bool
) -> None:
    reference = authorize(database, direct_payment=asked)
    if decided:
        pay_directly(database, reference, decided)
    with database.begin() as connection:
        assert find_payment(connection, reference) is (Payment.EMPLOYEES if direct else Payment.ESTABLISHMENT)
        assert are_paid_directly(connection, reference, DECEMBER) is direct
        case, claim = circumstances.find(connection, reference, DECEMBER, Stated())
    assert (claim.direct, circumstances.reading_context(case, claim).payee == "employees") == (direct, direct)
