"""Acts of the register are idempotent; automatic checks inform; each reminder reaches the right people."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from temporalio.exceptions import ApplicationError

from activities.register import StoredRegisterActs
from activities.reminders import LATE_OPINION
from law.window import filing_window
from models.bodies.filing import DraftBody, Opinion
from models.engine.names import authorization_id, draft_id
from models.messages.case import AlreadySettled, Established, Incident, Ref, Reminder
from models.store.cases import decisions, drafts, files, opinions, requests
from models.store.database import Database
from models.store.journal import events
from models.store.journal.events import Actor
from models.store.operations import incidents
from models.store.people import notices
from tests.cases import an_agent, an_employer, file_a_case, master_key, register_a_decision, request_pieces

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def types(database: Database, subject: str) -> list[str]:
    with database.begin() as connection:
        return [each.type for each in events.list_of(connection, subject)]


def told(database: Database, process: str) -> list[tuple[str, str]]:
    """Kind and account of each waiting notice."""
    with database.begin() as connection:
        return [(each.kind, each.account.id) for each in notices.list_unsent(connection, process)]


def employer_of(database: Database, reference: str) -> str:
    with database.begin() as connection:
        return requests.get(connection, reference).account_id


def id_of(actor: Actor) -> str:
    assert actor.account_id
    return actor.account_id


def a_reminder(subject: str, kind: str, rung: int = 0, instant: datetime | None = NOON) -> Reminder:
    return Reminder.model_validate({"subject": subject, "kind": kind, "rung": rung, "instant": instant})


def test_silence_is_established_once_whoever_asks(database: Database, acts: StoredRegisterActs) -> None:
    references = [file_a_case(database, left=timedelta(seconds=-1)) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(acts.establish_silence, [Ref(reference=each, id="") for each in references]))
    assert all(isinstance(each, Established | AlreadySettled) for each in found)
    again = acts.establish_silence(Ref(reference=references[0], id=""))
    assert isinstance(again, AlreadySettled)
    for reference in references:
        assert types(database, reference).count("authorization_tacitly_granted") == 1


async def test_a_quiet_request_raises_no_signal(database: Database, acts: StoredRegisterActs) -> None:
    assert await acts.control(Ref(reference=file_a_case(database), id="")) == ()


async def test_what_an_agent_should_look_at_is_kept_as_french_sentences(
    database: Database, acts: StoredRegisterActs
) -> None:
    with database.begin() as connection:
        employer = an_employer(connection)
    other = file_a_case(database)
    first = file_a_case(database, employer=employer, headcount=30, employees=30)
    second = file_a_case(
        database,
        employer=employer,
        hours=Decimal(90_000),
        employees=60,
        bank_account={"iban": "FR7630006000011234567890189", "holder": "Autre"},
    )
    assert await acts.control(Ref(reference=other, id="")) == (
        "Compte bancaire déjà donné par 1 autre établissement.",
    )
    found = await acts.control(Ref(reference=second, id=""))
    assert found == await acts.control(Ref(reference=second, id=""))
    assert [sentence.split(" (")[0] for sentence in found] == [
        f"Période qui chevauche celle de la demande {first}.",
        "Compte bancaire différent de celui de la demande précédente.",
        "Salariés concernés",
        "Effectif",
        "Heures demandées",
    ]
    with database.begin() as connection:
        assert requests.get(connection, second).signals == found
        assert all("FR76" not in sentence for sentence in found)


@pytest.mark.parametrize(
    ("placement_on", "received_at", "signal"),
    [
        ("2020-03-02", "2020-04-20T12:00:00+02:00", "admise par tolérance."),
        ("2026-01-05", "2026-11-22T12:00:00+01:00", "pour une période à venir."),
        ("2026-11-10", "2026-11-22T12:00:00+01:00", None),
    ],
)
async def test_a_late_reception_is_a_signal(
    database: Database, acts: StoredRegisterActs, placement_on: str, received_at: str, signal: str | None
) -> None:
    reference = file_a_case(
        database, placement_on=placement_on, received_at=datetime.fromisoformat(received_at)
    )
    found = await acts.control(Ref(reference=reference, id=""))
    assert [each for each in found if "délai de dépôt" in each] == (
        [f"Demande reçue après le délai de dépôt, {signal}"] if signal else []
    )


async def test_a_day_before_every_text_raises_no_signal_and_no_error(
    database: Database, acts: StoredRegisterActs
) -> None:
    period = {"start_on": "2013-05-01", "end_on": "2013-08-31"}
    reference = file_a_case(database, period=period, received_at=datetime(2013, 7, 15, 12, tzinfo=UTC))
    await acts.control(Ref(reference=reference, id=""))


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
    assert told(database, authorization_id(reference)) == [
        ("council_reminder", employer_of(database, reference))
    ]


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
        assert requests.get(connection, reference).signals == (LATE_OPINION,)
        file = files.add(connection, employer, "application/pdf", b"%PDF")
        given = Opinion(opinion="favourable", given_on=due_on, file=file.id)
        opinions.supply(connection, reference, given, Actor(role="employer", account_id=employer))
    assert not acts.remind(a_reminder(reference, "opinion", 3, before + timedelta(days=6)))


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


def test_a_case_is_closed_once_and_incidents_open_and_close_once(
    database: Database, acts: StoredRegisterActs
) -> None:
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


def test_two_notifications_at_once_of_one_decision_are_one(
    database: Database, acts: StoredRegisterActs
) -> None:
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
