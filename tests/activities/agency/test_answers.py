"""Each answer of the agency ends in a claim accepted once, rejected with what to do, or in something that people see.

Through the real SFTP server that plays the agency, which opens the nominal files.
"""

import pytest

from models.agency_answers import AnswerFault
from models.claim_labels import AnswerFileState, ClaimState
from models.engine.names import claim_process
from models.messages.answers import AnswerFile
from models.store.agency.answer_files import MAX_TRIES
from models.store.claims import versions
from models.store.journal import events
from models.store.operations import incidents
from tests.activities.agency.claims import CHANNEL, naming
from tests.activities.agency.exchanges import Exchange
from tests.models.store.agency.builders import OPERATOR, queue, sign
from tests.models.store.claims import builders


async def test_an_accepted_claim_is_accepted_once_and_its_answers_leave_the_agency(exchange: Exchange) -> None:
    claim = exchange.claim()
    deposit = await exchange.deposit(claim)
    answered = await exchange.answered(deposit)
    assert await exchange.run() == (answered.name,)
    assert await exchange.run() == ()
    assert exchange.states(claim) == [ClaimState.ACCEPTED]
    assert builders.story(exchange.database, claim.id)[-1] == "claim_accepted"
    assert builders.balances(exchange.database, claim.reference)["accepted"] == (7.0, claim.allowance_cents)
    assert not answered.exists()
    assert exchange.files() == [(AnswerFileState.APPLIED, None)]
    assert (await exchange.watch()).files == 0
    assert exchange.troubled() == []


async def test_an_answer_lost_and_given_again_as_already_integrated_accepts(exchange: Exchange) -> None:
    claim = exchange.claim()
    deposit = await exchange.deposit(claim)
    (await exchange.answered(deposit)).unlink()
    with exchange.server.fault("twice"):
        await exchange.answered(deposit)
    await exchange.run()
    assert exchange.states(claim) == [ClaimState.ACCEPTED]
    with exchange.database.begin() as connection:
        assert [each.code for each in versions.list_answers(connection, claim.id)] == ["3436"]


async def test_already_integrated_with_another_document_is_an_incident_and_accepts_nothing(exchange: Exchange) -> None:
    claim = exchange.claim()
    with exchange.server.fault("other-digest"):
        deposit = await exchange.deposit(claim)
        await exchange.answered(deposit)
    await exchange.run()
    assert exchange.states(claim) == [ClaimState.HANDED]
    assert exchange.troubled() == [claim_process(claim.subject)]
    assert (await exchange.watch()).files == 1
    with exchange.server.fault("twice"):
        await exchange.answered(deposit)
    await exchange.run()
    assert exchange.states(claim) == [ClaimState.ACCEPTED]
    assert exchange.troubled() == []


@pytest.mark.parametrize("order", ["reject", "reject-people"])
async def test_a_rejection_of_another_document_is_an_incident_and_binds_nothing(exchange: Exchange, order: str) -> None:
    claim = exchange.claim()
    content = {"reject": "3417", "reject-people": "2"}[order]
    with exchange.server.fault("other-digest"), exchange.server.fault(order, content):
        deposit = await exchange.deposit(claim)
        await exchange.answered(deposit)
    await exchange.run()
    assert exchange.states(claim) == [ClaimState.HANDED]
    assert exchange.troubled() == [claim_process(claim.subject)]


async def test_a_rejected_claim_gives_its_hours_back_and_says_what_to_do(exchange: Exchange) -> None:
    refused, other = exchange.claim(), exchange.claim(person=2)
    with exchange.server.fault("reject", f"3417 {refused.reference}00"):
        deposit = await exchange.deposit(refused, other)
        await exchange.answered(deposit)
    await exchange.run()
    assert exchange.states(refused, other) == [ClaimState.REJECTED, ClaimState.ACCEPTED]
    assert builders.entitlement(exchange.database, refused.reference).admitted_hours == 0
    with exchange.database.begin() as connection:
        (answer,) = versions.list_answers(connection, refused.id)
    assert (answer.code, answer.label, answer.lines) == ("3417", "Ligne refusée", ())
    again = exchange.claim(refused.reference)
    assert again.version == 2


async def test_a_rejection_that_is_given_again_is_the_same_one(exchange: Exchange) -> None:
    claim = exchange.claim()
    with exchange.server.fault("reject", "3417"):
        deposit = await exchange.deposit(claim)
        await exchange.answered(deposit)
    await exchange.run()
    with exchange.server.fault("twice"):
        await exchange.answered(deposit)
    await exchange.run()
    assert exchange.states(claim) == [ClaimState.REJECTED]
    assert exchange.troubled() == []


