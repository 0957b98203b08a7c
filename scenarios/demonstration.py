"""`tacite demo`: a world of its own, every scenario through its doors, and what is left once it has stopped."""

import asyncio
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Final, Protocol

from pydantic import TypeAdapter, ValidationError

from cli.terminal import Code, Ended, say
from local import enrolling, people
from local.caller import Caller, Refused
from local.engine import NAMESPACE
from local.time_travel import Clockwork
from local.up import running
from local.world import World
from models.engine.client import connect
from models.engine.keys import MasterKey
from models.messages.verification import KeptDocument
from models.store.database import Database
from models.store.journal import events
from models.store.journal.keys import StoredKeys
from models.store.people.accounts import Establishment
from scenarios.dossier import Cast, Dossier, Outage, Stuck, View
from scenarios.report import CaseReport, Lateness, Report, versions
from scenarios.scenes import IN_AN_OUTAGE, IN_PARALLEL, Scenario, yours

THREADS: Final = 32
"""Calls under way at once; each scenario waits for its own."""
ARCHIVING: Final = 2
"""Documents archived at once: it is the processor that is scarce."""
LEFT: Final = ("documents", "deposits", "trust", "enrolments")
"""Folders that a demonstration leaves, emptied first."""
AUTHORIZED: Final = ("granted", "tacit")


class Keeper(Protocol):
    """Makes documents outlive the world: holds its seal, speaks to its authorities."""

    def archive(self, pdf: bytes) -> bytes:
        """The document at level B-LTA."""

    def extract(self, documents: Sequence[KeptDocument]) -> bytes:
        """The signed list of documents."""


def run(
    out: Path, bodies: Sequence[Mapping[str, object]], keeper: Callable[[World], Keeper], ours: str
) -> Report:
    """Play everything into `out`; `bodies` are requests of the user's own, `ours` is our version.

    Raises `Ended` when a scenario does not go as it must, or a part does not start.
    """
    scenarios, places = _with_places(bodies)
    _empty(out)
    with (
        tempfile.TemporaryDirectory(prefix="tacite-") as folder,
        running(Path(folder), headless=True) as world,
        Database(world.postgres.dsn, size=8) as database,
    ):
        demo = _Demo(world, database, keeper(world), out)
        try:
            cases = asyncio.run(demo.play(scenarios, places))
        except ExceptionGroup as failed:
            expected, rest = failed.split(Stuck)
            if expected is None or rest is not None:
                raise
            raise Ended(Code.NEGATIVE, "\n".join(str(each) for each in expected.exceptions)) from failed
        deposits = demo.leave()
    return Report(cases=tuple(cases), lateness=Lateness.of(cases), deposits=deposits, versions=versions(ours))


def bodies_of(file: Path) -> list[dict[str, object]]:
    """Read requests of the user's own: a JSON list of bodies as `POST /requests` takes them; raises `Ended`."""
    try:
        return TypeAdapter(list[dict[str, object]]).validate_json(file.read_bytes())
    except (OSError, ValidationError) as wrong:
        raise Ended(Code.MISUSE, f"{file} doit être une liste JSON de demandes.") from wrong


def labels(bodies: Sequence[Mapping[str, object]]) -> dict[str, str]:
    """What people call each scenario."""
    return {scenario.name: scenario.label for scenario in _with_places(bodies)[0]}


def _with_places(bodies: Sequence[Mapping[str, object]]) -> tuple[list[Scenario], list[Establishment]]:
    """Every scenario with an establishment of its own, so that none disturbs another."""
    scenarios = [*IN_AN_OUTAGE, *IN_PARALLEL]
    scenarios += [yours(number, body) for number, body in enumerate(bodies, start=1)]
    places = []
    for number, scenario in enumerate(scenarios, start=1):
        place = people.fictional(number, scenario.department)
        places.append(place.model_copy(update={"siret": scenario.siret or place.siret}))
    return scenarios, places


def _empty(out: Path) -> None:
    for name in LEFT:
        shutil.rmtree(out / name, ignore_errors=True)
        (out / name).mkdir(parents=True)
    (out / "register.json").unlink(missing_ok=True)


