"""How acts run: calls of one act that are parked resume together."""

import asyncio

from models.messages.case import Incident
from workflows.parts.running_acts import ActRunner


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
    await asyncio.gather(parked._unpark("sign_decision"), parked._unpark("sign_decision"))
    assert len(parked.done) == 1
