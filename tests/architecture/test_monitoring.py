"""Alerts and dashboard: valid for Prometheus, tested, described in French and on the operators' page."""

import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]

from tests.alerting import ALERTS, MONITORING
from tests.architecture.repository import ROOT, under
from tests.shipping import composed

RULES = [rule for group in yaml.safe_load(ALERTS.read_text("utf-8"))["groups"] for rule in group["rules"]]
DASHBOARD = json.loads((MONITORING / "dashboard.json").read_text("utf-8"))
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]


def promtool(*arguments: str | Path) -> None:
    told = subprocess.run(["promtool", *arguments], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def test_the_rules_and_the_example_are_valid() -> None:
    promtool("check", "rules", ALERTS)
    promtool("check", "config", MONITORING / "prometheus.yml")


def test_every_program_is_read_where_it_shows_its_measures_and_every_copy_of_it() -> None:
    services = composed("production")["services"]
    shown = {
        (name, at.rpartition(":")[2])
        for name, service in services.items()
        for variable in ("TACITE_METRICS", "TACITE_ENGINE_METRICS", "PROMETHEUS_ENDPOINT")
        if (at := service.get("environment", {}).get(variable)) and service.get("restart") != "on-failure:5"
    }
    jobs = yaml.safe_load((MONITORING / "prometheus.yml").read_text("utf-8"))["scrape_configs"]
    found = [each for job in jobs for each in job.get("dns_sd_configs", ())]
    by_name = {(name, str(each["port"])) for each in found for name in each["names"]}
    alone = {
        tuple(target.split(":")) for job in jobs for each in job.get("static_configs", ()) for target in each["targets"]
    }
    assert by_name | alone == shown
    copies = {name for name, each in services.items() if each.get("deploy", {}).get("replicas") not in (None, 1)}
    assert {name for name, _ in by_name} == copies


@pytest.mark.slow
def test_the_rules_fire_when_they_must_and_not_before() -> None:
    promtool("test", "rules", MONITORING / "alerts_test.yml")


def test_every_question_of_the_dashboard_is_one_that_prometheus_understands(tmp_path: Path) -> None:
    asked = [{"record": "asked", "expr": target["expr"]} for panel in PANELS for target in panel["targets"]]
    (tmp_path / "asked.json").write_text(
        json.dumps({"groups": [{"name": str(n), "rules": [each]} for n, each in enumerate(asked)]}), "utf-8"
    )
    promtool("check", "rules", tmp_path / "asked.json")
    assert len(asked) > 20


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_every_alert_is_tried_and_told_of(rule: dict[str, dict[str, str]]) -> None:
    name = str(rule["alert"])
    tried = (MONITORING / "alerts_test.yml").read_text("utf-8")
    assert re.search(
        rf"alertname: {name}\n\s+eval_time: \w+\n\s+exp_alerts:\n|alertname=\"{name}\",alertstate=\"firing\",",
        tried,
    )
    assert f"| `{name}` |" in (ROOT / "docs" / "operating.md").read_text("utf-8")
    assert rule["labels"]["gravite"] in ("critique", "haute", "basse")
    assert rule["annotations"]["summary"]
    assert rule["annotations"]["description"].endswith(".")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_every_alert_fires_in_a_test_that_causes_it(rule: dict[str, str]) -> None:
    named = f'"{rule["alert"]}"'
    assert [path for path in under("tests") if "firing(" in (text := path.read_text("utf-8")) and named in text]


def test_every_panel_has_a_title_and_says_what_it_shows() -> None:
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
    for panel in PANELS:
        assert panel["title"][0].isupper()
        assert panel["description"].endswith("."), panel["title"]
