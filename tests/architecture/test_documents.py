"""Whatever the documentation names exists, and whatever must be documented is."""

import re
from pathlib import Path

import pytest

from docs.openapi import FILE, document
from models.settings import Settings
from models.store.people import attempts, quotas
from starter.auth import rate_limits
from tacite import app
from tests.architecture.repository import PACKAGES, PROGRAMS, ROOT, found, functions, name, tracked, under

PAGES = [path for path in tracked() if path.suffix == ".md"]
DECISIONS = sorted(path for path in PAGES if path.parent.name == "decisions")
PROCESSES = [path for path in PAGES if path.name.startswith("process-")]
TECHNICAL = (ROOT / "docs" / "technical-glossary.md").read_text("utf-8")
VARIABLE = r"\bTACITE_[A-Z][A-Z_]*[A-Z]\b"


def _rows(page: str, heading: str) -> list[list[str]]:
    """Cells of the first table under a heading, without its header row."""
    section = page.partition(f"# {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@pytest.fixture(scope="module")
def code() -> str:
    shipped = under(*PACKAGES, "worker.py", "tacite.py") + under("activities", "starter", suffix=".typ")
    return "\n".join(path.read_text("utf-8") for path in shipped)


def test_every_pair_of_the_glossary_is_in_the_code(code: str) -> None:
    page = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    words = code.lower().replace("'", "’")
    rows = _rows(page, "Words of the code")
    assert len(rows) > 30
    for _, french, _, named in rows:
        quoted = re.search("« (.+) »", french)
        assert (quoted[1] if quoted else french).lower() in words
        assert re.search(rf"\b{named.strip('`')}\b", code), named


@pytest.mark.parametrize("row", _rows(TECHNICAL, "Technical glossary"), ids=lambda row: row[0])
def test_every_technical_word_is_in_the_file_it_names(row: list[str]) -> None:
    _, meaning, file, named = row
    text = (ROOT / file.strip("`")).read_text("utf-8")
    assert meaning.endswith(".")
    assert re.search(rf"\b{named.strip('`')}\b", text), named


@pytest.mark.parametrize("page", PROCESSES, ids=name)
def test_every_step_of_a_process_names_a_file_and_a_function_that_exist(page: Path) -> None:
    steps = re.findall(r"`([\w/]+\.py)(?::(\w+))?`", page.read_text("utf-8"))
    assert len(steps) > 10
    missing = [
        f"{file}:{function}"
        for file, function in steps
        if not (ROOT / file).exists() or (function and function not in {each.name for each in functions(ROOT / file)})
    ]
    assert missing == []


def test_every_setting_is_documented_and_every_documented_setting_exists() -> None:
    documented = set(found(VARIABLE, [(ROOT / "docs" / "operating.md").read_text("utf-8")]))
    assert documented == {f"TACITE_{field.upper()}" for field in Settings.model_fields}


def test_every_command_named_exists() -> None:
    pages = [path.read_text("utf-8") for path in PAGES]
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert {each.split()[1] for each in found(r"(?m)(?<=`)make [a-z-]+|^make [a-z-]+", pages)} <= targets
    assert {each.split()[1] for each in found(r"(?:(?<=`)|(?<=bin/))tacite [a-z-]+", pages)} <= set(app)


def test_the_map_is_the_tree() -> None:
    page = (ROOT / "README.md").read_text("utf-8").partition("## The map\n")[2].partition("\n## ")[0]
    drawn = set(re.findall(r"^([a-z]+(?:/|\.py)) ", page, re.MULTILINE))
    programs = {f"{program}.py" for program in PROGRAMS}
    folders = {f"{name(path).partition('/')[0]}/" for path in tracked() if path.suffix == ".py"}
    assert drawn == {folder for folder in folders if (ROOT / folder).is_dir()} | programs


def test_the_files_that_answer_a_newcomer_exist() -> None:
    rows = _rows((ROOT / "README.md").read_text("utf-8"), "Where is…?")
    assert rows
    assert [file for _, file in rows if not (ROOT / file.strip("`")).is_file()] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_file_that_a_page_names_exists(page: Path) -> None:
    named = re.findall(r"`(\w[\w./-]*/[\w.-]+\.(?:py|md|ya?ml|json|js|sh))[`:]", page.read_text("utf-8"))
    assert [file for file in named if not (ROOT / file).exists()] == []


@pytest.mark.parametrize("page", DECISIONS, ids=name)
def test_a_decision_record_has_its_number_status_date_and_parts(page: Path) -> None:
    number, text = int(page.name[:4]), page.read_text("utf-8")
    assert text.startswith(f"# {number}. ")
    assert re.search(r"^Status: (accepted|superseded by \d+) · Date: \d{4}-\d\d-\d\d$", text, re.MULTILINE)
    parts = re.findall("^## (.+)$", text, re.MULTILINE)
    assert parts == ["Context", "Decision", "Alternatives", "Consequences", "Where it applies"]


@pytest.mark.parametrize("page", DECISIONS, ids=name)
def test_a_decision_record_ends_with_the_files_where_it_applies(page: Path) -> None:
    section = page.read_text("utf-8").partition("## Where it applies\n")[2]
    places = re.findall(r"^\* `([^`]+)`", section, re.MULTILINE)
    assert places
    assert [place for place in places if not (ROOT / place).exists()] == []


def test_the_readme_links_every_decision_record() -> None:
    linked = set(re.findall(r"\]\(docs/decisions/([^)]+)\)", (ROOT / "README.md").read_text("utf-8")))
    assert linked == {page.name for page in DECISIONS}
    assert [int(page.name[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_the_description_of_the_api_is_up_to_date() -> None:
    assert FILE.read_text("utf-8") == document(), "run: python -m docs.openapi"


def test_the_page_of_the_api_states_the_limits_of_the_code() -> None:
    page = (ROOT / "docs" / "api.md").read_text("utf-8")
    stated = {(name.strip("`"), int(most), int(window)) for name, most, window, _ in _rows(page, "Limits")}
    attempted = {kind: attempts.LIMITS[kind] for kind in rate_limits.STATED}
    assert stated == {
        *((kind, each.max_attempts, int(each.within.total_seconds())) for kind, each in attempted.items()),
        *((kind, quotas.QUOTAS[kind].most, quotas.DAY) for kind in quotas.STATED),
    }
