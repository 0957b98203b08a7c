"""Two operators have a file put once more that the agency never answers, or settle a claim of it as rejected."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import text

from models.agency_advice import advise
from models.agency_answers import SETTLED
from models.bodies.operator import ExceptionKind
from models.claim_labels import ClaimState
from models.engine.names import claim_process, deposit_id
from models.errors import Conflict, Unknown
from models.store.agency import answers, channel_states, channel_traffic, waiting_answers
from models.store.agency.answer_files import AnswerFileRecord
from models.store.agency.channels import CLAIMS
from models.store.agency.claim_rows import ClaimRow
from models.store.agency.waiting_answers import WaitingDeposit
from models.store.claims import controls, versions
from models.store.claims.records import ClaimRecord
from models.store.database import Database
from models.store.journal import outbox
from models.store.operations import answer_incidents, incidents, unanswered
from models.store.people import notices
from tests.models.store.agency import builders as agency
from tests.models.store.claims import builders

NOBODY = "01a22a88-f8b4-7721-be3f-256ee4620001"


def watched(database: Database) -> list[WaitingDeposit]:
    """What a run of the watchdog finds, its incident included."""
    with database.begin() as connection:
        waiting = waiting_answers.watch(connection, CLAIMS)
        answer_incidents.watch(connection, CLAIMS, overdue=any(each.overdue for each in waiting))
        return waiting


def put_again(database: Database, deposit: str) -> None:
    with database.begin() as connection:
        waiting_answers.mark_sent_again(connection, deposit)


def troubled(database: Database) -> list[str]:
    with database.begin() as connection:
        return [each.workflow_id for each in incidents.list_open(connection)]


def told(database: Database, claim: ClaimRecord) -> list[str]:
    """Messages that wait for the process of a claim."""
    with database.begin() as connection:
        waiting = outbox.list_waiting(connection, 1_000)
        return [each.kind for each in waiting if each.workflow_id == claim_process(claim.subject)]


def answer_now(database: Database, rows: list[ClaimRow], code: str, *, file: int = 30) -> None:
    """Apply answers to a file as a run does, with their incidents."""
    answered = agency.answer(database, rows, code, second=file)
    with database.begin() as connection:
        applied = answers.apply(connection, answered, agency.answers(rows, code))
        answer_incidents.tell(connection, CLAIMS, troubled=applied.troubled, answered=applied.answered)


def test_a_file_is_sent_once_more_for_each_act_and_its_silence_is_counted_anew(database: Database) -> None:
    deposit, _ = agency.unanswered_twice(database, agency.a_queued_claim(database))
    [waiting] = watched(database)
    assert (waiting.due_again, waiting.overdue, troubled(database)) == (False, True, [deposit_id(CLAIMS)])
    agency.done_by_two(database, "resend_deposit", deposit)
    [waiting] = watched(database)
    assert (waiting.due_again, waiting.overdue, waiting.runs) == (True, False, 1)
    assert troubled(database) == []
    with pytest.raises(Conflict, match="va déjà être envoyé") as pending:
        agency.ask(database, "resend_deposit", deposit)
    assert pending.value.slug == "deposit-due-again"
    put_again(database, deposit)
    [waiting] = watched(database)
    assert (waiting.due_again, waiting.overdue) == (False, False)
    with database.begin() as connection:
        for column in ("asked_again_at", "resent_at"):
            connection.execute(text(f"UPDATE deposit SET {column} = {column} - interval '5 days'"))
    [waiting] = watched(database)
    assert (waiting.due_again, waiting.overdue) == (False, True)
    agency.done_by_two(database, "resend_deposit", deposit)
    assert [each.due_again for each in watched(database)] == [True]


def test_a_file_may_be_sent_again_before_its_own_repetition(database: Database) -> None:
    agency.hand_over(database, agency.a_queued_claim(database))
    deposit = agency.silent_since(database, put=timedelta(hours=2))
    assert [each.due_again for each in watched(database)] == [False]
    agency.done_by_two(database, "resend_deposit", deposit)
    assert [each.due_again for each in watched(database)] == [True]
    put_again(database, deposit)
    assert [each.due_again for each in watched(database)] == [False]


def test_what_is_settled_gives_the_hours_back_and_tells_the_employer_and_the_process_once(database: Database) -> None:
    claim, other = agency.a_queued_claim(database), agency.a_queued_claim(database, person=2)
    deposit, _ = agency.unanswered_twice(database, claim, other)
    before = told(database, claim)
    act = agency.done_by_two(database, "reject_claim", claim.id)
    assert builders.state(database, claim.id) == ClaimState.REJECTED
    assert builders.state(database, other.id) == ClaimState.HANDED
    assert builders.story(database, claim.id)[-1] == "claim_rejected"
    assert builders.entitlement(database, claim.reference).admitted_hours == 0
    assert builders.balances(database, claim.reference)["handed"] == (0, 0)
    assert told(database, claim) == [*before, "look"]
    with database.begin() as connection:
        [answer] = versions.list_answers(connection, claim.id)
        assert controls.look(connection, claim.id).told
        [notice] = notices.list_unsent(connection, claim_process(claim.subject))
        [waiting] = unanswered.list_deposits(connection, CLAIMS)
        assert [each.claim_id for each in unanswered.list_rows(connection, deposit)] == [other.id]
        assert channel_traffic.list_rejections(connection, CLAIMS) == []
        assert channel_traffic.read(connection, CLAIMS).unanswered == 1
    assert (answer.code, answer.binding, answer.accepts) == (SETTLED, True, False)
    assert (waiting.rows, waiting.unanswered, waiting.settled) == (2, 1, 1)
    said = {"sense": "settled_dated", "answer": SETTLED, "on": "2027-08-31"}
    assert (notice.kind, notice.data) == ("claim_rejected", said)
    assert advise(SETTLED) not in {advise("3200"), advise("9999")}
    assert builders.differences(database) == ()
    assert builders.broken(database) == []
    with pytest.raises(Conflict, match="Rejetée par l’ASP"):
        agency.ask(database, "reject_claim", claim.id)
    with pytest.raises(Conflict) as ended:
        agency.approve(database, act)
    assert ended.value.slug == "act-ended"
    agency.done_by_two(database, "reject_claim", other.id)
    assert watched(database) == []
    with database.begin() as connection:
        assert unanswered.list_deposits(connection, CLAIMS) == []


def test_a_claim_of_an_authorization_that_stands_no_more_is_settled_too(database: Database) -> None:
    claim = agency.a_queued_claim(database)
    agency.unanswered_twice(database, claim)
    with database.begin() as connection:
        connection.execute(text("UPDATE entitlement SET state = 'void'"))
    agency.done_by_two(database, "reject_claim", claim.id)
    assert builders.state(database, claim.id) == ClaimState.REJECTED
    assert builders.entitlement(database, claim.reference).admitted_hours == 0


@pytest.mark.parametrize("code", ["0000", "3436"])
def test_that_the_agency_has_a_settled_claim_after_all_is_an_incident_and_changes_nothing(
    database: Database, code: str
) -> None:
    claim = agency.a_queued_claim(database)
    _, rows = agency.unanswered_twice(database, claim)
    agency.done_by_two(database, "reject_claim", claim.id)
    before = builders.story(database, claim.id)
    answer_now(database, rows, code)
    assert troubled(database) == [claim_process(claim.subject)]
    assert builders.state(database, claim.id) == ClaimState.REJECTED
    assert builders.story(database, claim.id) == before
    with database.begin() as connection:
        found = versions.list_answers(connection, claim.id)
    assert [(each.code, each.binding) for each in found] == [(SETTLED, True), (code, False)]
    assert builders.broken(database) == []


def test_that_the_agency_rejects_a_settled_claim_is_ignored(database: Database) -> None:
    claim = agency.a_queued_claim(database)
    _, rows = agency.unanswered_twice(database, claim)
    agency.done_by_two(database, "reject_claim", claim.id)
    answer_now(database, rows, "3417")
    assert troubled(database) == []
    with database.begin() as connection:
        assert [each.code for each in versions.list_answers(connection, claim.id)] == [SETTLED]


def test_what_the_agency_answered_between_request_and_approval_stands(database: Database) -> None:
    claim = agency.a_queued_claim(database)
    deposit, rows = agency.unanswered_twice(database, claim)
    acts = [agency.ask(database, "reject_claim", claim.id), agency.ask(database, "resend_deposit", deposit)]
    answer_now(database, rows, "0000")
    for act in acts:
        with pytest.raises(Conflict) as late:
            agency.approve(database, act)
        assert late.value.slug == "answer-not-awaited"
    assert builders.state(database, claim.id) == ClaimState.ACCEPTED
    assert watched(database) == []


def test_an_incident_about_two_documents_ends_with_the_settlement(database: Database) -> None:
    claim = agency.a_queued_claim(database)
    _, rows = agency.unanswered_twice(database, claim)
    other = [each.model_copy(update={"sha256": "0" * 64}) for each in rows]
    answer_now(database, other, "3436")
    assert troubled(database) == [claim_process(claim.subject)]
    agency.done_by_two(database, "reject_claim", claim.id)
    assert troubled(database) == []
    assert builders.state(database, claim.id) == ClaimState.REJECTED


def test_a_claim_is_settled_only_while_no_file_of_it_is_to_be_put(database: Database) -> None:
    claim = agency.a_queued_claim(database)
    with pytest.raises(Conflict) as signed:
        agency.ask(database, "reject_claim", claim.id)
    assert signed.value.slug == "answer-not-awaited"
    agency.hand_over(database, claim)
    with pytest.raises(Conflict) as once:
        agency.ask(database, "reject_claim", claim.id)
    assert once.value.slug == "deposit-due-again"
    deposit = agency.silent_since(database, put=timedelta(days=6), put_again=timedelta(days=5))
    waiting = agency.ask(database, "reject_claim", claim.id)
    agency.done_by_two(database, "resend_deposit", deposit)
    with pytest.raises(Conflict, match="elle pourrait alors prendre la demande"):
        agency.approve(database, waiting)
    assert builders.state(database, claim.id) == ClaimState.HANDED


def test_nothing_is_settled_while_nobody_reads_what_the_agency_answers(database: Database) -> None:
    claim = agency.a_queued_claim(database)
    agency.unanswered_twice(database, claim)
    act = agency.ask(database, "reject_claim", claim.id)
    with database.begin() as connection:
        channel_states.freeze(connection, CLAIMS, "Migration annoncée par l’agence.", None, agency.OPERATOR)
    with pytest.raises(Conflict) as frozen:
        agency.approve(database, act)
    assert frozen.value.slug == "channel-frozen"
    with database.begin() as connection:
        assert channel_states.resume(connection, CLAIMS, agency.OPERATOR)
    agency.approve(database, act)
    assert builders.state(database, claim.id) == ClaimState.REJECTED


def test_a_file_with_a_settled_claim_is_never_sent_again(database: Database) -> None:
    claim, other = agency.a_queued_claim(database), agency.a_queued_claim(database, person=2)
    deposit, _ = agency.unanswered_twice(database, claim, other)
    again = agency.ask(database, "resend_deposit", deposit)
    agency.done_by_two(database, "reject_claim", claim.id)
    with pytest.raises(Conflict) as settled:
        agency.approve(database, again)
    assert settled.value.slug == "deposit-settled"
    assert [each.due_again for each in watched(database)] == [False]


@pytest.mark.parametrize("kind", ["resend_deposit", "reject_claim"])
def test_what_does_not_exist_is_unknown(database: Database, kind: ExceptionKind) -> None:
    with pytest.raises(Unknown):
        agency.ask(database, kind, NOBODY)


ROUNDS = 6


def accept(database: Database, file: AnswerFileRecord, rows: list[ClaimRow]) -> None:
    with database.begin() as connection:
        answers.apply(connection, file, agency.answers(rows, "0000"))


def settle(database: Database, act: str) -> None:
    """Approve a settlement, unless the agency has answered by then."""
    with suppress(Conflict):
        agency.approve(database, act)


@pytest.mark.slow  # a race, repeated
def test_of_an_answer_and_a_settlement_at_once_one_stands_and_neither_waits_for_ever(database: Database) -> None:
    for second in range(10, 10 + ROUNDS):
        claims = [agency.a_queued_claim(database, person=person) for person in (1, 2)]
        _, rows = agency.unanswered_twice(database, *claims, second=second)
        file = agency.answer(database, rows, "0000", second=second)
        acts = [agency.ask(database, "reject_claim", each.id) for each in claims]
        with ThreadPoolExecutor(3) as pool:
            racing = [pool.submit(accept, database, file, rows), *(pool.submit(settle, database, act) for act in acts)]
            for each in racing:
                each.result(timeout=30)
        for claim in claims:
            assert builders.state(database, claim.id) in (ClaimState.ACCEPTED, ClaimState.REJECTED)
            story = builders.story(database, claim.id)
            assert sum(story.count(each) for each in ("claim_accepted", "claim_rejected")) == 1
    assert builders.differences(database) == ()
    assert builders.broken(database) == []