class _Demo:
    """One demonstration: its world, its register, what it keeps and where."""

    def __init__(self, world: World, database: Database, keeper: Keeper, out: Path) -> None:
        self._world = world
        self._database = database
        self._keeper = keeper
        self._out = out
        self._kept: list[KeptDocument] = []
        self._slots = asyncio.Semaphore(ARCHIVING)

    async def play(self, scenarios: Sequence[Scenario], places: Sequence[Establishment]) -> list[CaseReport]:
        """Play every scenario, those of the outage first; raises `ExceptionGroup` of `Stuck`."""
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS))
        cast = await self._cast(places)
        told: list[asyncio.Task[CaseReport]] = []
        for broken in (True, False):
            async with asyncio.TaskGroup() as together:
                for scenario, place in zip(scenarios, places, strict=True):
                    if (scenario in IN_AN_OUTAGE) is broken:
                        told.append(together.create_task(self._tell(scenario, Dossier(cast, place.siret))))
        return [task.result() for task in told]

    async def _cast(self, places: Sequence[Establishment]) -> Cast:
        tokens = await self._people(places)
        keys = StoredKeys(self._database, MasterKey(self._world.master_key))
        engine = await connect(self._world.engine.address, NAMESPACE, keys)
        employer, agent, operator = (
            Caller(self._world.site, token) for token in (tokens.employer, tokens.agent, tokens.operator)
        )
        outage = Outage(self._world.authorities.folder, len(IN_AN_OUTAGE))
        return Cast(employer, agent, operator, Clockwork(self._database, engine), engine, outage)

    async def _people(self, places: Sequence[Establishment]) -> people.Tokens:
        """Everybody's token: the employer enrols for every place, and the receipt of the first is left."""
        began, site = time.monotonic(), self._world.site
        try:
            tokens = await people.open_all(self._database, site, self._world.mail.folder, places)
            signed = await enrolling.receipt(Caller(site, tokens.employer), places[0].siret)
        except (Refused, enrolling.NoMail) as failed:
            raise ExceptionGroup("enrolment", [Stuck(f"Adhésion : {failed}")]) from failed
        await self._archive(signed, "enrolment_receipt", places[0].siret, f"enrolments/{places[0].siret}.pdf")
        say(f"Adhésion de {len(places)} établissements, codes reçus par courriel : {_seconds(began)}")
        return tokens

    async def _archive(self, signed: bytes, kind: str, number: str, file: str, reference: str = "") -> None:
        """Archive a document, leave it in the folder, list it in the extract."""
        async with self._slots:
            archived = await asyncio.to_thread(self._keeper.archive, signed)
        (self._out / file).write_bytes(archived)
        self._kept.append(
            KeptDocument(
                reference=reference or number,
                kind=kind,
                number=number,
                sha256=sha256(signed).hexdigest(),
                archived_sha256=sha256(archived).hexdigest(),
                file=file,
            )
        )

    async def _tell(self, scenario: Scenario, dossier: Dossier) -> CaseReport:
        began = time.monotonic()
        try:
            await scenario.play(dossier)
        except (Refused, Stuck) as failed:
            raise Stuck(f"{scenario.label} : {failed}") from failed
        say(f"{scenario.label} : {dossier.reference or 'brouillon'}, {_seconds(began)}")
        if dossier.reference is None:
            return CaseReport.lapsed(scenario.name)
        view = await dossier.view()
        if view["outcome"] in AUTHORIZED:
            await dossier.until("handed_to_asp")
        documents = [await self._keep(dossier, found) for found in _documents(view)]
        return CaseReport.of(scenario.name, view, documents, await asyncio.to_thread(self._deposit, view))

    async def _keep(self, dossier: Dossier, found: Mapping[str, object]) -> str:
        """Archive a document of a case and leave it in the folder; returns its path there."""
        path = f"/requests/{dossier.reference}/documents/{found['id']}"
        file = f"documents/{found['number']}-{found['kind']}.pdf"
        signed = (await dossier.employer.get(path)).raw
        await self._archive(signed, str(found["kind"]), str(found["number"]), file, str(dossier.reference))
        return file

    def _deposit(self, view: View) -> str | None:
        """Name of the file in which the agency received a case: the doors do not tell it."""
        with self._database.begin() as connection:
            happened = events.list_of(connection, str(view["reference"]))
        return next((f"deposits/{e.data['deposit']}" for e in happened if e.type == "handed_to_asp"), None)

    def leave(self) -> tuple[str, ...]:
        """Leave anchors, signed extract and the agency's files; returns the paths of the latter."""
        for anchor in (self._world.authorities.folder / "trust").glob("*.pem"):
            shutil.copy(anchor, self._out / "trust")
        (self._out / "register.json").write_bytes(self._keeper.extract(self._kept))
        files = sorted(self._world.agency.deposits.iterdir())
        for file in files:
            shutil.copy(file, self._out / "deposits")
        return tuple(f"deposits/{file.name}" for file in files)


def _seconds(since: float) -> str:
    return f"{time.monotonic() - since:.1f} s".replace(".", ",")


def _documents(view: View) -> list[Mapping[str, object]]:
    documents = view["documents"]
    return documents if isinstance(documents, list) else []
