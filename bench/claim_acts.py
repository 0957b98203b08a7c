"""Acts on all people of a claim at once, in a Python of its own: its nominal file, its hours by rate to be signed.

`python -m bench.claim_acts DSN MASTER_KEY CERTIFICATE CLAIM` prints what they take as JSON.
"""

import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from activities.agency.nominal import envelop
from activities.agency.nominal_people import SealedPeople
from bench.claim_acts_figures import Acts
from bench.claim_journey import Setup
from local import agency
from models.engine.keys import MasterKey
from models.store.claims import liquidation
from models.store.database import Database

_LAST: Final = "SELECT id::text FROM claim WHERE state <> 'checked' ORDER BY received_at DESC LIMIT 1"


def measure(setup: Setup) -> Acts:
    """Do both for the last claim received; nothing of them is kept."""
    world = setup.running
    agency.prepare(world.agency.folder)
    with setup.database.begin() as connection:
        claim_id = connection.exec_driver_sql(_LAST).scalar_one()
    stated = (world.postgres.dsn, world.master_key, world.agency.certificate, claim_id)
    command = [sys.executable, "-m", "bench.claim_acts", *map(str, stated)]
    return Acts.model_validate_json(subprocess.run(command, capture_output=True, check=True).stdout)


def run(dsn: str, master: Path, certificate: Path, claim_id: str) -> Acts:
    """Do both here, the one with fewer objects first."""
    with Database(dsn, size=1) as database, database.begin() as connection:
        began = time.perf_counter()
        liquidation.list_rates(connection, claim_id)
        rates, before = time.perf_counter() - began, _kib("VmRSS")
        began = time.perf_counter()
        content = envelop(SealedPeople(MasterKey(master)).read(connection, claim_id), certificate)
        return Acts(
            nominal_seconds=time.perf_counter() - began,
            nominal_bytes=len(content),
            nominal_kib=_kib("VmHWM") - before,
            rates_seconds=rates,
        )


def _kib(name: str) -> int:
    """Return the memory of this process that is resident now (`VmRSS`), or was at most (`VmHWM`)."""
    status = Path("/proc/self/status").read_text("ascii")
    (line,) = [each for each in status.splitlines() if each.startswith(f"{name}:")]
    return int(line.split()[1])


if __name__ == "__main__":
    print(run(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]).model_dump_json())
