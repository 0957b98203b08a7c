"""Wrong clocks: some programs of a world are told another time than the machine's, which is never touched.

By `libfaketime`, where it is installed: it answers for the C library, so PostgreSQL and Python believe it. The engine
asks the kernel directly and cannot be told so; how its clock and the register's disagree is shown case by case, by
the clockwork. The worker could, and becomes four times as slow: its time-stamp authorities are put wrong instead.
"""

from pathlib import Path
from typing import Final

from local.processes import Program

PLACES: Final = ("/usr/lib", "/usr/lib64", "/usr/local/lib")


def library() -> Path | None:
    """Where `libfaketime` is, or None."""
    found = (file for place in PLACES for file in Path(place).glob("**/faketime/libfaketimeMT.so.1"))
    return next(found, None)


class Clock:
    """The clock of one program, started after this was made."""

    def __init__(self, program: Program, folder: Path, faketime: Path, *, at_once: bool) -> None:
        self._file = folder / f"clock-{program.log.stem}"
        self.offset = 0.0
        self.put(0)
        program.added |= {
            "LD_PRELOAD": str(faketime),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
            # The sessions of one database must not each believe another time; read at each call, it is slow.
            **({"FAKETIME_NO_CACHE": "1"} if at_once else {"FAKETIME_CACHE_DURATION": "1"}),
        }

    def put(self, seconds: float) -> None:
        """Put it this much before the machine's, in one step."""
        self.offset = seconds
        draft = self._file.with_suffix(".new")
        draft.write_text(f"{seconds:+.3f}")
        draft.rename(self._file)
