"""What is asked of the establishment beside hours: nothing that changes no hour and no amount of the month."""

from datetime import date

from law.rates import Sector
from models.identifiers import Period
from models.store.cases import requests
from models.store.database import Database
from starter.services.claim_terms import choices
from tests.models.store.claims.builders import authorize


def test_what_is_asked_follows_the_law_of_the_month(database: Database) -> None:
    with database.begin() as connection:
        case = requests.get(connection, authorize(database))
    asked = choices(case, Period(start_on=date(2026, 12, 1), end_on=date(2026, 12, 31)))
    assert asked == ((), True, (date(2026, 12, 25),))
    old = choices(case, Period(start_on=date(2019, 9, 2), end_on=date(2019, 9, 30)))
    assert old == ((), False, ())
    closed = choices(case, Period(start_on=date(2021, 11, 1), end_on=date(2021, 11, 30)))
    assert closed.sectors == (Sector.PROTECTED_LOSS, Sector.CLOSED, Sector.VULNERABLE, Sector.CHILDCARE)
