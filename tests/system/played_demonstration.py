"""A finished demonstration: what it printed, and the folder that it left."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from local.processes import ROOT

OWN: Final = [
    {
        "siret": "35600000000048",
        "ground": "economic_conditions",
        "circumstances": "Baisse durable des commandes.",
        "perimeter": "full_reduction",
        "placement_on": "2149-12-01",
        "period": {"start_on": "2149-12-01", "end_on": "2150-01-31"},
        "headcount": 120,
        "employees": 42,
        "hours": "12000",
        "bank_account": {"iban": "FR1420041010050500013M02606", "holder": "Ateliers Durand"},
        "works_council": {"opinion": "unfavourable", "given_on": "2026-01-05", "file": "avis.pdf"},
        "commitments": [],
        "direct_payment": False,
    }
]

Case = dict[str, object]


class Played:
    """A finished demonstration."""

    def __init__(self, out: Path) -> None:
        (out.parent / "cases.json").write_text(json.dumps(OWN))
        command = [sys.executable, str(ROOT / "tacite.py"), "demo", "--json"]
        command += ["--out", str(out), "--cases", str(out.parent / "cases.json")]
        here = os.environ | {"TMPDIR": str(out.parent)}
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=out.parent, env=here)
        assert done.returncode == 0, done.stderr
        self.said = done.stderr
        self.told = json.loads(done.stdout)
        self.out = out
        self.cases: dict[str, Case] = {each["scenario"]: each for each in self.told["cases"]}

    @property
    def files(self) -> list[Path]:
        return sorted((self.out / "documents").iterdir())

    def rows(self, channel: str) -> list[dict[str, object]]:
        """Rows that the agency received of a channel, `DA` for authorizations."""
        return [
            row
            for name in self.told["deposits"]
            if f"_{channel}_" in name
            for row in json.loads((self.out / name).read_bytes())["lignesTelechargement"]
        ]

    @property
    def claims(self) -> list[Case]:
        """Every version of the claims of three months, as the report states them."""
        claims = self.cases["three_months_of_claims"]["claims"]
        assert isinstance(claims, list)
        return claims
