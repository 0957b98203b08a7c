"""The ledger is append-only and in double entry: ten thousand random operations end where a pure model says."""

import re
from collections import Counter
from contextlib import nullcontext
from decimal import Decimal
from random import Random
from typing import Final

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from models.claim_labels import LIVING
from models.store.claims import ledger
from models.store.claims.ledger import Amount
from models.store.database import Database, now
from models.store.schema.claims import ACCOUNTS, MOVES
from tests.models.store.claims.builders import authorize, balances, claim, stage

AT_ONCE: Final = 50
"""In one transaction: a row that is changed ever again in one becomes slow."""
HOURS: Final = Decimal(1_000)
CHANGES: Final = (
    "UPDATE ledger_entry SET hours = 1",
    "DELETE FROM ledger_entry",
    "TRUNCATE ledger_entry",
    "UPDATE ledger_balance SET hours = 1",
    "INSERT INTO ledger_balance VALUES (:reference, 'paid', 1, 1)",
    "DELETE FROM ledger_balance",
    "TRUNCATE ledger_balance",
)


class Model:
    """Accounts as plain sums, and when a move is possible."""

    def __init__(self) -> None:
        self.hours = Counter[str]()
        self.cents = Counter[str]()

    def move(self, taken: str, given: str, amount: Amount) -> bool:
        """Move an amount if there is as much; whether there was."""
        if taken != "authorised" and self.hours[taken] < amount.hours:
            return False
        if taken not in ("authorised", "available") and self.cents[taken] < amount.cents:
            return False
        for account, sign in ((taken, -1), (given, 1)):
            self.hours[account] += sign * amount.hours  # type: ignore[assignment]
            self.cents[account] += sign * amount.cents
        return True


def an_amount(random: Random) -> Amount:
    return Amount(Decimal(random.randint(1, 4_000)) / 100, random.randint(0, 30_000), random.randint(0, 15_000))


def a_step(random: Random, models: dict[str, Model]) -> tuple[str, tuple[str, str, str], Amount]:
    """A random move of a random authorization; only a claim has cents."""
    reference, move, amount = random.choice(list(models)), random.choice(MOVES), an_amount(random)
    return reference, move, amount if has_claim(move) else Amount(amount.hours)


def has_claim(move: tuple[str, str, str]) -> bool:
    return move[0] not in ("granted", "reduced")


@pytest.mark.parametrize("operations", [500, pytest.param(10_000, marks=pytest.mark.slow)])
def test_thousands_of_random_operations_end_where_a_pure_model_says(database: Database, operations: int) -> None:
    """Many of them take what is not there, and some are repeated: both change nothing."""
    random = Random(5122)
    models = {authorize(database, hours=str(HOURS)): Model() for _ in range(2)}
    claims = {reference: stage(database, reference) for reference in models}
    for model in models.values():
        model.move("authorised", "available", Amount(HOURS))
    outcomes = Counter[bool]()
    known: tuple[str, tuple[str, str, str], Amount, str] | None = None
    for begun in range(0, operations, AT_ONCE):
        with database.begin() as connection:
            at = now(connection)
            for number in range(begun, begun + AT_ONCE):
                repeated = known if number % 10 == 9 else None
                reference, move, amount, key = repeated or (*a_step(random, models), f"random:{number}")
                claim_id = claims[reference] if has_claim(move) else None
                possible = bool(repeated) or models[reference].move(move[1], move[2], amount)
                refused = nullcontext() if possible else pytest.raises(IntegrityError)
                with refused, nullcontext() if possible else connection.begin_nested():
                    seq = ledger.append(
                        *(connection, reference, move[0], amount, at),
                        key=key,
                        claim_id=claim_id,
                        source=move[1],
                    )
                    assert (seq is None) == bool(repeated)
                    known = (reference, move, amount, key)
                outcomes[possible] += 1
    for reference, model in models.items():
        found = balances(database, reference)
        assert {each: hours for each, (hours, _) in found.items()} == {each: float(model.hours[each]) for each in found}
        assert {each: cents for each, (_, cents) in found.items()} == {each: model.cents[each] for each in found}
        assert sum(cents for _, cents in found.values()) == sum(model.hours.values()) == 0
    assert min(outcomes.values()) > operations / 10
    assert _broken_sums(database) == []


