"""A world that can be broken: links of its own, small disks, wrong clocks; and whoever starts again what has ended."""

import logging
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from local.processes import Program, ProgramFailed, free_port
from local.programs import Service
from local.world import World
from tests.system.chaos import disks, faults
from tests.system.chaos.clocks import Clock, library
from tests.system.chaos.faults import Asked, Fault
from tests.system.chaos.links import Links
from tests.system.chaos.plan import LINKED, OURS, PARTNERS, PROGRAMS, TARGETS, Blow

LINK_FAULTS: Final = {"slow link": "slow", "link that hangs": "hang", "cut link": "cut"}
SWITCHES: Final = {
    "deposit half-written": "cut",
    "agency away": "refuse",
    "mail greylisted": "greylist",
    "mail away": "refuse",
}
REVIVAL: Final = 120.0
"""Seconds in which whatever has ended must run again."""
log = logging.getLogger("chaos")


class Stage:
    """A running world and the means to break it; `missing` says which kinds cannot be had here, and why."""

    def __init__(self, world: World, links: Links, small: dict[str, disks.Disk], wrong: dict[str, Clock]):
        self.world = world
        self.links = links
        self.disks = small
        self.clocks = wrong
        self.fell: Counter[str] = Counter()
        """Programs that ended by themselves."""
        self.missing: dict[str, str] = {}
        if not small:
            self.missing["full disk"] = "needs root, and the right to mount small disks of one’s own"
        if not wrong:
            for kind in ("wrong clock", "register's clock steps"):
                self.missing[kind] = "libfaketime is missing (apt install faketime)"

    @property
    def kinds(self) -> list[str]:
        """The kinds of faults that can be had here."""
        return [kind for kind in TARGETS if kind not in self.missing]

    def fault(self, blow: Blow) -> Fault:
        """Make the fault that a blow of the plan asks for."""
        world, target = self.world, blow.target
        match blow.kind:
            case "kill":
                return faults.Killed(self.program(target))
            case "pause":
                return faults.Paused(self.program(target))
            case "full disk":
                return faults.FullDisk(self.disks[target])
            case "wrong clock":
                return faults.WrongClock(self.clocks[target], blow.amount)
            case "register's clock steps":
                return faults.ClockSteps(self.clocks[target], blow.amount)
            case "certificate expired":
                holder = world.authorities.folder / target
                return faults.ExpiredCertificate(world.authorities.folder, holder, world.worker)
            case "certificates revoked":
                return Asked.of(world.authorities, "revoke")
            case "establishments away":
                return Asked.of(world.companies, target)
            case "time-stamps away":
                return Asked.of(world.authorities, *(f"refuse-{each}" for each in _authorities(target)))
            case "time-stamp lies":
                lie, _, who = target.partition(" of ")
                return Asked.of(world.authorities, *(f"{lie}-{each}" for each in _authorities(who)))
            case kind if kind in LINK_FAULTS:
                return Asked.of(self.links, f"{LINK_FAULTS[kind]}-{target}")
            case kind:
                part = self.program(target)
                assert isinstance(part, Service), kind
                return Asked.of(part, SWITCHES[kind])

    def program(self, name: str) -> Program:
        """One part of the world."""
        found = getattr(self.world, name)
        assert isinstance(found, Program)
        return found

    def gone(self) -> set[str]:
        """Parts that do not run."""
        return {name for name in (*PROGRAMS, *PARTNERS) if not self.program(name).running}

    def revive(self) -> None:
        """Start again whatever has ended, as a supervisor would, as often as it takes."""
        limit = time.monotonic() + REVIVAL
        while gone := self.gone():
            for name in sorted(gone, key=[*PROGRAMS, *PARTNERS].index):
                try:
                    self.program(name).start()
                except ProgramFailed as failed:
                    if time.monotonic() > limit:
                        raise
                    log.info("%s: %s", name, str(failed).splitlines()[-1])
                    time.sleep(0.5)


def _authorities(who: str) -> tuple[str, ...]:
    return ("first", "second") if who == "both" else (who,)


@contextmanager
def a_stage(folder: Path, *, clocks: bool = True) -> Iterator[Stage]:
    """Start a world in a folder, with all the means to break it that can be had here."""
    with ExitStack() as running:
        world = World(folder, headless=True)
        small: dict[str, disks.Disk] = {}
        if disks.possible():
            small = {name: disks.Disk(world.folder / name) for name in ("postgres", "engine")}
        for disk in small.values():
            running.callback(disk.remove)
        wrong: dict[str, Clock] = {}
        if clocks and (faketime := library()):
            told = (name for kind in ("wrong clock", "register's clock steps") for name in TARGETS[kind])
            wrong = {
                name: Clock(getattr(world, name), world.folder, faketime, at_once=name == "postgres")
                for name in told
            }
        running.callback(world.stop)
        world.postgres.start()  # its address has a password that is made then
        links = _linked(world)
        links.start()
        running.callback(links.stop)
        running.enter_context(world)
        yield Stage(world, links, small, wrong)


def _linked(world: World) -> Links:
    """Put a link between each of our programs and each part that it speaks with."""
    behind = {
        "register": world.postgres.port,
        "engine": world.engine.port,
        "timestamps": urlsplit(world.authorities.url).port,
        "agency": urlsplit(world.agency.address).port,
        "mail": urlsplit(world.mail.address).port,
    }
    routes = {name: (free_port(), behind[name.partition("-")[2]] or 0) for name in LINKED}
    given = world.environment
    ways = {
        "register": "TACITE_DATABASE",
        "engine": "TACITE_ENGINE",
        "timestamps": "TACITE_TIMESTAMPS",
        "agency": "TACITE_AGENCY",
        "mail": "TACITE_MAIL",
    }
    for name, (port, target) in routes.items():
        ours, _, part = name.partition("-")
        variable = ways[part]
        getattr(world, ours).added[variable] = given[variable].replace(f":{target}", f":{port}")
    assert set(OURS) == {name.partition("-")[0] for name in LINKED}
    return Links(world.folder / "links", routes)
