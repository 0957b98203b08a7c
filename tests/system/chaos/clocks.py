"""Wrong clocks: some programs of a world get another time than the machine's, whose clock is never touched.

It uses `libfaketime`, where installed, which replaces C library calls and so works for PostgreSQL and Python. The
engine calls the kernel directly and is not affected; disagreement between its clock and the register's is tried case
by case, by time travel. The worker would become four times as slow: its time-stamp authorities are set wrong instead.
"""

from pathlib import Path
from typing import Final

from local.processes import Program

LIBRARY_FOLDERS: Final = ("/usr/lib", "/usr/lib64", "/usr/local/lib")


def library() -> Path | None:
    """Return the path of `libfaketime`, or None."""
    candidates = (file for folder in LIBRARY_FOLDERS for file in Path(folder).glob("**/faketime/libfaketimeMT.so.1"))
    return next(candidates, None)


class Clock:
    """The clock of one program; create it before starting the program."""

    def __init__(self, program: Program, folder: Path, faketime: Path, *, at_once: bool) -> None:
        self._file = folder / f"clock-{program.log.stem}"
        self.offset = 0.0
        self.set_offset(0)
        program.added |= {
            "LD_PRELOAD": str(faketime),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
            # The sessions of one database must agree on the time, so it is read at each call, which is slow.
            **({"FAKETIME_NO_CACHE": "1"} if at_once else {"FAKETIME_CACHE_DURATION": "1"}),
        }

    def set_offset(self, seconds: float) -> None:
        """Set the clock this far ahead of the machine's, in one step."""
        self.offset = seconds
        draft = self._file.with_suffix(".new")
        draft.write_text(f"{seconds:+.3f}")
        draft.rename(self._file)
