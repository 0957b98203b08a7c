"""Small disks of memory under the folders of a world, filled up and emptied without writing a byte.

Mounted in the mount namespace of this process only, which `python -m tests.system.chaos` makes for itself: the
machine's own disks are never touched, and nothing stays mounted when the process ends.
"""

import os
import subprocess
from pathlib import Path
from typing import Final

SIZE: Final = "4g"
"""Room of an empty one; memory is taken only by what is written."""
MARK: Final = "TACITE_OWN_MOUNTS"
"""Variable that says that this process has mounts of its own."""


def with_own_mounts(command: list[str]) -> list[str]:
    """Return the command run with mounts of its own, or as it is where the system forbids that."""
    inside = ["unshare", "--mount", "--"]
    allowed = (
        os.geteuid() == 0
        and subprocess.run([*inside, "true"], capture_output=True, check=False).returncode == 0
    )
    return [*inside, "env", f"{MARK}=1", *command] if allowed else command


def possible() -> bool:
    """Whether small disks may be mounted here without anybody else seeing them."""
    return os.environ.get(MARK) == "1"


class Disk:
    """One small disk on a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True)
        self._mount("-t", "tmpfs", "-o", f"size={SIZE},mode=0700", "tacite-chaos")

    def fill(self) -> None:
        """Leave no room: nothing more can be written than is written."""
        state = os.statvfs(self.folder)
        used = (state.f_blocks - state.f_bfree) * state.f_frsize
        self._mount("-o", f"remount,size={used}")

    def empty(self) -> None:
        """Make room again."""
        self._mount("-o", f"remount,size={SIZE}")

    def remove(self) -> None:
        """Let go of it, with all that it holds."""
        subprocess.run(["umount", "--lazy", str(self.folder)], check=True, capture_output=True)

    def _mount(self, *how: str) -> None:
        subprocess.run(["mount", *how, str(self.folder)], check=True, capture_output=True)
