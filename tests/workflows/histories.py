"""Stores the unencrypted history of every path under `histories/`: `make histories`.

From the first release on, stored histories are never edited.
A path that has one gets another only in a new folder: pass the release as argument.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from local.engine import Engine
from local.postgres import Postgres
from models.store.database import Database
from models.store.migrate import migrate
from tests.workflows.conftest import Stage, open_stage
from tests.workflows.paths import PATHS

FOLDER = Path(__file__).parent / "histories"


def every_path() -> dict[str, Callable[[Stage], Awaitable[str]]]:
    """Return the paths of `paths`, and those that the test of a process lists as its own `PATHS`, by name."""
    tests = (file.stem for file in sorted(FOLDER.parent.glob("test_*.py")))
    modules = [import_module(f"tests.workflows.{test}") for test in tests]
    return PATHS | {path.__name__: path for each in modules for path in getattr(each, "PATHS", ())}


async def main(release: str, *names: str) -> None:
    """Run the named paths (all by default) on a real engine and store their histories."""
    folder = FOLDER / release
    folder.mkdir(parents=True, exist_ok=True)
    paths = {name: path for name, path in every_path().items() if name in names or not names}
    with TemporaryDirectory() as temporary:
        postgres = Postgres(Path(temporary) / "postgres", durable=False)
        engine = Engine(Path(temporary) / "engine", headless=True, namespaces=list(paths))
        postgres.start()
        engine.start()
        for name, path in paths.items():
            await _store(path, folder / f"{name}.json", postgres, engine)
        engine.stop()
        postgres.stop()


async def _store(path: Callable[[Stage], Awaitable[str]], file: Path, postgres: Postgres, engine: Engine) -> None:
    dsn = postgres.database(file.stem)
    migrate(dsn)
    with Database(dsn) as database:
        async with open_stage(database, engine.address, file.stem, plain=True) as stage:
            workflow_id = await path(stage)
            history = await stage.client.get_workflow_handle(workflow_id).fetch_history()
    file.write_text(history.to_json() + "\n")
    sys.stderr.write(f"{file.name}: {len(history.events)} événements\n")


if __name__ == "__main__":
    asyncio.run(main(*(sys.argv[1:] or ["0.1"])))
