"""Acts of the register are idempotent; a register that is away and a wrong program are told apart."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from temporalio.exceptions import ApplicationError

from activities.register import StoredRegisterActs
from models.engine.names import authorization_id
from models.messages.case import AlreadySettled, Established, Incident, Ref
from models.store.cases import decisions, requests
from models.store.database import Database
from models.store.operations import incidents
from tests.activities.reminding import types
from tests.cases import an_agent, file_a_case, register_a_decision


def test_silence_is_established_once_whoever_asks(database: Database, acts: StoredRegisterActs) -> None:
    references = [file_a_case(database, left=timedelta(seconds=-1)) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(acts.establish_silence, [Ref(reference=each, id="") for each in references]))
    assert all(isinstance(each, Established | AlreadySettled) for each in found)
    again = acts.establish_silence(Ref(reference=references[0], id=""))
    assert isinstance(again, AlreadySettled)
    for reference in references:
        assert types(database, reference).count("authorization_tacitly_granted") == 1


def test_a_case_is_closed_once_and_incidents_open_and_close_once(database: Database, acts: StoredRegisterActs) -> None:
    reference = file_a_case(database, left=timedelta(seconds=-1))
    ref = Ref(reference=reference, id="")
    acts.establish_silence(ref)
    broken = Incident(subject=authorization_id(reference), act="issue_attestation", part="signer")
    for act in (acts.open_incident, acts.open_incident, acts.close_incident, acts.close_incident):
        act(broken)
    acts.close_case(ref)
    acts.close_case(ref)
    assert types(database, reference)[-3:] == ["incident_opened", "incident_closed", "case_closed"]
    with database.begin() as connection:
        assert requests.get(connection, reference).status == "closed"
        assert incidents.list_open(connection) == []


def test_reading_when_claims_are_out_of_time_changes_nothing(database: Database, acts: StoredRegisterActs) -> None:
    reference = file_a_case(database, left=timedelta(seconds=-1))
    ref = Ref(reference=reference, id="")
    acts.establish_silence(ref)
    before = types(database, reference)
    first, second = acts.find_forfeiture(ref), acts.find_forfeiture(ref)
    assert first.forfeited_at == second.forfeited_at
    assert first.seconds_left >= second.seconds_left > 0
    assert types(database, reference) == before


def test_two_notifications_at_once_of_one_decision_are_one(database: Database, acts: StoredRegisterActs) -> None:
    reference, agent = file_a_case(database), an_agent(database)
    ref = Ref(reference=reference, id=register_a_decision(database, reference, agent))
    with database.begin() as connection:
        decisions.sign(connection, ref.id)
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(acts.notify_decision, [ref] * 6))
    assert all(each == found[0] for each in found)
    assert types(database, reference).count("decision_notified") == 1


def test_a_register_that_is_away_is_named_and_worth_another_try() -> None:
    with (
        Database("postgresql://nobody@127.0.0.1:1/nowhere") as away,
        pytest.raises(ApplicationError) as told_so,
    ):
        StoredRegisterActs(away).establish_silence(Ref(reference="034AAAA01", id=""))
    assert (told_so.value.type, told_so.value.non_retryable) == ("register", False)


def test_a_wrong_program_never_fails_a_case(acts: StoredRegisterActs) -> None:
    with pytest.raises(ApplicationError) as wrong:
        acts.hand_over(Ref(reference="034ZZZZ99", id=""))
    assert (wrong.value.type, wrong.value.non_retryable) == ("program", False)
