"""A world that can be broken: proxied links, small disks, wrong clocks; and the restart of programs that ended."""

import logging
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from local.ports import free_port
from local.processes import Program, ProgramFailed
from local.programs import Service
from local.visitors import NUMBERS, Visitors
from local.world import World
from models.store.database import Database
from tests.builders import employer, staff
from tests.system.chaos import disks, faults
from tests.system.chaos.clocks import Clock, library
from tests.system.chaos.faults import Fault, SwitchedFault
from tests.system.chaos.links import Links
from tests.system.chaos.plan import LINKED, OUR_PROGRAMS, PARTNERS, PROGRAMS, TARGETS, PlannedFault
from tests.system.people import Person

LINK_FAULTS: Final = {"slow link": "slow", "link that hangs": "hang", "cut link": "cut"}
SWITCHES: Final = {
    "deposit half-written": "cut",
    "agency away": "refuse",
    "mail greylisted": "greylist",
    "mail away": "refuse",
}
RESTART_TIMEOUT_SECONDS: Final = 120.0
"""Seconds within which ended programs must run again."""
MAX_FREEZE_SECONDS: Final = 15.0
"""Of a freeze, which ends by itself."""
log = logging.getLogger("chaos")


class FaultyWorld:
    """A running world and the means to break it; `missing` says which faults are unavailable here, and why."""

    def __init__(self, world: World, links: Links, small_disks: dict[str, disks.Disk], wrong_clocks: dict[str, Clock]):
        self.world = world
        self.links = links
        self.disks = small_disks
        self.clocks = wrong_clocks
        self.unexpected_exits: Counter[str] = Counter()
        """Programs that exited unexpectedly."""
        with Database(world.postgres.dsn, size=2) as database:
            self.visitor_token = employer(database).token
            self._operator = staff(database, "operator")
        self.missing: dict[str, str] = {}
        if not small_disks:
            self.missing["full disk"] = "needs root, and the right to mount small disks of one’s own"
        if not wrong_clocks:
            for kind in ("wrong clock", "register's clock steps"):
                self.missing[kind] = "libfaketime is missing (apt install faketime)"

    @property
    def kinds(self) -> list[str]:
        """The kinds of faults available here."""
        return [kind for kind in TARGETS if kind not in self.missing]

    def fault(self, planned: PlannedFault) -> Fault:
        """Create a planned fault."""
        world, target = self.world, planned.target
        match planned.kind:
            case "kill":
                return faults.KilledProgram(self.program(target))
            case "pause":
                return faults.PausedProgram(self.program(target))
            case "full disk":
                return faults.FullDisk(self.disks[target])
            case "wrong clock":
                return faults.WrongClock(self.clocks[target], planned.amount)
            case "register's clock steps":
                return faults.ClockSteps(self.clocks[target], planned.amount)
            case "certificate expired":
                holder = world.authorities.folder / target
                return faults.ExpiredCertificate(world.authorities.folder, holder, world.worker)
            case "certificates revoked":
                return SwitchedFault.of(world.authorities, "revoke")
            case "hostile visitors":
                return faults.HostileVisitors(Visitors(world, self.visitor_token, _visits(target)))
            case "agency frozen":
                return faults.FrozenChannel(partial(self._freeze, target, planned.amount * MAX_FREEZE_SECONDS))
            case "agency's answers":
                return SwitchedFault.of(world.agency, target)
            case "establishments away":
                return SwitchedFault.of(world.companies, target)
            case "time-stamps away":
                return SwitchedFault.of(world.authorities, *(f"refuse-{each}" for each in _authorities(target)))
            case "time-stamp lies":
                lie, _, who = target.partition(" of ")
                return SwitchedFault.of(world.authorities, *(f"{lie}-{each}" for each in _authorities(who)))
            case kind if kind in LINK_FAULTS:
                return SwitchedFault.of(self.links, f"{LINK_FAULTS[kind]}-{target}")
            case kind:
                part = self.program(target)
                assert isinstance(part, Service), kind
                return SwitchedFault.of(part, SWITCHES[kind])

    def _freeze(self, channel: str, seconds: float) -> None:
        ahead = max((each.offset for name, each in self.clocks.items() if name == "postgres"), default=0.0)
        until_at = datetime.now(UTC) + timedelta(seconds=ahead + seconds)
        body = {"reason": "L’agence annonce une interruption.", "until_at": until_at.isoformat()}
        with Person(self.world, self._operator) as operator, suppress(AssertionError):  # no door answers for minutes
            frozen = operator.post(f"/channels/{channel}/freeze", body)
            log.info("frozen: %s, %d", channel, frozen.status_code)

    def program(self, name: str) -> Program:
        """Return one part of the world."""
        found = getattr(self.world, name)
        assert isinstance(found, Program)
        return found

    def ended_programs(self) -> set[str]:
        """Return the parts that are not running."""
        return {name for name in (*PROGRAMS, *PARTNERS) if not self.program(name).running}

    def restart_ended(self) -> None:
        """Restart ended programs, as a supervisor would, as often as needed."""
        limit = time.monotonic() + RESTART_TIMEOUT_SECONDS
        while ended_programs := self.ended_programs():
            for name in sorted(ended_programs, key=[*PROGRAMS, *PARTNERS].index):
                try:
                    self.program(name).start()
                except ProgramFailed as failed:
                    if time.monotonic() > limit:
                        raise
                    log.info("%s: %s", name, str(failed).splitlines()[-1])
                    time.sleep(0.5)


