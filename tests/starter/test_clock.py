"""The HTTP server and the relay refuse a register whose clock went back."""

import asyncio
import json
import os
import sys
from pathlib import Path
from subprocess import run

import pytest
from sqlalchemy import text

from models.settings import Settings
from models.store.database import ClockWentBack, Database
from starter import __main__ as doors
from starter import clock
from starter.relay import deliver
from tests.cases import a_blind_key, a_master_key

FUTURE = "INSERT INTO outbox (workflow_id, kind, created_at) VALUES ('x:y', 'deposit', now() + interval '1 hour')"


@pytest.fixture
def went_back(database: Database) -> None:
    with database.begin() as connection:
        connection.execute(text(FUTURE))


@pytest.mark.usefixtures("went_back")
async def test_the_doors_and_the_relay_end_with_3(settings: Settings) -> None:
    async with asyncio.timeout(30):
        assert await clock.exit_code(doors.serve(settings)) == clock.EXIT_MISSING
        assert await clock.exit_code(deliver.run(settings)) == clock.EXIT_MISSING


@pytest.mark.usefixtures("went_back")
@pytest.mark.parametrize("program", ["starter", "starter.relay"])
def test_the_log_says_why(program: str, settings: Settings, tmp_path: Path) -> None:
    stated = {
        "TACITE_PROFILE": "development",
        "TACITE_DATABASE": settings.database,
        "TACITE_ENGINE": settings.engine,
        "TACITE_MASTER_KEY": str(a_master_key(tmp_path)),
        "TACITE_BLIND_KEY": str(a_blind_key(tmp_path)),
        "TACITE_TRUST": str(tmp_path),
        "TACITE_SEAL": str(tmp_path),
        "TACITE_SIGNATORIES": str(tmp_path),
        "TACITE_TIMESTAMPS": "[]",
        "TACITE_AGENCY": tmp_path.as_uri(),
    }
    ended = run([sys.executable, "-m", program], env=os.environ | stated, capture_output=True, timeout=60, check=False)
    said = [json.loads(line) for line in (ended.stdout + ended.stderr).splitlines()]
    assert ended.returncode == 3
    assert "clock_went_back" in {each["event"] for each in said}


def test_a_register_that_is_away_is_no_reason_to_refuse(database: Database) -> None:
    clock.check_if_available(database.dsn)
    clock.check_if_available("postgresql://127.0.0.1:9/nothing")


def test_a_clock_that_went_back_is_told_to_whoever_asks(database: Database, went_back: None) -> None:
    with pytest.raises(ClockWentBack):
        clock.check(database)
