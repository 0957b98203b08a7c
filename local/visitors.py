"""`python -m local.visitors PORT TOKEN STATE NUMBERS`: strangers and one employer who hold the doors all they can.

From one address: half bodies that never end, and documents to verify that cost much to read. By one account: uploads
of the same. Whoever is answered comes back after `PAUSE_SECONDS`. The file STATE says how many are under way; signed
documents beside it, `*.pdf`, are sent damaged and forged.
"""

import asyncio
import json
import random
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import cycle
from pathlib import Path
from typing import Final

from local.hostile_files import hostile_files
from local.programs import Background
from local.world import World

NUMBERS: Final = {"half bodies": 2_050, "verifications": 200, "uploads": 40}
"""Visitors of each kind."""
ADDRESS: Final = "127.0.0.2"
"""From which all of them come."""
PAUSE_SECONDS: Final = (5.0, 15.0)
"""Least and most seconds after which somebody who was answered or closed comes back: in no step with the others."""
MAX_ANSWER_BYTES: Final = 64 * 1024
HALF: Final = (
    b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Content-Length: 1000\r\n\r\n{"
)
BOUNDARY: Final = "b0undary"


class Visitors(Background):
    """The program, against a local world, with signed documents to forge, if any; `state` reads what it holds."""

    def __init__(
        self, world: World, token: str, numbers: Mapping[str, int] = NUMBERS, signed: Sequence[bytes] = ()
    ) -> None:
        folder = world.folder / "visitors"
        super().__init__("Visiteurs hostiles", "local.visitors", folder, settings=dict)
        self._state = folder / "state.json"
        self._signed = signed
        self._arguments = [str(world.http_port), token, str(self._state), json.dumps(numbers)]

    def command(self) -> list[str]:
        """The module, the port of the doors, the token of an employer, the file of its state, how many visit."""
        return [*super().command(), *self._arguments]

    def prepare(self) -> None:
        """Write the signed documents where the program finds them."""
        for number, each in enumerate(self._signed):
            (self.folder / f"{number}.pdf").write_bytes(each)

    @property
    def state(self) -> dict[str, int]:
        """What is under way by kind, and how many answers of each status there were."""
        state: dict[str, int] = json.loads(self._state.read_text()) if self._state.exists() else {}
        return state


def _call(path: str, content: bytes, token: str = "") -> bytes:
    part = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'.encode()
    body = part + content + f"\r\n--{BOUNDARY}--\r\n".encode()
    head = [
        f"POST /api/v1/{path} HTTP/1.1",
        "Host: localhost",
        "Connection: close",
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}",
        f"Content-Length: {len(body)}",
        *([f"Authorization: Bearer {token}"] if token else []),
    ]
    return "\r\n".join([*head, "", ""]).encode() + body


class Crowd:
    """Everybody who visits, and what each is doing."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.under_way: Counter[str] = Counter()

    async def send(self, what: str, sent: bytes) -> None:
        """Send the same bytes again and again; each time wait for the server to answer and close."""
        while True:
            with suppress(OSError, ValueError):
                await self._send(what, sent)
            await asyncio.sleep(random.uniform(*PAUSE_SECONDS))  # noqa: S311

    async def _send(self, what: str, sent: bytes) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port, local_addr=(ADDRESS, 0))
        self.under_way[what] += 1
        try:
            writer.write(sent)
            answer = await reader.read(MAX_ANSWER_BYTES)
            self.under_way[f"{what} answered {int(answer[9:12])}"] += 1
        finally:
            self.under_way[what] -= 1
            writer.close()


async def visit(port: int, token: str, state: Path, numbers: Mapping[str, int]) -> None:
    """Visit until the process is terminated."""
    signed = [each.read_bytes() for each in sorted(state.parent.glob("*.pdf"))]
    crowd, hostile = Crowd(port), cycle(hostile_files(signed).values())
    calls = [
        *(crowd.send("half bodies", HALF) for _ in range(numbers["half bodies"])),
        *(crowd.send("verifications", _call("verifications", next(hostile))) for _ in range(numbers["verifications"])),
        *(crowd.send("uploads", _call("files", next(hostile), token)) for _ in range(numbers["uploads"])),
    ]
    async with asyncio.TaskGroup() as together:
        for each in calls:
            together.create_task(each)
        together.create_task(_tell(crowd, state))
        print("visitors_ready", flush=True)


async def _tell(crowd: Crowd, state: Path) -> None:
    while True:
        draft = state.with_suffix(".new")
        draft.write_text(json.dumps(crowd.under_way))
        draft.replace(state)
        await asyncio.sleep(0.5)


if __name__ == "__main__":
    asyncio.run(visit(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), json.loads(sys.argv[4])))
