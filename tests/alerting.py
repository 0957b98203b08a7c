"""Which of our alerts fire on what a program shows: its own measures, given to Prometheus's rules as they are."""

import json
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from local.processes import ROOT

MONITORING = ROOT / "docs" / "monitoring"
ALERTS = MONITORING / "alerts.yml"
BEFORE = 10
"""Minutes for which the first measures stand, before the second ones."""
COUNTED = ("_total", "_count", "_sum", "_bucket")
FIRING = 'count by (alertname) (ALERTS{alertstate="firing"})'


def samples(shown: str) -> dict[str, float]:
    """Every series of what a program shows, with its value."""
    families = text_string_to_metric_families(shown)
    return {_series(each.name, each.labels): each.value for family in families for each in family.samples}


def _series(name: str, labels: dict[str, str]) -> str:
    return f"{name}{{{','.join(f'{key}={json.dumps(value)}' for key, value in labels.items())}}}"


def firing(folder: Path, before: str, after: str, *, minutes: int = 10, lasting: bool = False) -> set[str]:
    """Names of the alerts that fire so many minutes after `before` has become `after`, and stayed so.

    `lasting`: what was counted between the two is counted again every minute.
    """
    given = {
        "rule_files": [str(ALERTS)],
        "tests": [
            {
                "interval": "1m",
                "input_series": list(_given(samples(before), samples(after), minutes, lasting)),
                "promql_expr_test": [{"expr": FIRING, "eval_time": f"{BEFORE + minutes}m"}],
            }
        ],
    }
    file = folder / "seen.yml"
    file.write_text(json.dumps(given), "utf-8")
    told = subprocess.run(
        ["promtool", "test", "rules", str(file)], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0 or "expr:" in told.stdout + told.stderr, told
    return set(re.findall(r'alertname="([^"]+)"} ', (told.stdout + told.stderr).replace(FIRING, "")))


def _given(
    before: dict[str, float], after: dict[str, float], minutes: int, lasting: bool
) -> Iterator[dict[str, str]]:
    for series, value in after.items():
        first = _held(series, before[series], BEFORE) if series in before else f"_x{BEFORE}"
        then = _held(series, value, minutes)
        if lasting and series.partition("{")[0].endswith(COUNTED):
            then = f"{value}+{value - before.get(series, 0)}x{minutes}"
        yield {"series": series, "values": f"{first} {then}"}


def _held(series: str, value: float, minutes: int) -> str:
    """In a test of rules, time begins at zero: an instant is told from now."""
    told = value - time.time() if series.partition("{")[0].endswith("_timestamp_seconds") else value
    return f"{told}x{minutes}"
