"""The program as a whole: what it refuses to start with, where it listens, until when it serves."""

import gc
import logging
import os
import signal
import socket
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from examining import confinement
from examining.kinds import Examination
from examining.lines import log
from examining.server import ACCEPT_BACKLOG, MAX_CHILDREN, MAX_SILENT, MAX_WAITING, Server
from models.examination import addresses

SETTING: Final = "TACITE_EXAMINING"
"""Where to listen: `unix:/path`, or a loopback `host:port`."""
HARMLESS: Final = {SETTING, "TACITE_HTTP"}
"""Settings that may be there: ours, and the one that the image gives to all programs."""
SECRETS: Final = Path("/run/secrets")
"""Folder of the secrets of a container: this program is given none."""
EXIT_DONE: Final = 0
EXIT_MISSING: Final = 3
"""Exit code of a program that lacks something, or has something, that it cannot run with."""
MAX_DESCRIPTORS: Final = 16 + MAX_CHILDREN + MAX_WAITING + MAX_SILENT


class CannotRun(Exception):
    """The program refuses to start; the message is for the operator."""


def check_environment(names: Iterable[str]) -> None:
    """Raise `CannotRun` if the environment has any other setting than ours, or a secret is within reach."""
    foreign = sorted(name for name in names if name.startswith("TACITE_") and name not in HARMLESS)
    if foreign:
        raise CannotRun(f"Ce programme lit ce que des inconnus envoient : retirez-lui {', '.join(foreign)}.")
    if SECRETS.is_dir() and any(each.is_file() for each in SECRETS.iterdir()):
        raise CannotRun(f"Ce programme lit ce que des inconnus envoient : ne lui donnez aucun secret ({SECRETS}).")


def listen(address: str) -> socket.socket:
    """Listen; raises `CannotRun` when the address is missing, not local, or in use."""
    try:
        family, where = addresses.parse(address)
    except ValueError as wrong:
        raise CannotRun(f"{SETTING} est unix:/chemin ou une adresse de boucle locale, hôte:port.") from wrong
    if isinstance(where, str):
        _remove_stale(where)
    listener = socket.socket(family, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(where)
    except OSError as wrong:
        raise CannotRun(f"{SETTING} : impossible d’écouter sur {address} ({wrong.strerror}).") from wrong
    finally:
        os.umask(before)
    listener.listen(ACCEPT_BACKLOG)
    listener.setblocking(False)
    return listener


def _remove_stale(path: str) -> None:
    """Remove a socket that nobody listens on any more."""
    if not Path(path).is_socket():
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        if probe.connect_ex(path) == 0:
            raise CannotRun(f"{SETTING} : un autre programme écoute déjà sur {path}.")
    Path(path).unlink()


def main(environment: Mapping[str, str], examinations: Mapping[str, Examination], *, apart: bool = True) -> int:
    """Listen, warm everything up, serve until SIGTERM or SIGINT; returns the exit code.

    A program that lives `apart` refuses secrets within its reach; without it, only its children have none.
    """
    try:
        if apart:
            check_environment(environment)
        listener = listen(environment.get(SETTING, ""))
    except CannotRun as wrong:
        log("examining_refuses", message=str(wrong))
        return EXIT_MISSING
    logging.disable(logging.CRITICAL)  # what a library says of a file is of no use, and may be without end
    confinement.harden_parent(MAX_DESCRIPTORS)
    for each in examinations.values():
        each.warm()
    gc.collect()
    gc.freeze()  # children share these pages as long as nobody writes to them
    wake, woken = socket.socketpair()
    with listener, wake, woken:
        parent = confinement.this_process()
        server = Server(listener, parent, examinations)
        _hear_signals(server, wake, woken)
        log(
            "examining_ready",
            address=environment[SETTING],
            kinds=" ".join(examinations),
            system_calls_filtered=parent.filters,
        )
        server.serve(wake)
    log("examining_stopped")
    return EXIT_DONE


def _hear_signals(server: Server, wake: socket.socket, woken: socket.socket) -> None:
    """Make each signal readable at `wake`, and SIGTERM or SIGINT the end."""
    for each in (wake, woken):
        each.setblocking(False)
    signal.set_wakeup_fd(woken.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: server.stop())
