"""Run a command that dies with the process that started it, even when that one is killed.

`python die_with_parent.py SIGNAL PARENT COMMAND…`: asks the kernel (Linux) for SIGNAL at the death of the parent, then
becomes the command. A program of its own and not `preexec_fn`, which is unsafe in a parent that has threads.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main(signal: int, parent: int, command: list[str]) -> None:
    """Become `command`, tied to `parent`; raises `OSError` when the kernel refuses."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != parent:  # it died before the request: the kernel would send no signal
        sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
