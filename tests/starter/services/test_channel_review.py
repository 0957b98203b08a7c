"""When the next file may be put: in the next of its hours, once the channel is no longer frozen."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from law.calendar import local
from law.directory import PARIS
from models.settings import Settings
from models.store.database import Database
from tests.builders import Credentials
from tests.starter.conftest import a_setting
from tests.starter.people import Door

WHY = "L’agence annonce une migration de ses serveurs."


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    return a_setting(database, tmp_path, agency_window=(10, 14))


async def test_a_channel_opens_in_its_hours_after_its_freeze(door: Door, operator: Credentials) -> None:
    client = door(operator)
    until = datetime.now(UTC) + timedelta(days=40)
    await client.post("/channels/amendments/freeze", json={"reason": WHY, "until_at": until.isoformat()})
    await client.post("/channels/authorizations/freeze", json={"reason": WHY})
    endless, ended, claims = (await client.get("/channels")).json()["items"]
    assert endless["opens_at"] is None, "nobody knows when it ends"
    opening = datetime.fromisoformat(ended["opens_at"])
    assert opening >= until
    assert local(opening, PARIS).hour in (10, 14)
    assert claims["opens_at"] is None or local(datetime.fromisoformat(claims["opens_at"]), PARIS).hour in (10, 14)
