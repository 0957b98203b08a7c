"""How acts run: calls of one act that are parked resume together; the longest ones say how far they are."""

import asyncio

import pytest
from temporalio import workflow

from models.claim_files.verdict import MAX_LINES
from models.messages.case import Incident
from workflows.parts.running_acts import ACT_OPTIONS, ActRunner

LINE_SECONDS = 0.001
"""Seconds that a line of a nominal file may take: twenty-five times what it takes a free core."""


class Parked(ActRunner):
    """A process parked on the signer; its acts take one turn of the event loop and are recorded."""

    def __init__(self) -> None:
        super().__init__()
        self._broken["sign_decision"] = "signer"
        self.done: list[object] = []

    async def perform(self, act: object, message: object) -> object:  # type: ignore[override]
        await asyncio.sleep(0)
        self.done.append(message)
        return None

    def _incident(self, act: str, part: str) -> Incident:
        return Incident(subject="authorization:034AQHV01", act=act, part=part)

    def _show_incidents(self) -> None:
        assert not self._broken


async def test_two_decisions_parked_on_the_same_act_close_its_incident_once() -> None:
    # One decision was withdrawn while the signer was down, and another taken in its place: both wait for the signer.
    parked = Parked()
    await asyncio.gather(parked.unpark("sign_decision"), parked.unpark("sign_decision"))
    assert len(parked.done) == 1


def test_a_parked_act_is_told_beside_the_phase_until_it_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(workflow, "set_current_details", shown.append)
    process = ActRunner()
    process.describe("**Instruction en cours**.")
    process._broken["sign_decision"] = "timestamp"
    process.describe("**Instruction en cours**.")
    assert shown == [
        "**Instruction en cours**.",
        "**Instruction en cours**.\n\n**En attente** : signer la décision (l’horodatage). Rétablissez l’autorité "
        "d’horodatage (TACITE_TIMESTAMPS), puis demandez la reprise.",
    ]


def test_the_nominal_file_of_the_longest_claim_may_take_its_time_and_is_begun_again_soon_if_its_worker_dies() -> None:
    options = ACT_OPTIONS["envelop_people"]
    assert options.timeout.total_seconds() >= MAX_LINES * LINE_SECONDS
    assert options.heartbeat
    assert options.heartbeat < options.timeout / 4