def test_a_key_is_that_of_one_entry(database: Database) -> None:
    found = claim(database, authorize(database))
    other = authorize(database)
    stage(database, other)
    assert found.hours is not None
    same = Amount(found.hours, found.state_cents or 0, found.unedic_cents or 0)
    shifted = Amount(same.hours, same.state_cents - 1, same.unedic_cents + 1)
    key = f"admitted:{found.id}"

    def repeat(reference: str, kind: str, amount: Amount, claim_id: str | None) -> int | None:
        with database.begin() as connection:
            at = now(connection)
            return ledger.append(connection, reference, kind, amount, at, key=key, claim_id=claim_id)

    assert repeat(found.reference, "admitted", same, found.id) is None
    for reference, kind, amount, claim_id in (
        (found.reference, "admitted", same._replace(unedic_cents=1), found.id),
        (found.reference, "admitted", shifted, found.id),
        (found.reference, "admitted", same._replace(hours=Decimal(1)), found.id),
        (found.reference, "granted", Amount(same.hours), None),
        (other, "admitted", same, found.id),
    ):
        with pytest.raises(IntegrityError, match="that of another entry"):
            repeat(reference, kind, amount, claim_id)


def _broken_sums(database: Database) -> list[object]:
    """Accounts that are not the sum of their entries, by a statement of the test."""
    with database.begin() as connection:
        return list(
            connection.execute(
                text(
                    "SELECT b.reference, b.account FROM ledger_balance b CROSS JOIN LATERAL ("
                    " SELECT sum(CASE b.account WHEN e.to_account THEN e.hours ELSE -e.hours END) AS hours,"
                    " sum(CASE b.account WHEN e.to_account THEN e.cents ELSE -e.cents END) AS cents FROM ledger_entry e"
                    " WHERE e.reference = b.reference AND b.account IN (e.from_account, e.to_account)) s"
                    " WHERE (b.hours, b.cents) IS DISTINCT FROM (s.hours, s.cents)"
                )
            )
        )


def test_entries_and_balances_change_by_an_entry_alone(database: Database) -> None:
    reference = authorize(database)
    claim(database, reference)
    for change in CHANGES:
        refused = pytest.raises(DBAPIError, match=r"append-only|by entries of the ledger only")
        with refused, database.begin() as connection:
            connection.execute(text(change), {"reference": reference})


def test_a_move_that_is_not_drawn_or_of_shares_that_do_not_add_up_is_refused(database: Database) -> None:
    reference = authorize(database)
    found = claim(database, reference)
    wrong = (
        "'paid', 'admitted', 'paid', 7, 10, 5, 5",
        "'admitted', 'available', 'admitted', 7, 10, 5, 6",
        "'admitted', 'available', 'admitted', -7, 10, 5, 5",
        "'admitted', 'available', 'admitted', 0, 0, 0, 0",
    )
    for each in wrong:
        with pytest.raises(IntegrityError, match="violates check constraint"), database.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO ledger_entry (reference, seq, kind, from_account, to_account, hours, cents,"
                    f" state_cents, unedic_cents, claim_id, key) VALUES (:r, 9, {each}, :c, 'x')"
                ),
                {"r": reference, "c": found.id},
            )


def test_the_register_knows_the_moves_accounts_and_states_that_the_code_knows(database: Database) -> None:
    with database.begin() as connection:
        rows = connection.execute(_DEFINITIONS).all()
    words = {row.name: re.findall(r"'(\w+)'", row.definition) for row in rows}
    moves = words["ledger_entry_move_check"]
    assert sorted(zip(moves[::3], moves[1::3], moves[2::3], strict=True)) == sorted(MOVES)
    assert sorted(words["ledger_balance_account_check"]) == sorted(ACCOUNTS)
    assert sorted(words["claim_living"]) == sorted(LIVING)


_DEFINITIONS = text(
    "SELECT conname AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint"
    " WHERE conname IN ('ledger_entry_move_check', 'ledger_balance_account_check')"
    " UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE indexname = 'claim_living'"
)
