"""Each reminder reaches the right people, in time; the replacement of an absent agent is among them."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from activities.register import StoredRegisterActs
from law.window import filing_window
from models.bodies.filing import DraftBody, Opinion
from models.bodies.unit import LeaveBody
from models.engine.names import authorization_id, draft_id
from models.messages.case import Ref
from models.store.cases import drafts, files, opinions, requests
from models.store.database import Database
from models.store.journal.events import Actor
from models.store.people import leaves
from tests.activities.reminding import NOON, a_reminder, employer_of, id_of, told, types
from tests.cases import an_agent, an_employer, file_a_case, master_key, request_pieces
from tests.models.clocks import clock_at


def test_while_the_agent_in_charge_is_away_the_replacement_is_told_and_without_one_the_colleagues(
    database: Database, acts: StoredRegisterActs
) -> None:
    mine, colleague, stand_in = (an_agent(database, "instructor") for _ in range(3))
    an_agent(database, "reader")
    reference = file_a_case(database)
    away = {"from_on": "2020-01-01", "until_on": "2149-12-31"}
    process = authorization_id(reference)
    with database.begin() as connection:
        requests.assign(connection, reference, mine.account_id)
        body = LeaveBody.model_validate(away | {"replacement_id": stand_in.account_id})
        leaves.write(connection, id_of(mine), body, id_of(mine))
    assert acts.remind(a_reminder(reference, "silence"))
    assert [account for _, account in told(database, process)] == [id_of(stand_in)]
    with database.begin() as connection:
        leaves.write(connection, id_of(stand_in), LeaveBody.model_validate(away), id_of(stand_in))
    assert acts.remind(a_reminder(reference, "silence", 0, NOON + timedelta(days=1)))
    assert [account for _, account in told(database, process)][1:] == [id_of(colleague)]


def test_before_silence_the_agent_in_charge_then_colleagues_then_the_head_are_told(
    database: Database, acts: StoredRegisterActs
) -> None:
    mine, colleague, head = an_agent(database), an_agent(database), an_agent(database, "head")
    an_agent(database, "agent", "75")
    reference = file_a_case(database)
    with database.begin() as connection:
        requests.assign(connection, reference, mine.account_id)
    process, seen = authorization_id(reference), 0
    for rung, expected in enumerate(([mine], [mine, colleague], [head])):
        reminder = a_reminder(reference, "silence", rung, NOON + timedelta(days=rung))
        assert acts.remind(reminder)
        assert acts.remind(reminder)
        new = told(database, process)[seen:]
        assert {account for _, account in new} == {id_of(each) for each in expected}
        seen += len(new)
    assert types(database, reference).count("reminder_sent") == 3


def test_without_an_agent_in_charge_all_are_told_and_without_a_head_too(
    database: Database, acts: StoredRegisterActs
) -> None:
    agents = {id_of(an_agent(database)) for _ in range(2)}
    for rung in (0, 2):
        reference = file_a_case(database)
        assert acts.remind(a_reminder(reference, "silence", rung))
        assert {account for _, account in told(database, authorization_id(reference))} == agents


def test_with_nobody_to_tell_or_nothing_left_to_say_no_reminder_is_sent(
    database: Database, acts: StoredRegisterActs
) -> None:
    reference = file_a_case(database)
    assert not acts.remind(a_reminder(reference, "silence"))
    decided = file_a_case(database, left=timedelta(seconds=-1))
    an_agent(database)
    acts.establish_silence(Ref(reference=decided, id=""))
    for kind in ("silence", "opinion", "completion"):
        assert not acts.remind(a_reminder(decided, kind))
    assert not acts.remind(a_reminder(reference, "inform_council"))
    assert "reminder_sent" not in types(database, decided) + types(database, reference)


def test_the_employer_is_reminded_of_the_council_once_there_is_an_outcome(
    database: Database, acts: StoredRegisterActs
) -> None:
    reference = file_a_case(database, left=timedelta(seconds=-1))
    acts.establish_silence(Ref(reference=reference, id=""))
    assert acts.remind(a_reminder(reference, "inform_council", instant=None))
    assert told(database, authorization_id(reference)) == [("council_reminder", employer_of(database, reference))]


async def test_a_late_opinion_is_reminded_of_then_flagged_and_never_after_it_came(
    database: Database, acts: StoredRegisterActs
) -> None:
    agent = an_agent(database)
    reference = file_a_case(database, works_council={"pending": True}, headcount=80)
    employer, process = employer_of(database, reference), authorization_id(reference)
    with database.begin() as connection:
        due_on = opinions.find_due_day(connection, reference)
    assert due_on
    before = datetime.combine(due_on, datetime.min.time(), UTC) - timedelta(days=3)
    assert acts.remind(a_reminder(reference, "opinion", 2, before))
    assert told(database, process) == [("opinion_reminder", employer)]
    assert acts.remind(a_reminder(reference, "opinion", 3, before + timedelta(days=5)))
    assert {each for each in told(database, process) if each[0] == "opinion_missing"} == {
        ("opinion_missing", employer),
        ("opinion_missing", id_of(agent)),
    }
    await acts.control(Ref(reference=reference, id=""))
    with database.begin() as connection:
        assert requests.get(connection, reference).signals == (opinions.LATE,)
        file = files.add(connection, employer, "application/pdf", b"%PDF")
        given = Opinion(opinion="favourable", given_on=due_on, file=file.id)
        opinions.supply(connection, reference, given, Actor(role="employer", account_id=employer))
    assert not acts.remind(a_reminder(reference, "opinion", 3, before + timedelta(days=6)))


def test_a_late_opinion_that_was_waived_is_told_to_nobody_any_more(
    database: Database, acts: StoredRegisterActs
) -> None:
    agent = an_agent(database)
    reference = file_a_case(database, works_council={"pending": True}, headcount=80)
    with database.begin() as connection:
        due_on = opinions.find_due_day(connection, reference)
        offset = requests.get(connection, reference).clock_offset
        requests.add_signals(connection, reference, [opinions.LATE])
    assert due_on
    after = datetime.combine(due_on, datetime.min.time(), UTC) + timedelta(days=2)
    with clock_at(database, after - offset) as frozen, frozen.begin() as connection:
        opinions.waive(connection, reference, "Le comité n’a plus d’élus.", agent)
        seen = connection.execute(text("SELECT seen_signals FROM request WHERE reference = :r"), {"r": reference})
        assert opinions.LATE in seen.scalar_one()
    assert not acts.remind(a_reminder(reference, "opinion", 3, after + timedelta(days=1)))


def test_agent_and_employer_are_told_that_the_limit_for_pieces_has_passed(
    database: Database, acts: StoredRegisterActs
) -> None:
    reference, agent = file_a_case(database), an_agent(database)
    asked = Ref(reference=reference, id=request_pieces(database, reference, agent))
    assert not acts.remind(a_reminder(reference, "completion"))
    acts.notify_completion_request(asked)
    assert acts.remind(a_reminder(reference, "completion"))
    overdue = {account for kind, account in told(database, authorization_id(reference)) if "overdue" in kind}
    assert overdue == {id_of(agent), employer_of(database, reference)}


def test_a_draft_is_reminded_of_while_it_is_open_and_lapses_by_the_registers_clock(
    database: Database, acts: StoredRegisterActs
) -> None:
    with database.begin() as connection:
        employer = an_employer(connection)
        now = requests.received_now(connection)
        body = DraftBody.model_validate({"ground": "disaster_or_weather", "placement_on": now.date()})
        draft = drafts.open_draft(
            connection,
            body,
            filing_window(body.ground, body.placement_on, employer.department, now.date()),
            account_id=employer.account_id,
            siret=employer.siret,
            department=employer.department,
            master=master_key(),
            actor=Actor(role="employer", account_id=employer.account_id),
        )
    ref = Ref(reference=draft, id=draft)
    assert acts.remind(a_reminder(draft, "draft"))
    assert acts.lapse_draft(ref).status == "draft"
    with database.begin() as connection:
        drafts.advance(connection, draft, timedelta(days=60))
    assert acts.lapse_draft(ref).status == "lapsed"
    assert acts.lapse_draft(ref).status == "lapsed"
    assert not acts.remind(a_reminder(draft, "draft", 1))
    assert types(database, draft) == ["draft_opened", "reminder_sent", "draft_lapsed"]
    assert [kind for kind, _ in told(database, draft_id(draft))] == ["draft_reminder", "draft_lapsed"]
