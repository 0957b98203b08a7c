"""What a process gives up before it reads one byte of a stranger: Linux only.

Nothing can be opened afterwards, because the process already holds as many descriptors as its limit: one, the
connection. That is how it has neither files nor network, also outside a container.
"""

import ctypes
import os
import resource
import signal
import sys
from dataclasses import dataclass
from typing import Final

from examining import system_calls

CPU_SECONDS: Final = 10
"""Time of processor that one file may take."""
MEMORY_BYTES: Final = 400 * 1024 * 1024
"""Address space that one file may take, beyond what the program itself has."""
NICENESS: Final = 5
"""Judging files gives way to the program that accepts them; all of them together weigh as much as one program."""

PR_SET_PDEATHSIG: Final = 1
PR_SET_DUMPABLE: Final = 4
PR_SET_NO_NEW_PRIVS: Final = 38
CONNECTION: Final = 0
"""Descriptor of the connection, the only one that is left."""

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Parent:
    """What a child needs to know of the process that forked it."""

    pid: int
    address_space: int
    """Bytes."""
    filters: bool
    """Whether children leave themselves a few system calls only."""


def this_process() -> Parent:
    """Describe this process, once everything is loaded."""
    with open("/proc/self/statm", encoding="ascii") as pages:  # noqa: PTH123
        return Parent(os.getpid(), int(pages.read().split()[0]) * resource.getpagesize(), system_calls.available())


def harden_parent(max_descriptors: int) -> None:
    """Make this process unreadable by others of the same user, and bound its descriptors."""
    _prctl(PR_SET_DUMPABLE, 0)
    _prctl(PR_SET_NO_NEW_PRIVS, 1)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (max_descriptors, max_descriptors))


def die_with_parent() -> None:
    """Have the kernel end this process with the one that started it."""
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def confine(parent: Parent, connection: int) -> None:
    """Give up everything but one connection, which becomes `CONNECTION`; raises `OSError` when it cannot."""
    os.setpgid(0, 0)  # to be killed as a group; no session of its own, which Linux would give a program's share
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent.pid:  # it died before the request: the kernel would send no signal
        os._exit(1)
    _prctl(PR_SET_NO_NEW_PRIVS, 1)
    _prctl(PR_SET_DUMPABLE, 0)
    os.nice(NICENESS)
    os.environ.clear()
    os.dup2(connection, CONNECTION)
    os.closerange(CONNECTION + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    _limit(parent.address_space)


def _limit(address_space: int) -> None:
    for limit, most in (
        (resource.RLIMIT_AS, address_space + MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, CONNECTION + 1),
    ):
        resource.setrlimit(limit, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))


def _prctl(option: int, value: int) -> None:
    if _libc.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"prctl {option}")


assert sys.platform == "linux"  # noqa: S101 -- for the type checker: prctl and rlimits are Linux's
