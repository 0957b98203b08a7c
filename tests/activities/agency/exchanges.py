"""One register and the agency that we play: claims are handed over, answers are read as a run of the process does."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from sqlalchemy import text
from temporalio.exceptions import ApplicationError

from activities.agency.answers import SftpAnswers
from activities.agency.deposits import SftpAgency
from activities.transport import SftpTransport
from local.programs import Agency
from models.agency_answers import AnswerFault, answer_name
from models.claim_labels import AnswerFileState
from models.messages.answers import AnswerFile, Unanswered
from models.messages.deposit import Deposit
from models.store.agency import answer_files
from models.store.claims.records import ClaimRecord
from models.store.database import Database
from models.store.operations import incidents
from tests.activities.agency.agencies import an_agency, settings_of
from tests.activities.agency.claims import CHANNEL, Keys, naming, prepare
from tests.cases import master_key
from tests.models.store.agency.builders import a_queued_claim
from tests.models.store.claims import builders

WAIT_SECONDS: Final = 15.0
BACK_DATE: Final = text("UPDATE deposit SET written_at = written_at - make_interval(days => :days)")


class Exchange(NamedTuple):
    """One register and the agency: hands claims over, and reads what is answered."""

    database: Database
    server: Agency
    acts: SftpAnswers
    deposits: SftpAgency
    sftp: SftpTransport
    keys: Keys

    def claim(self, reference: str | None = None, person: int = 1) -> ClaimRecord:
        """A signed claim that waits, whose nominal file the agency opens."""
        return a_queued_claim(self.database, reference, person, naming=naming(self.keys))

    async def deposit(self, *claims: ClaimRecord) -> Deposit:
        """Put the claims that wait into one file."""
        deposit = prepare(self.deposits)
        assert deposit.rows == len(claims)
        await self.deposits.put_deposit(deposit)
        return deposit

    async def deposit_unmarked(self) -> Deposit:
        """Put a file of claims, and die before it is marked."""
        deposit = prepare(self.deposits)

        class Dying(SftpAgency):
            def _mark_written(self, deposit: Deposit) -> None:
                raise ConnectionError

        dying = an_agency(self.database, self.sftp, Dying)
        with pytest.raises(ApplicationError):
            await dying.put_deposit(deposit)
        return deposit

    async def answered(self, deposit: Deposit) -> Path:
        """Wait until the agency has answered a file; returns its answers."""
        file = self.server.answers / answer_name(deposit.name)
        async with asyncio.timeout(WAIT_SECONDS):
            while not file.exists():  # noqa: ASYNC110  another program writes it
                await asyncio.sleep(0.05)
        return file

    async def run(self) -> tuple[str, ...]:
        """Read what waits, as a run of the process does; returns the names of what was there."""
        listed = await self.acts.list_answers(CHANNEL)
        for name in listed.names:
            file = AnswerFile(channel=CHANNEL.name, name=name)
            await self.acts.read_answers(file)
            await self.acts.drop_answers(file)
        return listed.names

    def closed_now(self) -> SftpAnswers:
        """The same acts, outside the hours in which the agency takes files."""
        window = ((datetime.now(UTC).hour + 12) % 24,)
        deposits = an_agency(self.database, self.sftp, agency_window=window)
        return SftpAnswers(self.database, self.sftp, settings_of(self.database), deposits, master_key())

    async def watch(self) -> Unanswered:
        return await self.acts.watch_answers(CHANNEL)

    def states(self, *claims: ClaimRecord) -> list[str]:
        return [builders.state(self.database, each.id) for each in claims]

    def files(self) -> list[tuple[AnswerFileState, AnswerFault | None]]:
        """State and fault of each file of answers that was seen."""
        with self.database.begin() as connection:
            ids = connection.execute(text("SELECT id::text FROM agency_file ORDER BY seen_at")).scalars().all()
            found = [answer_files.hold(connection, each) for each in ids]
        return [(each.state, each.fault) for each in found]

    def troubled(self) -> list[str]:
        """Processes of which operators see an incident."""
        with self.database.begin() as connection:
            return [each.workflow_id for each in incidents.list_open(connection)]

    def back_date(self, days: int) -> None:
        with self.database.begin() as connection:
            connection.execute(BACK_DATE, {"days": days})

    def check(self) -> None:
        """Nothing is lost or made, and every event is in its place."""
        assert builders.differences(self.database) == ()
        assert builders.broken(self.database) == []
