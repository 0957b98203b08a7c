"""The fake engine of the relay, which tries again at once."""

import pytest

from starter.relay import deliver
from tests.starter.relay.relaying import FakeEngine


@pytest.fixture
def fake_engine(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    monkeypatch.setattr(deliver, "POLL_INTERVAL", 0.2)
    monkeypatch.setattr(deliver, "RETRY_INTERVALS", (0.05,))
    return FakeEngine()
