"""The files around the code are correct: catalogue description, hooks, templates, decision records."""

import re
import tomllib

import pytest
import yaml  # type: ignore[import-untyped]

from tests.architecture.repository import ROOT, tracked

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PUBLIC = yaml.safe_load((ROOT / "publiccode.yml").read_text("utf-8"))
MANDATORY = {
    "publiccodeYmlVersion",
    "name",
    "url",
    "platforms",
    "categories",
    "developmentStatus",
    "softwareType",
    "description",
    "legal",
    "maintenance",
    "localisation",
}
"""Keys required by publiccode.yml version 0.4."""


def test_the_description_for_catalogues_names_the_version_and_the_licence_of_the_project() -> None:
    assert PUBLIC["publiccodeYmlVersion"] == "0.4"
    assert PUBLIC["softwareVersion"] == PROJECT["version"]
    assert PUBLIC["legal"]["license"] == PROJECT["license"]
    assert PUBLIC.keys() >= MANDATORY


@pytest.mark.parametrize("language", PUBLIC["description"])
def test_the_description_for_catalogues_fits_the_lengths_of_its_standard(language: str) -> None:
    said = PUBLIC["description"][language]
    assert len(said["genericName"]) <= 35
    assert len(said["shortDescription"]) <= 150
    assert 500 <= len(said["longDescription"]) <= 10_000
    assert said["features"]
    assert [each for each in said["features"] if len(each) > 100] == []
    assert [each for each in said.get("screenshots", ()) if not (ROOT / each).exists()] == []


def test_the_hooks_run_what_make_check_runs_and_download_nothing() -> None:
    check = (ROOT / "Makefile").read_text("utf-8").partition("\ncheck:")[2].partition("\n\n")[0]
    (only,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    assert only["repo"] == "local"
    entries = [hook["entry"].replace(".venv/bin", "$(BIN)") for hook in only["hooks"]]
    assert [entry for entry in entries if entry not in check] == []
    assert {hook["language"] for hook in only["hooks"]} == {"system"}


def test_every_issue_template_names_itself() -> None:
    templates = [path for path in tracked() if path.parent == ROOT / ".github" / "ISSUE_TEMPLATE"]
    assert len(templates) == 2
    for path in templates:
        head = yaml.safe_load(path.read_text("utf-8").split("---\n")[1])
        assert head.keys() >= {"name", "about"}


def test_the_line_width_of_editors_is_that_of_the_formatter() -> None:
    formatter = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]["line-length"]
    stated = re.search(r"max_line_length = (\d+)", (ROOT / ".editorconfig").read_text("utf-8"))
    assert stated is not None
    assert int(stated[1]) == formatter
