"""Small tmpfs disks under the folders of a world, filled and freed without writing a byte.

They are mounted only in the private mount namespace that `python -m tests.system.chaos` creates: the machine's own
disks are never touched, and nothing stays mounted when the process ends.
"""

import os
import subprocess
from pathlib import Path
from typing import Final

SIZE: Final = "4g"
"""Size of a disk; it uses memory only for what is written."""
MARK: Final = "TACITE_OWN_MOUNTS"
"""Variable that marks a process with a private mount namespace."""


def with_own_mounts(command: list[str]) -> list[str]:
    """Return the command wrapped in a private mount namespace, or unchanged where the system forbids it."""
    inside = ["unshare", "--mount", "--"]
    allowed = os.geteuid() == 0 and subprocess.run([*inside, "true"], capture_output=True, check=False).returncode == 0
    return [*inside, "env", f"{MARK}=1", *command] if allowed else command


def possible() -> bool:
    """Return whether small disks can be mounted here privately."""
    return os.environ.get(MARK) == "1"


class Disk:
    """One small disk mounted on a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True)
        self._mount("-t", "tmpfs", "-o", f"size={SIZE},mode=0700", "tacite-chaos")

    def fill(self) -> None:
        """Leave no free space."""
        state = os.statvfs(self.folder)
        used = (state.f_blocks - state.f_bfree) * state.f_frsize
        self._mount("-o", f"remount,size={used}")

    def empty(self) -> None:
        """Restore the free space."""
        self._mount("-o", f"remount,size={SIZE}")

    def remove(self) -> None:
        """Unmount the disk and discard its content."""
        subprocess.run(["umount", "--lazy", str(self.folder)], check=True, capture_output=True)

    def _mount(self, *how: str) -> None:
        subprocess.run(["mount", *how, str(self.folder)], check=True, capture_output=True)
