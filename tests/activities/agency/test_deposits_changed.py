"""A file that waits for the agency pays nobody else than the register and its events say, whoever changed what."""

from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import text
from temporalio.exceptions import ApplicationError

from activities.agency.deposits import SftpAgency
from activities.agency.layout import FileChanged
from activities.transport import FolderTransport
from models.labels import Part
from models.messages.deposit import Deposit
from models.store.agency import files
from models.store.database import Database
from tests.activities.agency.agencies import an_agency
from tests.activities.agency.test_deposits import CHANNEL, an_authorization, handed_over

THEIRS = "FR7630006000011234567890189"


def write_another_account(database: Database, deposit: Deposit) -> None:
    """Do as the owner of the tables can: another account in the file, and its digest beside it."""
    with database.begin() as connection:
        [iban] = connection.execute(text("SELECT iban FROM nominal")).scalars()
        forged = files.content(connection, deposit.id).replace(iban.encode(), THEIRS.encode())
        changed = text("UPDATE deposit SET bytes = :bytes, sha256 = :sha256")
        connection.execute(changed, {"bytes": forged, "sha256": sha256(forged).hexdigest()})


async def refuse(agency: SftpAgency, folder: Path) -> None:
    """Take the file up again, as a process that begins anew does, and see that nothing leaves."""
    taken_up = agency.prepare_deposit(CHANNEL)
    assert taken_up
    with pytest.raises(ApplicationError) as told:
        await agency.put_deposit(taken_up)
    assert (told.value.type, told.value.message) == (Part.JOURNAL, FileChanged.__name__)
    assert list(folder.iterdir()) == []


async def test_a_file_changed_with_its_digest_while_it_waits_is_not_sent(database: Database, tmp_path: Path) -> None:
    an_authorization(database)
    agency = an_agency(database, FolderTransport(tmp_path))
    deposit = agency.prepare_deposit(CHANNEL)
    assert deposit
    write_another_account(database, deposit)
    await refuse(agency, tmp_path)


async def test_nor_is_one_changed_with_the_rows_that_it_was_made_of(database: Database, tmp_path: Path) -> None:
    an_authorization(database)
    agency = an_agency(database, FolderTransport(tmp_path))
    deposit = agency.prepare_deposit(CHANNEL)
    assert deposit
    write_another_account(database, deposit)
    with database.begin() as connection:
        connection.execute(text("UPDATE nominal SET iban = :iban"), {"iban": THEIRS})
    await refuse(agency, tmp_path)


async def test_a_file_without_lines_or_with_one_line_twice_is_not_sent_and_the_whole_one_is(
    database: Database, tmp_path: Path
) -> None:
    reference = an_authorization(database)
    agency = an_agency(database, FolderTransport(tmp_path))
    deposit = agency.prepare_deposit(CHANNEL)
    assert deposit
    with database.begin() as connection:
        whole = files.content(connection, deposit.id)
    first, line, last = whole.partition(whole[whole.index(b"[{") + 1 : whole.index(b"}]") + 1])
    for other in (b"{}", b"not json", first + last, first + line + b"," + line + last):
        with database.begin() as connection:
            changed = text("UPDATE deposit SET bytes = :bytes, sha256 = :sha256")
            connection.execute(changed, {"bytes": other, "sha256": sha256(other).hexdigest()})
        await refuse(agency, tmp_path)
    with database.begin() as connection:
        connection.execute(changed, {"bytes": whole, "sha256": sha256(whole).hexdigest()})
    await agency.put_deposit(deposit)
    assert handed_over(database, reference) == 1