async def test_people_rejected_inside_reject_the_claim_with_the_lines_of_the_employer(exchange: Exchange) -> None:
    """Nominal lines: 1 is the header, 2 and 3 are of who is stated at line 2, 4 and 5 at line 5, 6 and 7 at line 9."""
    weeks = ((builders.WEEK, "7"), (builders.LAST_WEEK, "7"))
    people = [builders.a_person(person, *weeks, n=n) for person, n in ((1, 2), (2, 5), (3, 9))]
    claim = builders.claim(exchange.database, builders.authorize(exchange.database), *people)
    sign(exchange.database, claim, naming=naming(exchange.keys))
    assert queue(exchange.database, claim.id) == []
    with exchange.server.fault("reject-people", "7 5 6"):
        deposit = await exchange.deposit(claim)
        await exchange.answered(deposit)
    await exchange.run()
    assert exchange.states(claim) == [ClaimState.REJECTED]
    with exchange.database.begin() as connection:
        (answer,) = versions.list_answers(connection, claim.id)
        rejected = events.list_of(connection, claim.chain)[-1]
    assert answer.lines == (5, 9)
    assert rejected.data["lines"] == "5 9"


@pytest.mark.parametrize("line", ["1", "3"])
async def test_people_rejected_at_a_line_that_the_nominal_file_has_not_are_set_aside(
    exchange: Exchange, line: str
) -> None:
    claim = exchange.claim()
    with exchange.server.fault("reject-people", line):
        deposit = await exchange.deposit(claim)
        await exchange.answered(deposit)
    for _ in range(MAX_TRIES):
        await exchange.run()
    assert exchange.states(claim) == [ClaimState.HANDED]
    assert exchange.files() == [(AnswerFileState.QUARANTINED, AnswerFault.UNKNOWN_LINE)]


@pytest.mark.parametrize(("order", "incident"), [("twice", False), ("differently", True)])
async def test_the_first_answer_binds_and_a_different_one_is_an_incident(
    exchange: Exchange, order: str, incident: bool
) -> None:
    claim = exchange.claim()
    deposit = await exchange.deposit(claim)
    await exchange.answered(deposit)
    await exchange.run()
    with exchange.server.fault(order):
        await exchange.answered(deposit)
    await exchange.run()
    assert exchange.states(claim) == [ClaimState.ACCEPTED]
    assert builders.story(exchange.database, claim.id).count("claim_accepted") == 1
    assert bool(exchange.troubled()) is incident
    with exchange.database.begin() as connection:
        given = versions.list_answers(connection, claim.id)
    assert [each.binding for each in given] == [True, False][: 1 + incident]


async def test_an_operator_who_has_judged_a_contradiction_ends_its_incident(exchange: Exchange) -> None:
    claim = exchange.claim()
    deposit = await exchange.deposit(claim)
    await exchange.answered(deposit)
    await exchange.run()
    with exchange.server.fault("differently"):
        await exchange.answered(deposit)
    await exchange.run()
    await exchange.watch()
    with exchange.database.begin() as connection:
        (opened,) = incidents.list_open(connection)
        incidents.resume(connection, opened.id, "L’agence a confirmé par écrit sa première réponse.", OPERATOR)
    await exchange.watch()
    assert exchange.troubled() == []


async def test_answers_come_in_any_order_and_in_parts(exchange: Exchange) -> None:
    claims = [exchange.claim(person=person) for person in (1, 2, 3)]
    with exchange.server.fault("partial"), exchange.server.fault("reversed"):
        deposit = await exchange.deposit(*claims)
        await exchange.answered(deposit)
        await exchange.run()
        assert exchange.states(*claims) == [ClaimState.ACCEPTED, ClaimState.HANDED, ClaimState.ACCEPTED]
        assert (await exchange.watch()).files == 1
        await exchange.answered(deposit)
        await exchange.run()
    assert exchange.states(*claims) == [ClaimState.ACCEPTED] * 3
    assert (await exchange.watch()).files == 0


async def test_a_run_that_dies_before_it_deletes_applies_nothing_twice(exchange: Exchange) -> None:
    claim = exchange.claim()
    answered = await exchange.answered(await exchange.deposit(claim))
    file = AnswerFile(channel=CHANNEL.name, name=answered.name)
    assert not await exchange.acts.drop_answers(file)
    for _ in range(2):
        await exchange.acts.read_answers(file)
    assert answered.exists()
    assert await exchange.acts.drop_answers(file)
    assert await exchange.acts.drop_answers(file)
    assert not answered.exists()
    assert builders.story(exchange.database, claim.id).count("claim_accepted") == 1


async def test_an_answer_proves_that_a_file_arrived_which_nobody_marked(exchange: Exchange) -> None:
    claim = exchange.claim()
    deposit = await exchange.deposit_unmarked()
    await exchange.answered(deposit)
    assert exchange.states(claim) == [ClaimState.SIGNED]
    await exchange.run()
    assert exchange.states(claim) == [ClaimState.ACCEPTED]
    await exchange.deposits.put_deposit(deposit)
    assert builders.story(exchange.database, claim.id).count("claim_handed_to_asp") == 1
