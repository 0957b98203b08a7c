"""TCP proxies between our programs and their dependencies, so that each link can be slowed, blocked or cut.

`python -m tests.system.chaos.links FOLDER` listens on the loopback ports of FOLDER/routes.json (name → [port,
target port]). While these files are in FOLDER: `slow-NAME` delays all data, `hang-NAME` blocks it,
`cut-NAME` closes open connections and refuses new ones.
"""

import asyncio
import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from local.programs import Service

DELAY_SECONDS: Final = 0.15
"""Delay of a slow link in seconds, each way."""
POLL_SECONDS: Final = 0.05
CHUNK_BYTES: Final = 65_536
HOST: Final = "127.0.0.1"


class Links(Service):
    """All links of a world: `routes` gives for each name the port to connect to and its target port."""

    def __init__(self, folder: Path, routes: dict[str, tuple[int, int]]) -> None:
        super().__init__("Liaisons", "tests.system.chaos.links", folder, *(port for port, _ in routes.values()))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "routes.json").write_text(json.dumps(routes))

    def command(self) -> list[str]:
        """The module and its folder, which holds the ports."""
        return [sys.executable, "-m", self.module, str(self.folder)]


class Link:
    """One link: forwards connections from one port to another, both ways."""

    def __init__(self, folder: Path, name: str, target: int) -> None:
        self._slow, self._hang, self._cut = (folder / f"{how}-{name}" for how in ("slow", "hang", "cut"))
        self._target = target
        self._ends: set[asyncio.StreamWriter] = set()

    async def carry_connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Forward one connection until either end closes it."""
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
        while chunk := await source.read(CHUNK_BYTES):
            if self._slow.exists():
                await asyncio.sleep(DELAY_SECONDS)
            while self._hang.exists():  # noqa: ASYNC110 waits for a file
                await asyncio.sleep(POLL_SECONDS)
            target.write(chunk)
            await target.drain()
        if target.can_write_eof():
            target.write_eof()

    async def watch(self) -> None:
        """Close open connections as soon as a cut is requested."""
        while True:
            if self._cut.exists():
                for end in self._ends.copy():
                    end.transport.abort()
            await asyncio.sleep(POLL_SECONDS)


async def serve(folder: Path) -> None:
    """Forward until the process ends."""
    routes: dict[str, tuple[int, int]] = json.loads((folder / "routes.json").read_text())
    links = {port: Link(folder, name, target) for name, (port, target) in routes.items()}
    for port, link in links.items():
        await asyncio.start_server(link.carry_connection, HOST, port)
    await asyncio.gather(*(link.watch() for link in links.values()))


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(Path(sys.argv[1])))
