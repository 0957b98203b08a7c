"""A filter of system calls (seccomp): what is left to a process that judges is its memory, its connection and its end.

An addition to the limits: it also keeps a process from signalling others of its user, from raising a limit as root,
and from whatever a kernel adds. Everything that is not listed fails with EPERM.
"""

import ctypes
import platform
import struct
from errno import EPERM
from typing import Final

PR_GET_SECCOMP: Final = 21
PR_SET_SECCOMP: Final = 22
FILTER_MODE: Final = 2

ALLOWED: Final[dict[str, tuple[int, dict[str, int]]]] = {
    "x86_64": (
        0xC000003E,
        {
            "read": 0, "write": 1, "close": 3, "fstat": 5, "poll": 7, "lseek": 8, "mmap": 9, "mprotect": 10,
            "munmap": 11, "brk": 12, "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15, "sched_yield": 24,
            "mremap": 25, "madvise": 28, "nanosleep": 35, "getpid": 39, "sendto": 44, "recvfrom": 45, "exit": 60,
            "sigaltstack": 131, "gettid": 186, "futex": 202, "sched_getaffinity": 204,
            "clock_gettime": 228, "clock_nanosleep": 230, "exit_group": 231, "getrandom": 318, "rseq": 334,
        },
    ),
    "aarch64": (
        0xC00000B7,
        {
            "close": 57, "lseek": 62, "read": 63, "write": 64, "ppoll": 73, "fstat": 80, "exit": 93, "exit_group": 94,
            "futex": 98, "nanosleep": 101, "clock_gettime": 113, "clock_nanosleep": 115, "sched_getaffinity": 123,
            "sched_yield": 124, "sigaltstack": 132, "rt_sigaction": 134, "rt_sigprocmask": 135, "rt_sigreturn": 139,
            "getpid": 172, "gettid": 178, "sendto": 206, "recvfrom": 207, "brk": 214, "munmap": 215,
            "mremap": 216, "mmap": 222, "mprotect": 226, "madvise": 233, "getrandom": 278, "rseq": 293,
        },
    ),
}  # fmt: skip
"""Architecture → its number for the kernel, and the numbers of the calls that are left."""

LOAD: Final = 0x20
JUMP_IF_EQUAL: Final = 0x15
RETURN: Final = 0x06
ALLOW: Final = 0x7FFF0000
REFUSE: Final = 0x00050000 | EPERM
KILL: Final = 0x80000000
NUMBER_AT: Final = 0
ARCHITECTURE_AT: Final = 4

_libc = ctypes.CDLL(None, use_errno=True)


class _Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def available() -> bool:
    """Whether this machine has the filter, and we its numbers."""
    return platform.machine() in ALLOWED and _libc.prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0


def restrict() -> None:
    """Leave this process the calls that are listed, for ever; raises `OSError`. Needs no_new_privs."""
    code = _instructions(*ALLOWED[platform.machine()])
    program = _Program(len(code) // 8, code)
    if _libc.prctl(PR_SET_SECCOMP, FILTER_MODE, ctypes.byref(program), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "seccomp")


def _instructions(architecture: int, calls: dict[str, int]) -> bytes:
    """Compile: another architecture is killed, a listed call is allowed, any other is refused."""
    numbers = sorted(calls.values())
    program = [
        (LOAD, 0, 0, ARCHITECTURE_AT),
        (JUMP_IF_EQUAL, 1, 0, architecture),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER_AT),
        *((JUMP_IF_EQUAL, len(numbers) - at, 0, number) for at, number in enumerate(numbers)),
        (RETURN, 0, 0, REFUSE),
        (RETURN, 0, 0, ALLOW),
    ]
    return b"".join(struct.pack("=HBBI", *each) for each in program)
