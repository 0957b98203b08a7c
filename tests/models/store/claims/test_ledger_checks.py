"""Whatever was changed in the ledger, in claims or in what is counted of people is told."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from law.grounds import Ground
from models.store.claims import ledger_checks
from models.store.database import Database
from tests.models.store.claims.builders import LAST_WEEK, a_person, authorize, claim, differences, hand_over

CHANGES = {
    "UPDATE ledger_balance SET hours = hours + 1 WHERE account = 'admitted'": "les comptes ne s’annulent pas",
    "UPDATE ledger_balance SET cents = cents + 1 WHERE account = 'admitted'": "le solde du compte « admitted »",
    "DELETE FROM ledger_balance WHERE account = 'admitted'": "le solde du compte « admitted »",
    "DELETE FROM ledger_entry WHERE seq = 1": "il manque une écriture",
    "UPDATE entitlement SET admitted_hours = 0": "les heures autorisées ou admises",
    "UPDATE entitlement SET authorised_hours = 20000": "les heures autorisées ou admises",
    "UPDATE claim SET state = 'handed' WHERE state = 'admitted'": "n’est pas au grand livre",
    "UPDATE claim SET state = 'refused'": "n’est pas au grand livre",
    "UPDATE claim SET hours = 1": "n’est pas la somme de ses lignes",
    "UPDATE claim_week SET payable = 1": "d’autres heures par semaine",
    "UPDATE claim_person SET allowance_cents = 1": "n’est pas la somme de ses lignes",
    "DELETE FROM person_week": "d’autres heures par semaine",
    "UPDATE person_week SET limit_hours = 168": "ou une autre limite",
    "UPDATE person_year SET hours_ground_4 = 0": "d’autres heures par année",
    "UPDATE ledger_entry SET state_cents = state_cents - 1, unedic_cents = unedic_cents + 1 WHERE kind = 'admitted'": (
        "n’est pas au grand livre"
    ),
    "UPDATE person_year SET hours = hours + 1": "d’autres heures par année",
}


@pytest.fixture
def claimed(database: Database) -> Callable[[], Database]:
    """A register with claims of several states and authorizations, made when it is called."""

    def make() -> Database:
        for _ in range(2):
            reference = authorize(database, ground=Ground.RESTRUCTURING)
            first = claim(database, reference, a_person(1), a_person(2, (LAST_WEEK, "3")))
            claim(database, reference, a_person(1), replaces=first.id)
            hand_over(database, claim(database, reference, a_person(3), part=2).id, "ordered")
        return database

    return make


def test_nothing_is_told_of_a_whole_ledger_and_each_change_is_told(claimed: Callable[[], Database]) -> None:
    register = claimed()
    assert differences(register) == ()
    for change, sentence in CHANGES.items():
        with register.trial() as connection:
            connection.execute(text("SET session_replication_role = replica"))
            connection.execute(text(change))
            found = ledger_checks.check(connection).differences
        assert any(sentence in each.what for each in found), change
    assert differences(register) == ()


def test_one_authorization_is_checked_alone(claimed: Callable[[], Database]) -> None:
    register = claimed()
    with register.trial() as connection:
        references = connection.execute(text("SELECT reference FROM entitlement ORDER BY 1")).scalars().all()
        connection.execute(text("SET session_replication_role = replica"))
        connection.execute(text("UPDATE entitlement SET admitted_hours = 1 WHERE reference = :r"), {"r": references[0]})
        found = [ledger_checks.check(connection, each) for each in references]
    assert [(each.entitlements, each.entries, len(each.differences)) for each in found] == [(1, 8, 1), (1, 8, 0)]
