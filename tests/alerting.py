"""Which alerts fire on the metrics of a program, evaluated by Prometheus's own rule tester."""

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
BEFORE_MINUTES = 10
"""Minutes during which the first metrics hold, before the second ones."""
COUNTED = ("_total", "_count", "_sum", "_bucket")
FIRING = 'count by (alertname) (ALERTS{alertstate="firing"})'


def samples(metrics: str) -> dict[str, float]:
    """Every series of a metrics page, with its value."""
    families = text_string_to_metric_families(metrics)
    return {_series(each.name, each.labels): each.value for family in families for each in family.samples}


def _series(name: str, labels: dict[str, str]) -> str:
    return f"{name}{{{','.join(f'{key}={json.dumps(value)}' for key, value in labels.items())}}}"


def firing(folder: Path, before: str, after: str, *, minutes: int = 10, lasting: bool = False) -> set[str]:
    """Names of the alerts that fire `minutes` after `before` became `after` and stayed so.

    `lasting`: counters keep growing by the same difference every minute.
    """
    rule_test = {
        "rule_files": [str(ALERTS)],
        "tests": [
            {
                "interval": "1m",
                "input_series": list(_input_series(samples(before), samples(after), minutes, lasting)),
                "promql_expr_test": [{"expr": FIRING, "eval_time": f"{BEFORE_MINUTES + minutes}m"}],
            }
        ],
    }
    file = folder / "seen.yml"
    file.write_text(json.dumps(rule_test), "utf-8")
    result = subprocess.run(["promtool", "test", "rules", str(file)], capture_output=True, text=True, check=False)
    assert result.returncode == 0 or "expr:" in result.stdout + result.stderr, result
    return set(re.findall(r'alertname="([^"]+)"} ', (result.stdout + result.stderr).replace(FIRING, "")))


def _input_series(
    before: dict[str, float], after: dict[str, float], minutes: int, lasting: bool
) -> Iterator[dict[str, str]]:
    for series, value in after.items():
        first = _constant(series, before[series], BEFORE_MINUTES) if series in before else f"_x{BEFORE_MINUTES}"
        then = _constant(series, value, minutes)
        if lasting and series.partition("{")[0].endswith(COUNTED):
            then = f"{value}+{value - before.get(series, 0)}x{minutes}"
        yield {"series": series, "values": f"{first} {then}"}


def _constant(series: str, value: float, minutes: int) -> str:
    """In a rule test time starts at zero, so an instant is given relative to now."""
    shifted = value - time.time() if series.partition("{")[0].endswith("_timestamp_seconds") else value
    return f"{shifted}x{minutes}"