def _visits(kind: str) -> dict[str, int]:
    return {each: number if kind in (each, "everything") else 0 for each, number in NUMBERS.items()}


def _authorities(who: str) -> tuple[str, ...]:
    return ("first", "second") if who == "both" else (who,)


@contextmanager
def a_faulty_world(folder: Path, *, clocks: bool = True) -> Iterator[FaultyWorld]:
    """Start a world in a folder, with every means to break it that is available here."""
    with ExitStack() as running:
        world = World(folder, headless=True)
        small_disks: dict[str, disks.Disk] = {}
        if disks.possible():
            small_disks = {name: disks.Disk(world.folder / name) for name in ("postgres", "engine")}
        for disk in small_disks.values():
            running.callback(disk.remove)
        wrong_clocks: dict[str, Clock] = {}
        if clocks and (faketime := library()):
            names = (name for kind in ("wrong clock", "register's clock steps") for name in TARGETS[kind])
            wrong_clocks = {
                name: Clock(getattr(world, name), world.folder, faketime, at_once=name == "postgres") for name in names
            }
        running.callback(world.stop)
        world.postgres.start()  # its address contains a password created at start
        links = _link_programs(world)
        links.start()
        running.callback(links.stop)
        running.enter_context(world)
        yield FaultyWorld(world, links, small_disks, wrong_clocks)


def _link_programs(world: World) -> Links:
    """Put a link between each of our programs and each part that it connects to."""
    target_ports = {
        "register": world.postgres.port,
        "engine": world.engine.port,
        "timestamps": urlsplit(world.authorities.url).port,
        "agency": urlsplit(world.agency.address).port,
        "mail": urlsplit(world.mail.address).port,
    }
    routes = {name: (free_port(), target_ports[name.partition("-")[2]] or 0) for name in LINKED}
    environment = world.environment
    variables = {
        "register": "TACITE_DATABASE",
        "engine": "TACITE_ENGINE",
        "timestamps": "TACITE_TIMESTAMPS",
        "agency": "TACITE_AGENCY",
        "mail": "TACITE_MAIL",
    }
    for name, (port, target) in routes.items():
        ours, _, part = name.partition("-")
        variable = variables[part]
        getattr(world, ours).added[variable] = environment[variable].replace(f":{target}", f":{port}")
    assert set(OUR_PROGRAMS) == {name.partition("-")[0] for name in LINKED}
    return Links(world.folder / "links", routes)
