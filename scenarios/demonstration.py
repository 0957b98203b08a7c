"""`tacite demo`: start a world, play every scenario through its HTTP interface, keep the documents, stop it."""

import asyncio
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from cli.terminal import CommandError, ExitCode, say
from local import enrolment, people
from local.caller import Refused
from local.up import running
from local.world import World
from models.store.audit import verdicts
from models.store.database import Database
from models.store.journal import events
from models.store.people.accounts import Establishment
from scenarios.archive import Archive, OpenArchiver, empty
from scenarios.cast import Cast
from scenarios.claims import Claims
from scenarios.dossier import Dossier, Stuck, View
from scenarios.report import CaseReport, Lateness, Report, versions
from scenarios.scenes import IN_AN_OUTAGE, IN_PARALLEL, Scenario, own_request

THREADS: Final = 32
"""Calls under way at once; each scenario waits for its own."""
AUTHORIZED: Final = ("granted", "tacit")


def run(out: Path, bodies: Sequence[Mapping[str, object]], open_archiver: OpenArchiver, version: str) -> Report:
    """Play everything into `out`; `bodies` are the user's own requests, `version` is that of Tacite.

    Raises `CommandError` when a scenario does not go as it must, or a part does not start.
    """
    scenarios = _scenarios(bodies)
    empty(out)
    with (
        tempfile.TemporaryDirectory(prefix="tacite-") as folder,
        running(Path(folder), headless=True) as world,
        Database(world.postgres.dsn, size=8) as database,
    ):
        archive = Archive(out, open_archiver(world.environment))
        demonstration = _Demonstration(world, database, archive)
        try:
            cases = asyncio.run(demonstration.play(scenarios))
        except ExceptionGroup as failed:
            expected, rest = failed.split(Stuck)
            if expected is None or rest is not None:
                raise
            raise CommandError(ExitCode.NEGATIVE, "\n".join(str(each) for each in expected.exceptions)) from failed
        _refuse_broken(database)
        trust = [each for each in (world.authorities.folder / "trust").iterdir() if each.suffix in (".pem", ".json")]
        deposits = archive.close(trust, world.agency.deposits.iterdir())
    return Report(cases=tuple(cases), lateness=Lateness.of(cases), deposits=deposits, versions=versions(version))


def _refuse_broken(database: Database) -> None:
    """Raise `CommandError` unless every row is what events state, and every event may come where it is."""
    with database.snapshot() as connection:
        found = verdicts.examine(connection, lambda *_: None, everything=True, offsets=True).broken
    if found:
        told = (f"{each.subject} n° {each.seq} : {each.what}" for each in found)
        raise CommandError(ExitCode.NEGATIVE, "\n".join(["Le registre de la démonstration n’est pas intact :", *told]))


def read_bodies(file: Path) -> list[dict[str, object]]:
    """Read the user's own requests: a JSON list of bodies as `POST /requests` takes them; raises `CommandError`."""
    try:
        return TypeAdapter(list[dict[str, object]]).validate_json(file.read_bytes())
    except (OSError, ValidationError) as wrong:
        raise CommandError(ExitCode.MISUSE, f"{file} doit être une liste JSON de demandes.") from wrong


def scenario_labels(bodies: Sequence[Mapping[str, object]]) -> dict[str, str]:
    """The French label of each scenario, by name."""
    return {scenario.name: scenario.label for scenario in _scenarios(bodies)}


def _scenarios(bodies: Sequence[Mapping[str, object]]) -> list[Scenario]:
    return [
        *IN_AN_OUTAGE,
        *IN_PARALLEL,
        *(own_request(number, body) for number, body in enumerate(bodies, start=1)),
    ]


def _establishments(scenarios: Sequence[Scenario]) -> list[Establishment]:
    """One establishment for each scenario, so that none disturbs another."""
    fictional = [people.fictional(number, scenario.department) for number, scenario in enumerate(scenarios, start=1)]
    return [
        establishment.model_copy(update={"siret": scenario.siret or establishment.siret})
        for scenario, establishment in zip(scenarios, fictional, strict=True)
    ]


class _Demonstration:
    """One demonstration: its world, its register, the folder that it leaves."""

    def __init__(self, world: World, database: Database, archive: Archive) -> None:
        self._world = world
        self._database = database
        self._archive = archive

    async def play(self, scenarios: Sequence[Scenario]) -> list[CaseReport]:
        """Play every scenario, those of the outage first; raises `ExceptionGroup` of `Stuck`."""
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS))
        establishments = _establishments(scenarios)
        cast = await self._assemble(establishments)
        tasks: list[asyncio.Task[CaseReport]] = []
        for in_outage in (True, False):
            async with asyncio.TaskGroup() as together:
                for scenario, establishment in zip(scenarios, establishments, strict=True):
                    if (scenario in IN_AN_OUTAGE) is in_outage:
                        dossier = Dossier(cast, establishment.siret)
                        tasks.append(together.create_task(self._play(scenario, dossier)))
        return [task.result() for task in tasks]

    async def _assemble(self, establishments: Sequence[Establishment]) -> Cast:
        """Assemble the cast, and archive the first enrolment receipt."""
        began, siret = time.monotonic(), establishments[0].siret
        people.list_all(self._world.companies, establishments)
        try:
            cast = await Cast.assemble(self._world, self._database, establishments, parties=len(IN_AN_OUTAGE))
            receipt = await enrolment.get_receipt(cast.employer, siret)
        except (Refused, enrolment.NoMail) as failed:
            raise ExceptionGroup("enrolment", [Stuck(f"Adhésion : {failed}")]) from failed
        await self._archive.add(receipt, "enrolment_receipt", siret, f"enrolments/{siret}.pdf")
        say(f"Adhésion de {len(establishments)} établissements, codes reçus par courriel : {_seconds(began)}")
        return cast

    async def _play(self, scenario: Scenario, dossier: Dossier) -> CaseReport:
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
            await dossier.wait_for("handed_to_asp")
        claims = await Claims(dossier).list_all()
        files = [await self._archive_document(dossier, each) for each in _documents(view)]
        return CaseReport.of(scenario.name, view, files, await asyncio.to_thread(self._deposit, view), claims)

    async def _archive_document(self, dossier: Dossier, document: Mapping[str, object]) -> str:
        """Archive a document of a case; returns its path in the folder."""
        path = f"/requests/{dossier.reference}/documents/{document['id']}"
        file = f"documents/{document['number']}-{document['kind']}.pdf"
        signed = (await dossier.employer.get(path)).raw
        kind, number = str(document["kind"]), str(document["number"])
        await self._archive.add(signed, kind, number, file, str(dossier.reference))
        return file

    def _deposit(self, view: View) -> str | None:
        """Name of the file in which the agency received a case, which the API does not show."""
        with self._database.begin() as connection:
            journal = events.list_of(connection, str(view["reference"]))
        return next((f"deposits/{e.data['deposit']}" for e in journal if e.type == "handed_to_asp"), None)


def _seconds(since: float) -> str:
    return f"{time.monotonic() - since:.1f} s".replace(".", ",")


def _documents(view: View) -> list[Mapping[str, object]]:
    documents = view["documents"]
    return documents if isinstance(documents, list) else []
