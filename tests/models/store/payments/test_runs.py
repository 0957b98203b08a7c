"""A run is fixed before it leaves, gathers each payment once, leaves once released, and is put again as it is."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import text

from models.errors import Unknown
from models.payment_labels import PaymentState, RunState
from models.store.database import Database
from models.store.payments import records as payments
from models.store.payments import runs
from models.store.payments.runs import RunPending, RunRecord
from tests.cases import an_agent, master_key
from tests.models.store.claims import builders as claims
from tests.models.store.payments.builders import DAY, DEBTOR, again, ordered, put, reserved, written


def run_of(database: Database, run_id: str) -> RunRecord:
    with database.begin() as connection:
        return runs.get(connection, run_id)


def test_due_payments_are_gathered_once_into_bytes_that_do_not_change(database: Database) -> None:
    made = [ordered(database) for _ in range(3)]
    run_id = reserved(database)
    found = run_of(database, run_id)
    with database.begin() as connection:
        content = runs.content(connection, run_id, master_key())
        assert [each.end_to_end for each in payments.list_of_run(connection, run_id)] == sorted(
            each.end_to_end for each in made
        )
        assert runs.find_by_message(connection, found.message) == found
        assert runs.find_unput(connection, DEBTOR) == found
    assert (found.state, found.transfers, found.cents) == (RunState.RESERVED, 3, sum(each.cents for each in made))
    assert (found.business_on, found.sequence, sha256(content).hexdigest()) == (DAY, 1, found.sha256)
    assert all(each.end_to_end.encode() in content for each in made)
    assert {again(database, each).state for each in made} == {PaymentState.IN_RUN}


def test_nothing_due_makes_no_run_and_a_cap_leaves_the_others_for_the_next_one(database: Database) -> None:
    with database.begin() as connection:
        assert runs.reserve(connection, DEBTOR, DAY, 10, master_key(), written) is None
    first, second = ordered(database), ordered(database)
    put_in(database, 1)
    assert (again(database, first).state, again(database, second).state) == (PaymentState.SENT, PaymentState.DUE)
    assert run_of(database, put(database)).sequence == 2
    assert again(database, second).state is PaymentState.SENT


def put_in(database: Database, most: int) -> None:
    run_id, by = reserved(database, most), an_agent(database).account_id
    assert by
    with database.begin() as connection:
        assert runs.release(connection, run_id, by)
        runs.mark_put(connection, run_id)


def test_no_second_run_of_an_account_begins_while_one_is_not_put(database: Database) -> None:
    ordered(database)
    reserved(database)
    ordered(database)
    with pytest.raises(RunPending), database.begin() as connection:
        runs.reserve(connection, DEBTOR, DAY, 10, master_key(), written)


def test_six_that_gather_at_once_make_one_run(database: Database) -> None:
    for _ in range(3):
        ordered(database)

    def reserve(_: int) -> str | None:
        try:
            with database.begin() as connection:
                return runs.reserve(connection, DEBTOR, DAY, 10, master_key(), written)
        except RunPending:
            return None

    with ThreadPoolExecutor(6) as six:
        made = [each for each in six.map(reserve, range(6)) if each]
    assert len(made) == 1
    assert run_of(database, made[0]).transfers == 3


def test_a_run_that_its_writer_cannot_write_takes_nothing(database: Database) -> None:
    made = ordered(database)

    def broken(*_: object) -> bytes:
        raise OSError

    with pytest.raises(OSError), database.begin() as connection:  # noqa: PT011
        runs.reserve(connection, DEBTOR, DAY, 10, master_key(), broken)
    assert again(database, made).state is PaymentState.DUE
    assert reserved(database)


def test_only_a_released_run_is_put_and_a_repeated_put_changes_nothing(database: Database) -> None:
    made, by = ordered(database), an_agent(database).account_id
    run_id = reserved(database)
    assert by
    with database.begin() as connection:
        runs.mark_put(connection, run_id)
    assert (run_of(database, run_id).put_at, again(database, made).state) == (None, PaymentState.IN_RUN)
    with database.begin() as connection:
        assert runs.release(connection, run_id, by)
        assert not runs.release(connection, run_id, by)
        runs.mark_put(connection, run_id)
    found = run_of(database, run_id)
    with database.begin() as connection:
        runs.mark_put(connection, run_id)
    assert run_of(database, run_id) == found
    assert (found.state, found.released_by) == (RunState.PUT, by)
    assert found.put_at
    assert found.put_at - found.reserved_at < timedelta(minutes=5)
    assert claims.broken(database) == []


def test_a_run_that_does_not_exist_is_unknown(database: Database) -> None:
    with pytest.raises(Unknown), database.begin() as connection:
        runs.get(connection, "01a22c5d-f641-7ff2-9073-a9eb61ee12a5")


def test_a_payee_that_nobody_can_open_is_held_and_the_others_leave(database: Database) -> None:
    altered, whole = ordered(database), ordered(database)
    with database.begin() as connection:
        connection.execute(text("UPDATE payment SET payee = '0' WHERE id = :id"), {"id": altered.id})
    assert run_of(database, reserved(database)).transfers == 1
    held = again(database, altered)
    assert (held.state, held.reason) == (PaymentState.HELD, runs.UNKNOWN_PAYEE)
    assert again(database, whole).state is PaymentState.IN_RUN
    assert claims.broken(database) == []
