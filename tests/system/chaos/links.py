"""The links between our programs and what they depend on: TCP through here, so that each may be slow, hang or be cut.

`python -m tests.system.chaos.links FOLDER` listens on the loopback ports of FOLDER/routes.json (name → [port,
target port]). While these files are in FOLDER: `slow-NAME` delays whatever passes, `hang-NAME` holds it back,
`cut-NAME` ends the connections there are and refuses others.
"""

import asyncio
import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from local.programs import Service

SLOWNESS: Final = 0.15
"""Seconds that whatever passes takes on a slow link, each way."""
LOOK: Final = 0.05
AT_ONCE: Final = 65_536
HOST: Final = "127.0.0.1"


class Links(Service):
    """All links of a world: `routes` gives for each name the port to speak to and the port that answers."""

    def __init__(self, folder: Path, routes: dict[str, tuple[int, int]]) -> None:
        super().__init__(
            "Liaisons", "tests.system.chaos.links", folder, *(port for port, _ in routes.values())
        )
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "routes.json").write_text(json.dumps(routes))

    def command(self) -> list[str]:
        """The module alone: the ports are in its folder."""
        return [sys.executable, "-m", self.module, str(self.folder)]


class Link:
    """One link: everything that comes in at a port goes to the other, and back."""

    def __init__(self, folder: Path, name: str, target: int) -> None:
        self._slow, self._hang, self._cut = (folder / f"{how}-{name}" for how in ("slow", "hang", "cut"))
        self._target = target
        self._ends: set[asyncio.StreamWriter] = set()

    async def join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection until one end closes it."""
        self._ends.add(writer)
        try:
            if not self._cut.exists():
                far_reader, far_writer = await asyncio.open_connection(HOST, self._target)
                self._ends.add(far_writer)
                try:
                    await asyncio.gather(self._carry(reader, far_writer), self._carry(far_reader, writer))
                finally:
                    self._ends.discard(far_writer)
                    far_writer.transport.abort()
        except OSError:
            pass
        finally:
            self._ends.discard(writer)
            writer.transport.abort()

    async def _carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while passing := await source.read(AT_ONCE):
            if self._slow.exists():
                await asyncio.sleep(SLOWNESS)
            while self._hang.exists():  # noqa: ASYNC110 a file is what is waited for
                await asyncio.sleep(LOOK)
            target.write(passing)
            await target.drain()
        if target.can_write_eof():
            target.write_eof()

    async def watch(self) -> None:
        """Cut what there is as soon as it is asked for."""
        while True:
            if self._cut.exists():
                for end in self._ends.copy():
                    end.transport.abort()
            await asyncio.sleep(LOOK)


async def serve(folder: Path) -> None:
    """Carry until the process ends."""
    routes: dict[str, tuple[int, int]] = json.loads((folder / "routes.json").read_text())
    links = {port: Link(folder, name, target) for name, (port, target) in routes.items()}
    for port, link in links.items():
        await asyncio.start_server(link.join, HOST, port)
    await asyncio.gather(*(link.watch() for link in links.values()))


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(Path(sys.argv[1])))
