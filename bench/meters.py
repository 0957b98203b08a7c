"""Processor time and memory of process trees, size of the databases, speed of a core."""

import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path

import psutil
import psycopg
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

MB = 1_000_000
KIB = 1024


def cpu(*pids: int) -> float:
    """Return the processor seconds of processes and their children, ended ones included."""
    return sum(_spent(process) for pid in pids for process in _family(pid))


def memory(*pids: int) -> float:
    """Return the resident memory of processes and their children, in MB."""
    return sum(process.memory_info().rss for pid in pids for process in _family(pid)) / MB


def engine_kib(file: Path) -> float:
    """Return the KiB in use in the engine's database, free pages not counted."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30)) as database:
        pages, free, size = (
            database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
        )
    return float((pages - free) * size / KIB)


def register_kib(dsn: str) -> float:
    """Return the size of the register's database, in KiB."""
    with psycopg.connect(dsn) as session:
        row = session.execute("SELECT pg_database_size(current_database())").fetchone()
    return float(row[0] / KIB) if row else 0.0


def operate(key: RSAPrivateKey) -> bytes:
    """Run one bare key operation."""
    return key.sign(b"banc", PKCS1v15(), SHA256())


def core_speed(operations: int) -> float:
    """Return RSA-3072 operations per second of one core now: a host's speed varies over the day."""
    key = generate_private_key(65_537, 3072)
    began = time.process_time()
    for _ in range(operations):
        operate(key)
    return operations / (time.process_time() - began)


class Meter:
    """Processor time spent by processes since the meter was created, minus their idle consumption."""

    def __init__(self, *pids: int, idle: float = 0.0) -> None:
        self._pids = pids
        self._idle = idle
        self._began = cpu(*pids)

    def spent(self, seconds: float) -> float:
        """Return the processor seconds spent over `seconds` of wall time."""
        return max(cpu(*self._pids) - self._began - self._idle * seconds, 0.0)


def _family(pid: int) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        head = psutil.Process(pid)
        return [head, *head.children(recursive=True)]
    return []


def _spent(process: psutil.Process) -> float:
    with suppress(psutil.NoSuchProcess):
        times = process.cpu_times()
        return float(times.user + times.system + times.children_user + times.children_system)
    return 0.0
