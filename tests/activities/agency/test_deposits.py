"""A deposit is reserved, then written: whatever breaks in between, the same file arrives exactly once."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import asyncssh
import pytest
from sqlalchemy import event, func, select, text
from temporalio.exceptions import ApplicationError

from activities.agency.deposits import SftpAgency
from activities.register import StoredRegisterActs
from activities.transport import AnotherFileStands, FolderTransport, SftpTransport, Transport
from local.ports import free_port
from local.programs import Agency
from models.labels import HoldReason, Proof
from models.messages.case import Ref
from models.messages.deposit import Channel, Deposit
from models.store.agency import channels, files, sent
from models.store.cases import authority_holds, decisions, documents, holds
from models.store.cases.documents import Sealed
from models.store.database import Database, case_now
from models.store.journal import events, outbox
from models.store.journal.events import SYSTEM
from models.store.schema.journal import deposit_row
from tests.activities.agency.agencies import an_agency
from tests.cases import Employer, an_agent, an_employer, file_a_case, register_a_decision

CHANNEL = Channel(name=channels.AUTHORIZATIONS)


@pytest.fixture
def sftp(server: Agency) -> SftpTransport:
    return SftpTransport(server.address, server.client_key, server.host_key)


def an_authorization(database: Database, rows: int = 1, employer: Employer | None = None) -> str:
    """A granted case in the queue, with a stand-in for its signed decision; `rows` copies of its row."""
    reference, agent = file_a_case(database, employer=employer), an_agent(database)
    acts = StoredRegisterActs(database)
    ref = Ref(reference=reference, id=register_a_decision(database, reference, agent))
    with database.begin() as connection:
        sealed = Sealed(
            reference=reference,
            kind="grant",
            subject=ref.id,
            number=f"{reference}00",
            sha256="b" * 64,
            bytes=b"%PDF",
            signed_at=case_now(connection, reference),
        )
        documents.store(connection, sealed)
        decisions.sign(connection, ref.id)
    acts.notify_decision(ref)
    acts.hand_over(ref)
    acts.hand_over(ref)
    with database.begin() as connection:
        connection.execute(text(COPIES), {"more": rows - 1})
    return reference


COPIES = """INSERT INTO deposit_row (key, channel, reference, document_id)
SELECT md5(n::text) || md5(key), channel, reference, document_id
FROM deposit_row, generate_series(1, :more) n"""


def lines(content: bytes) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(content)["lignesTelechargement"]
    return found


def handed_over(database: Database, reference: str) -> int:
    with database.begin() as connection:
        return sum(each.type == "handed_to_asp" for each in events.list_of(connection, reference))


async def test_an_authorization_arrives_once_with_the_digest_of_its_decision(
    database: Database, server: Agency, sftp: SftpTransport
) -> None:
    reference = an_authorization(database)
    agency = an_agency(database, sftp)
    deposit = agency.prepare_deposit(CHANNEL)
    assert deposit
    assert deposit.rows == 1
    assert agency.prepare_deposit(CHANNEL) == deposit
    await agency.put_deposit(deposit)
    await agency.put_deposit(deposit)
    (line,) = lines((server.deposits / deposit.name).read_bytes())
    assert (line["numAutorisation"], line["empreinteDocument"]) == (f"{reference}00", "b" * 64)
    assert handed_over(database, reference) == 1
    assert agency.prepare_deposit(CHANNEL) is None
    assert list(server.deposits.glob("*.tmp")) == []


def test_an_unproven_authorization_is_in_no_file_until_it_is_proven(database: Database) -> None:
    with database.begin() as connection:
        filer = an_employer(connection, proven=False)
    reference = an_authorization(database, employer=filer)
    agency = an_agency(database, FolderTransport(Path("/nowhere")))
    assert agency.prepare_deposit(CHANNEL) is None
    with database.begin() as connection:
        assert channels.list_waiting(connection) == []
        authority_holds.prove(connection, filer.siret, filer.account_id, Proof.LETTER, SYSTEM)
    assert StoredRegisterActs(database).hand_over(Ref(reference=reference, id="")) is None
    deposit = agency.prepare_deposit(CHANNEL)
    assert deposit
    assert deposit.rows == 1


def test_a_row_held_after_it_was_queued_waits_and_a_file_that_was_reserved_does_not(database: Database) -> None:
    held = an_authorization(database)
    agency = an_agency(database, FolderTransport(Path("/nowhere")))
    with database.begin() as connection:
        assert holds.hold(connection, held, HoldReason.EVICTION)
        assert channels.list_waiting(connection) == []
    assert agency.prepare_deposit(CHANNEL) is None
    sent_already = an_authorization(database)
    assert agency.prepare_deposit(CHANNEL)
    with database.begin() as connection:
        assert not holds.hold(connection, sent_already, HoldReason.EVICTION)
        assert holds.release(connection, held, HoldReason.EVICTION)
        assert [each.kind for each in outbox.list_waiting(connection, 99)][-1] == "deposit"


def test_rows_that_take_the_place_of_held_ones_are_examined_as_well(database: Database) -> None:
    first, second, honest = (an_authorization(database) for _ in range(3))
    with database.begin() as connection:
        changes = text("UPDATE nominal SET holder = 'Quelqu’un d’autre' WHERE reference <> :honest")
        connection.execute(changes, {"honest": honest})
    deposit = an_agency(database, FolderTransport(Path("/nowhere")), agency_rows=1).prepare_deposit(CHANNEL)
    assert deposit
    with database.begin() as connection:
        (line,) = lines(files.content(connection, deposit.id))
        assert line["numAutorisation"] == f"{honest}00"
        held = [hold.reason for each in (first, second) for hold in holds.list_standing(connection, each)]
        assert held == [HoldReason.EVIDENCE] * 2


def test_700_rows_are_reserved_and_told_in_a_handful_of_statements(database: Database) -> None:
    an_authorization(database, rows=699)
    other = an_authorization(database)
    deposit = an_agency(database, FolderTransport(Path("/nowhere"))).prepare_deposit(CHANNEL)
    assert deposit
    said: list[str] = []
    with database.begin() as connection:
        event.listen(connection, "before_cursor_execute", lambda _c, _k, statement, *_: said.append(statement))
        sent.mark_written(connection, deposit.id)
        sent.mark_written(connection, deposit.id)
        placed = select(func.count(), func.min(deposit_row.c.line), func.max(deposit_row.c.line))
        assert connection.execute(placed).one() == (700, 1, 700)
        assert events.broken_links(connection, other) == []
        (told,) = [each for each in events.list_of(connection, other) if each.type == "handed_to_asp"]
    assert told.data == {"deposit": deposit.name, "line": "700"}
    assert len(said) < 10


async def test_701_rows_make_two_files_of_different_seconds(database: Database, tmp_path: Path) -> None:
    an_authorization(database, rows=700), an_authorization(database)
    agency = an_agency(database, FolderTransport(tmp_path))
    for expected in (700, 1):
        deposit = agency.prepare_deposit(CHANNEL)
        assert deposit
        assert deposit.rows == expected
        await agency.put_deposit(deposit)
    assert agency.prepare_deposit(CHANNEL) is None
    counts = [len(lines(path.read_bytes())) for path in sorted(tmp_path.iterdir())]
    assert counts == [700, 1]


def test_the_cap_on_bytes_splits_as_well_and_one_row_too_large_is_an_incident(database: Database) -> None:
    an_authorization(database, rows=10)
    tight = an_agency(database, FolderTransport(Path("/nowhere")), agency_bytes=3_000)
    deposit = tight.prepare_deposit(CHANNEL)
    assert deposit
    assert 1 < deposit.rows < 10
    with database.begin() as connection:
        assert len(files.content(connection, deposit.id)) <= 3_000
        sent.mark_written(connection, deposit.id)
    with pytest.raises(ApplicationError) as wrong:
        an_agency(database, FolderTransport(Path("/nowhere")), agency_bytes=300).prepare_deposit(CHANNEL)
    assert wrong.value.type == "agency"


def test_prepared_in_parallel_it_is_one_file(database: Database, tmp_path: Path) -> None:
    an_authorization(database, rows=5)
    agency = an_agency(database, FolderTransport(tmp_path))
    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(agency.prepare_deposit, [CHANNEL] * 6))
    assert made[0]
    assert set(made) == {made[0]}


async def test_killed_between_put_and_commit_it_puts_the_same_file_again(
    database: Database, server: Agency, sftp: SftpTransport
) -> None:
    reference = an_authorization(database)

    class Dying(SftpAgency):
        def _mark_written(self, deposit: Deposit) -> None:
            raise ConnectionError

    deposit = an_agency(database, sftp).prepare_deposit(CHANNEL)
    assert deposit
    dying = an_agency(database, sftp, kind=Dying)
    with pytest.raises(ApplicationError):
        await dying.put_deposit(deposit)
    before = sorted(server.deposits.iterdir())
    again = an_agency(database, sftp).prepare_deposit(CHANNEL)
    assert again == deposit
    await an_agency(database, sftp).put_deposit(again)
    assert sorted(server.deposits.iterdir()) == before
    assert handed_over(database, reference) == 1


async def test_cut_in_the_middle_it_is_put_whole_the_next_time(
    database: Database, server: Agency, sftp: SftpTransport
) -> None:
    an_authorization(database, rows=200)
    agency = an_agency(database, sftp)
    deposit = agency.prepare_deposit(CHANNEL)
    assert deposit
    with server.fault("cut"), pytest.raises(ApplicationError) as broken:
        await agency.put_deposit(deposit)
    assert (broken.value.type, broken.value.non_retryable) == ("agency", False)
    assert not (server.deposits / deposit.name).exists()
    await agency.put_deposit(deposit)
    assert hashlib.sha256((server.deposits / deposit.name).read_bytes()).hexdigest() == deposit.sha256


@pytest.mark.parametrize("fault", ["refused", "nobody", "stranger"])
async def test_an_agency_that_is_away_or_is_not_itself_gets_nothing(
    database: Database, server: Agency, tmp_path: Path, fault: str
) -> None:
    deposit = prepared(database)
    address, host_key = server.address, server.host_key
    if fault == "nobody":
        address = f"sftp://tacite@127.0.0.1:{free_port()}/depot"
    if fault == "stranger":
        host_key = tmp_path / "other.pub"
        asyncssh.generate_private_key("ssh-ed25519").write_public_key(str(host_key))
    agency = an_agency(database, SftpTransport(address, server.client_key, host_key))
    refusing = server.fault("refuse") if fault == "refused" else nullcontext()
    with refusing, pytest.raises(ApplicationError) as broken:
        await agency.put_deposit(deposit)
    assert (broken.value.type, broken.value.non_retryable) == ("agency", False)
    assert not (server.deposits / deposit.name).exists()


def prepared(database: Database) -> Deposit:
    an_authorization(database)
    deposit = an_agency(database, FolderTransport(Path("/nowhere"))).prepare_deposit(CHANNEL)
    assert deposit
    return deposit


async def test_other_bytes_under_the_same_name_are_an_incident(
    database: Database, server: Agency, sftp: SftpTransport, tmp_path: Path
) -> None:
    deposit = prepared(database)
    folders: list[tuple[Path, Transport]] = [
        (server.deposits, sftp),
        (tmp_path, FolderTransport(tmp_path)),
    ]
    for folder, transport in folders:
        (folder / deposit.name).write_bytes(b"another")
        with pytest.raises(ApplicationError) as broken:
            await an_agency(database, transport).put_deposit(deposit)
        assert (broken.value.type, broken.value.message) == ("agency", AnotherFileStands.__name__)
        assert (folder / deposit.name).read_bytes() == b"another"
