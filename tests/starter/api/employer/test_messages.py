"""Messages of a case: each side reads the other’s; the clock does not hear of them; they are erased with the case."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from typing import Any, NamedTuple

import httpx
import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import text

from local.postgres import Postgres
from models.engine.names import account_process, authorization_id
from models.labels import Belonging, TokenScope
from models.store.audit import orphans
from models.store.audit.findings import Findings
from models.store.cases import messages, requests
from models.store.database import Database, now
from models.store.journal import events, keys, outbox
from models.store.people import accounts, members, notices, quotas, tokens
from tests.builders import Credentials, a_filing, employer, staff
from tests.cases import an_employer, master_key
from tests.starter.conftest import one_register
from tests.starter.files import PNG, send
from tests.starter.people import Door, readings

WORDS = "Quand pensez-vous décider ?\n\nNos salariés attendent."


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


async def write(client: httpx.AsyncClient, case: str, words: str = WORDS, **more: object) -> httpx.Response:
    return await client.post(f"/requests/{case}/messages", json={"text": words} | more)


class Page(NamedTuple):
    """A page of messages."""

    items: list[dict[str, Any]]
    next: str | None


async def read(client: httpx.AsyncClient, case: str, **parameters: str) -> Page:
    answer = await client.get(f"/requests/{case}/messages", params=parameters)
    assert answer.status_code == 200, answer.text
    return Page(**answer.json())


def mails(database: Database, who: Credentials) -> list[str]:
    """References in the mails about messages that wait for an account."""
    with database.begin() as connection:
        waiting = notices.list_unsent(connection, account_process(who.account_id))
    return [each.data["reference"] for each in waiting if each.kind == "message_received"]


async def test_each_side_reads_what_the_other_wrote_and_the_first_reading_is_marked(
    door: Door, case: str, boss: Credentials, agent: Credentials, database: Database
) -> None:
    file = (await send(door(boss), PNG)).json()
    sent = await write(door(boss), case, files=[file["id"]])
    assert sent.status_code == 201, sent.text
    asked = sent.json()
    assert (asked["text"], asked["side"], asked["files"], asked["read_at"]) == (WORDS, "employer", [file], None)
    assert sent.headers["location"] == f"/api/v1/requests/{case}/messages"
    assert (await read(door(boss), case)).items == [asked], "nobody reads one’s own message for the other side"
    assert (await read(door(staff(database, "reader")), case)).items == [asked], "who looks on does not answer"
    assert (await read(door(agent), case)).items == [asked]
    assert (await door(agent).get(f"/files/{file['id']}")).content == PNG
    answered = (await write(door(agent), case, "Avant vendredi.")).json()
    assert (answered["side"], answered["author"]) == ("agent", "Nadia Perrin")
    newest, oldest = (await read(door(boss), case)).items
    assert (newest, oldest["text"]) == (answered, WORDS)
    assert oldest["read_at"] >= oldest["sent_at"]
    assert {*readings(database, agent)} == {case, f"{case}/{file['id']}"}


async def test_an_event_states_a_digest_and_nothing_of_the_text_and_no_process_hears_of_it(
    door: Door, case: str, boss: Credentials, database: Database
) -> None:
    file = (await send(door(boss), PNG)).json()
    with database.begin() as connection:
        before = requests.get(connection, case)
        waiting = [each.workflow_id for each in outbox.list_waiting(connection, 99)]
    sent = (await write(door(boss), case, files=[file["id"]])).json()["id"]
    with database.begin() as connection:
        [stated] = [each for each in events.list_of(connection, case) if each.type == "message_sent"]
        row = connection.execute(text("SELECT sealed FROM message WHERE id = :i"), {"i": sent}).one()
        digest = sha256(bytes(row.sealed) + f'["{file["id"]}"]{file["sha256"]}'.encode()).hexdigest()
        assert stated.data == {"message": sent, "digest": digest}
        assert events.broken_links(connection, case) == []
        assert requests.get(connection, case) == before
        told = [each.workflow_id for each in outbox.list_waiting(connection, 99)][len(waiting) :]
    assert WORDS.encode() not in bytes(row.sealed)
    assert all(each.startswith("account:") for each in told)
    seen = (await door(boss).get(f"/requests/{case}")).json()["events"]
    assert [each["type"] for each in seen] == ["request_received", "message_sent"]


@pytest.mark.usefixtures("agent")
async def test_the_audit_tells_a_message_that_was_changed_moved_added_or_removed(
    door: Door, case: str, boss: Credentials, database: Database
) -> None:
    file = (await send(door(boss), PNG)).json()["id"]
    sent = (await write(door(boss), case, files=[file])).json()["id"]

    def told(statement: str) -> list[str]:
        findings = Findings()
        with database.trial() as connection:
            connection.execute(text(statement), {"i": sent, "r": case})
            orphans.check(connection, findings, offsets=True)
        return [each.what for each in findings.verdict(0, everything=True).broken if each.subject == case]

    assert told("SELECT :i, :r") == []
    for statement in (
        "UPDATE message SET sealed = sealed || '\\x00' WHERE id = :i AND reference = :r",
        """UPDATE message SET files = '["x"]' WHERE id = :i AND reference = :r""",
        "UPDATE message SET sent_at = sent_at - interval '1 day' WHERE id = :i AND reference = :r",
        "UPDATE message SET side = 'agent' WHERE id = :i AND reference = :r",
        "UPDATE message SET account_id = (SELECT id FROM account WHERE id <> message.account_id LIMIT 1)"
        " WHERE id = :i AND reference = :r",
        "UPDATE file SET sha256 = repeat('0', 64) WHERE id IN"
        " (SELECT (files ->> 0)::uuid FROM message WHERE id = :i AND reference = :r)",
        "DELETE FROM message WHERE id = :i AND reference = :r",
    ):
        assert told(statement) == [f"le message {sent} n’est pas, ou plus, celui de son événement"], statement
    added = told(
        "INSERT INTO message (reference, account_id, side, sealed)"
        " SELECT reference, account_id, side, sealed FROM message WHERE id = :i AND reference = :r"
    )
    assert len(added) == 1


async def test_a_message_is_erased_with_the_history_of_its_case(
    door: Door, case: str, boss: Credentials, database: Database
) -> None:
    sent = (await write(door(boss), case)).json()
    with database.begin() as connection:
        requests.close(connection, case, now(connection))
    closed = await write(door(boss), case)
    assert (closed.status_code, closed.json()["type"]) == (409, "/problems/case-closed")
    assert (await read(door(boss), case)).items == [sent]
    with database.begin() as connection:
        keys.destroy(connection, case)
    assert (await read(door(boss), case)).items == [sent | {"text": None}]


async def test_a_sealed_text_cannot_be_moved_to_another_case(
    door: Door, case: str, boss: Credentials, database: Database
) -> None:
    sent = (await write(door(boss), case)).json()["id"]
    with database.begin() as connection:
        key = keys.get(connection, authorization_id(case), master_key())
        assert key == keys.get(connection, authorization_id(case), master_key())
        connection.execute(text("UPDATE message SET salt = new_salt() WHERE id = :i"), {"i": sent})
        with pytest.raises(InvalidTag):
            messages.get(connection, sent, master_key())


async def test_the_other_side_is_told_by_one_mail_a_day_until_it_reads(
    door: Door, case: str, boss: Credentials, database: Database
) -> None:
    with database.begin() as connection:
        connection.execute(text("UPDATE account SET closed_at = clock_timestamp() WHERE role <> 'employer'"))
    agent, colleague = staff(database), staff(database, "instructor")
    for _ in range(2):
        await write(door(boss), case)
    assert (mails(database, agent), mails(database, colleague)) == ([case], [case])
    (await door(agent).post(f"/requests/{case}/assignment", json={"assigned_to": "me"})).raise_for_status()
    await read(door(agent), case)
    await write(door(boss), case)
    assert (mails(database, agent), mails(database, colleague)) == ([case] * 2, [case])
    assert mails(database, boss) == []
    await write(door(agent), case)
    assert mails(database, boss) == [case]


async def test_a_message_out_of_reach_or_in_a_wrong_form_is_refused(
    door: Door, case: str, boss: Credentials, agent: Credentials, database: Database
) -> None:
    foreign = (await send(door(employer(database)), PNG)).json()["id"]
    for body, pointer, code in (
        ({"text": " "}, "/text", "empty"),
        ({}, "/text", "missing"),
        ({"text": "a" * 4_001}, "/text", "too-long"),
        ({"text": WORDS, "files": [foreign]}, "/files/0", "file-unknown"),
        ({"text": WORDS, "files": ["x"]}, "/files/0", "wrong-form"),
        ({"text": WORDS, "files": [foreign] * 11}, "/files", "too-many"),
    ):
        wrong = await door(boss).post(f"/requests/{case}/messages", json=body)
        assert [(each["pointer"], each["code"]) for each in wrong.json()["errors"]] == [(pointer, code)]
    for who in (employer(database), staff(database, "agent", "75")):
        assert (await write(door(who), case)).status_code == 404
        assert (await door(who).get(f"/requests/{case}/messages")).status_code == 404
    assert (await write(door(staff(database, "reader")), case)).status_code == 403
    with database.begin() as connection:
        secret, _ = tokens.issue(connection, boss.account_id, "Lecture", TokenScope.READ, None)
    assert (await write(door(Credentials(boss.account_id, secret)), case)).status_code == 403
    assert (await read(door(boss), case)).items == []


async def test_messages_of_a_day_are_bounded_and_a_repeated_one_is_sent_once(
    door: Door, case: str, boss: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(quotas.QUOTAS, "messages", replace(quotas.QUOTAS["messages"], most=1))
    client, address = door(boss), f"/requests/{case}/messages"
    sent = [await client.post(address, json={"text": WORDS}, headers={"Idempotency-Key": "m"}) for _ in range(3)]
    assert [each.status_code for each in sent] == [201] * 3
    assert len({each.text for each in sent}) == 1
    over = await write(client, case)
    assert (over.status_code, over.json()["type"]) == (429, "/problems/too-many")
    assert "message" in over.json()["detail"]


async def test_establishments_of_which_nothing_is_proven_have_one_quota_together(
    door: Door, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = employer(database, proven=False)
    with database.begin() as connection:
        for _ in range(2):
            other = an_employer(connection, proven=False)
            accounts.enrol(connection, stranger.account_id, accounts.get_establishment(connection, other.siret))
    filed = await door(stranger).post("/requests", json=a_filing(siret=stranger.siret))
    monkeypatch.setitem(quotas.QUOTAS, "messages", replace(quotas.QUOTAS["messages"], most=1))
    sent = [await write(door(stranger), filed.json()["reference"]) for _ in range(2)]
    assert [each.status_code for each in sent] == [201, 429]


async def test_a_case_takes_so_many_messages_of_a_side_in_a_day_whoever_writes(
    door: Door, case: str, boss: Credentials, agent: Credentials, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "MAX_A_DAY", 2)
    with database.begin() as connection:
        holder = members.invite(connection, boss.siret, "Paul", "p@tacite.invalid", Belonging.MEMBER, boss.account_id)
        members.accept(connection, holder, holder)
        colleague = Credentials(holder, tokens.issue(connection, holder, "Essai")[0])
    sent = [await write(door(who), case) for who in (boss, colleague, boss, colleague)]
    assert [each.status_code for each in sent] == [201, 201, 429, 429]
    assert 86_000 < int(sent[-1].headers["retry-after"]) <= 86_401
    assert (await write(door(agent), case)).status_code == 201
    with database.begin() as connection:
        connection.execute(
            text("UPDATE message SET sent_at = sent_at - interval '1 day' WHERE reference = :r"), {"r": case}
        )
    assert (await write(door(colleague), case)).status_code == 201


async def test_messages_are_paged_from_the_newest(door: Door, case: str, boss: Credentials) -> None:
    client = door(boss)
    sent = [(await write(client, case, f"Message {n}")).json()["id"] for n in range(3)]
    first = await read(client, case, limit="2")
    rest = await read(client, case, limit="2", cursor=str(first.next))
    shown = [each["id"] for page in (first, rest) for each in page.items]
    assert (shown, rest.next) == (sent[::-1], None)
    for wrong in ({"limit": 201}, {"limit": 0}, {"cursor": "x"}):
        answer = await client.get(f"/requests/{case}/messages", params=wrong)
        assert [each["pointer"] for each in answer.json()["errors"]] == [f"/{name}" for name in wrong]
