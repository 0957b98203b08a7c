"""`tacite claims`: exit codes, JSON and words, options named, a case of the register, the canonical CSV."""

import csv
import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import tacite
from local.payroll_files import as_csv, as_dsn, as_xlsx
from local.payrolls import Table, long_table, payroll, wide_table
from local.processes import ROOT
from models.claim_files.fields import COLUMNS, Field
from models.store.database import Database
from tests.cases import file_a_case, let_silence_accept

MARCH = date(2021, 3, 1)
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("COLUMNS", "300")

    def call(*arguments: object) -> tuple[int, str, str]:
        code = tacite.run(["claims", *map(str, arguments)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture
def table() -> Table:
    return long_table(payroll(3, MARCH))


@pytest.fixture
def file(tmp_path: Path, table: Table) -> Path:
    return _written(tmp_path / "paie.csv", table)


def _written(path: Path, table: Table) -> Path:
    path.write_bytes(as_csv(table).encode())
    return path


def test_a_right_file_is_told_in_json(run: Run, file: Path) -> None:
    code, out, err = run("check", file, "--month", "2021-03", "--json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert (found["month"], found["lines"], found["people"]) == ("2021-03", 15, 3)
    assert (found["errors"], found["warnings"]) == ([], [])
    assert all(found[name].partition(".")[2].isdigit() for name in ("hours", "allowance", "indemnity"))


def test_errors_and_columns_that_are_not_read_are_told(run: Run, table: Table, tmp_path: Path) -> None:
    at = table.header.index(Field.HOURLY_GROSS.label)
    table.rows[0][at] = "1,00"
    wide = Table((*table.header, "Tel", "Prime"), [[*row, "0102030405", "12"] for row in table.rows])
    file = _written(tmp_path / "paie.csv", wide)
    code, out, _ = run("check", file, "--month", "2021-03", "--json")
    found = json.loads(out)
    assert code == 1
    (error,) = found["errors"]
    assert (error["line"], error["column"], error["code"]) == (2, "taux_horaire", "wage-below-smic")
    assert [each["code"] for each in found["warnings"]] == ["header-unlisted", "header-unknown"]
    code, out, _ = run("check", file, "--month", "2021-03")
    assert code == 1
    told = ("15 lignes, 3 salariés", "1 erreur :", "taux_horaire", "inférieur au SMIC", "« Prime »")
    assert [text for text in told if text not in out] == []


def test_a_table_that_is_too_long_for_a_person_says_how_many_are_left(run: Run, tmp_path: Path) -> None:
    table = long_table(payroll(15, MARCH))
    for row in table.rows:
        row[table.header.index(Field.NIR.label)] = ""
    _, out, _ = run("check", _written(tmp_path / "x.csv", table), "--month", "2021-03")
    assert "75 erreurs" in out
    assert "et 25 autres" in out


def test_a_dsn_has_people_and_hours_and_no_amount(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.dsn").write_bytes(as_dsn(payroll(3, MARCH), MARCH))
    found = json.loads(run("check", tmp_path / "x.dsn", "--json")[1])
    assert (found["people"], found["allowance"], found["month"]) == (3, None, "2021-03")
    assert "Une DSN ne dit" in run("check", tmp_path / "x.dsn")[1]
    for command in ("check", "convert"):
        code, out, err = run(command, tmp_path / "x.dsn", "--month", "2021-02")
        assert (code, out, err.startswith("--month : Cette DSN"), "03/2021" in err) == (2, "", True, True)


def test_an_unreadable_file_ends_with_2_and_a_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"\x00\x01\x02 rien\n" * 30)
    code, out, err = run("check", tmp_path / "x.csv", "--json")
    assert (code, out) == (2, "")
    assert err.strip().endswith(".") or err.strip().endswith(")")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--month", "2021-13"), "--month : Écrivez ce mois ainsi"),
        (("--period", "2021-03-01"), "--period : Écrivez cette période ainsi"),
        (("--period", "2021-03-31..2021-03-01"), "--period : Cette période finit avant de commencer"),
        (("--department", "20"), "--department : Département inconnu"),
        (("--sector", "x"), "--sector : "),
        (("--headcount", "0"), "--headcount : "),
        (("--reference", "x"), "--reference : une référence compte 9 caractères"),
        (("--month", "2019-03"), "--headcount : Indiquez l’effectif"),
        (("--month", "2021-03", "--department", "976"), "Aucun texte lu"),
    ],
    ids=lambda value: " ".join(value)[:30],
)
def test_wrong_options_are_named_in_french(run: Run, tmp_path: Path, options: tuple[str, ...], sentence: str) -> None:
    month = date(2019, 3, 1) if "2019-03" in options else MARCH
    file = _written(tmp_path / "x.csv", long_table(payroll(1, month)))
    code, out, err = run("check", file, *options)
    assert (code, out) == (2, "")
    assert sentence in err


def test_a_profile_gives_columns_and_codes(run: Run, table: Table, tmp_path: Path) -> None:
    at = table.header.index(Field.CATEGORY.label)
    coded = [[*row[:at], "C7", *row[at + 1 :]] for row in table.rows]
    named = tuple("Tps" if name == Field.CONTRACT_HOURS.label else name for name in table.header)
    file, profile = _written(tmp_path / "x.csv", Table(named, coded)), tmp_path / "profile.json"
    assert run("check", file, "--month", "2021-03")[0] == 2
    stated = {"name": "Paie", "headers": {"Tps": "contract_hours"}, "categories": {"C7": "executive"}}
    profile.write_text(json.dumps(stated))
    assert run("check", file, "--month", "2021-03", "--profile", profile)[0] == 0
    profile.write_text('{"name": "Paie", "nir": "1"}')
    code, _, err = run("check", file, "--profile", profile)
    assert (code, "Le profil d’import n’est pas valable : nir." in err) == (2, True)


@pytest.mark.parametrize("number", ["295109912611193", "2 95 10 99 126 111 93", "FR7630006000011234567890189"])
def test_a_number_in_a_key_of_a_wrong_profile_is_not_shown(run: Run, tmp_path: Path, number: str) -> None:
    profile, file = tmp_path / "profile.json", tmp_path / "x.csv"
    file.write_text("nir\n")
    profile.write_text(json.dumps({"name": "Paie", "headers": {number: "x"}, "modes": {"H": "99"}, number: 1}))
    code, out, err = run("check", file, "--profile", profile)
    assert (code, out, number in err) == (2, "", False)
    assert "modes.H" in err


def test_the_register_gives_the_period_and_the_payee(
    run: Run, database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = _written(tmp_path / "x.csv", long_table(payroll(1, MARCH)))
    for name in ("MASTER_KEY", "BLIND_KEY", "TRUST", "SEAL", "SIGNATORIES"):
        monkeypatch.setenv(f"TACITE_{name}", "/nowhere")
    monkeypatch.setenv("TACITE_DATABASE", database.dsn)
    monkeypatch.setenv("TACITE_AGENCY", "file:///nowhere")
    monkeypatch.setenv("TACITE_TIMESTAMPS", "[]")
    reference = file_a_case(database)
    assert run("check", file, "--reference", reference)[::2] == (2, "Ce dossier n’a pas d’autorisation.\n")
    assert run("check", file, "--reference", "034ZZZZ01")[::2] == (2, "Aucun dossier ne porte cette référence.\n")
    let_silence_accept(database, reference)
    code, out, _ = run("check", file, "--reference", reference, "--json")
    assert (code, {each["code"] for each in json.loads(out)["errors"]}) == (1, {"week-outside-period"})
    assert run("check", file, "--reference", reference, "--period", "2021-03-01..2021-03-31", "--json")[0] == 0
    (tmp_path / "x.dsn").write_bytes(as_dsn(payroll(1, MARCH), MARCH))
    assert "Cette DSN n’a pas d’heures" in run("check", tmp_path / "x.dsn", "--reference", reference)[2]


def test_without_a_register_a_reference_says_what_is_missing(
    run: Run, file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TACITE_DATABASE", raising=False)
    code, out, err = run("check", file, "--reference", "034AAAA01", "--json")
    assert (code, out) == (3, "")
    assert "Aucun Tacite ici" in err


def test_any_form_converts_to_the_same_canonical_file_which_reads_back(run: Run, tmp_path: Path) -> None:
    lines = list(payroll(3, MARCH))
    written = set[str]()
    for name, content in {
        "long.csv": as_csv(long_table(lines), ",").encode("cp1252"),
        "wide.csv": as_csv(wide_table(lines)).encode("utf-16"),
        "x.xlsx": as_xlsx(long_table(lines)),
    }.items():
        (tmp_path / name).write_bytes(content)
        code, out, err = run("convert", tmp_path / name)
        assert (code, err) == (0, "")
        written.add(out)
    (canonical,) = written
    header, *rows = csv.reader(canonical.splitlines(), delimiter=";")
    assert (header, len(rows)) == ([each.label for each in COLUMNS], len(lines))
    (tmp_path / "canonical.csv").write_text(canonical, "utf-8")
    assert run("convert", tmp_path / "canonical.csv")[1] == canonical


def test_a_dsn_converts_to_a_grid_to_complete(run: Run, tmp_path: Path) -> None:
    lines = list(payroll(3, MARCH))
    (tmp_path / "x.dsn").write_bytes(as_dsn(lines, MARCH))
    code, out, err = run("convert", tmp_path / "x.dsn")
    assert (code, "complétez les heures" in err) == (0, True)
    header, *rows = csv.reader(out.splitlines(), delimiter=";")
    whole = long_table(lines)
    known = [header.index(each.label) for each in (Field.NIR, Field.FIRST_NAME, Field.CATEGORY, Field.MODE, Field.WEEK)]
    assert [[row[at] for at in known] for row in rows] == [[row[at] for at in known] for row in whole.rows]
    assert {row[header.index(Field.IDLE.label)] for row in rows} == {""}


def test_the_examples_of_the_page_are_right(run: Run, tmp_path: Path) -> None:
    blocks = (ROOT / "docs/claims.md").read_text("utf-8").split("```")
    (canonical,) = (each.strip() + "\n" for each in blocks if each.startswith("\nnir;"))
    (profile,) = (each.removeprefix("json") for each in blocks if each.startswith("json"))
    (tmp_path / "x.csv").write_text(canonical, "utf-8")
    (tmp_path / "profile.json").write_text(profile, "utf-8")
    assert run("check", tmp_path / "x.csv", "--month", "2021-03", "--profile", tmp_path / "profile.json")[0] == 0
    assert run("convert", tmp_path / "x.csv")[1] == canonical


def test_of_a_dsn_of_several_establishments_the_command_asks_which(run: Run, tmp_path: Path) -> None:
    file, lines = tmp_path / "x.dsn", list(payroll(3, MARCH))
    one = as_dsn(lines, MARCH).decode("latin-1")
    start, end = one.index("S20.G00.05.001"), one.index("S90.G00.90.001")
    other = one[start:end].replace("11.001,'00010'", "11.001,'00002'")
    file.write_text(one[:end] + other + one[end:], "latin-1")
    for command in ("check", "convert"):
        code, out, err = run(command, file)
        assert (code, out, err.startswith("--siret : ")) == (2, "", True)
        assert "00000001800010, 00000001800002" in err
    chosen = ("--siret", "000 000 018 00010")
    found = json.loads(run("check", file, *chosen, "--json")[1])
    assert (found["people"], [each["shown"] for each in found["warnings"]]) == (3, ["00000001800002"])
    code, out, err = run("convert", file, *chosen)
    assert (code, "00000001800002 : Cette DSN a aussi" in err) == (0, True)
    assert "--siret : Le SIRET" in run("check", file, "--siret", "1")[2]
    assert "--siret : Cette DSN n’a pas" in run("check", file, "--siret", "35600000000048")[2]


def test_a_file_with_an_error_is_not_converted(run: Run, table: Table, tmp_path: Path) -> None:
    table.rows[1][0] = "1"
    code, out, err = run("convert", _written(tmp_path / "x.csv", table))
    assert (code, out) == (1, "")
    assert err.startswith("Ligne 3 nir")


def test_a_file_with_accounts_of_employees_is_a_direct_payment(run: Run, table: Table, tmp_path: Path) -> None:
    accounts = [f"FR763000600001123456789018{9 - (at == 3)}" for at in range(len(table.rows))]
    rows = [[*row, account] for row, account in zip(table.rows, accounts, strict=True)]
    file = _written(tmp_path / "x.csv", Table((*table.header, "IBAN"), rows))
    code, out, err = run("check", file, "--month", "2021-03", "--json")
    found = json.loads(out)
    assert (code, "paiement direct" in err) == (1, True)
    assert [(each["line"], each["code"], each["shown"]) for each in found["errors"]] == [(5, "iban", "F…88")]
    assert found["warnings"] == []
    found = json.loads(run("check", file, "--month", "2021-03", "--paid-to", "establishment", "--json")[1])
    assert (found["errors"], found["warnings"][0]["code"]) == ([], "header-unlisted")
    found = json.loads(run("check", file, "--month", "2021-03", "--paid-to", "employees", "--json")[1])
    assert Counter(each["code"] for each in found["errors"]) == {"payee-incomplete": 6, "iban": 1}


def test_progress_is_shown_to_a_terminal_only(run: Run, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("check", file, "--month", "2021-03", "--json")[2] == ""
    monkeypatch.setenv("FORCE_COLOR", "1")  # takes standard error for a terminal
    assert "Contrôle des lignes" in run("check", file, "--month", "2021-03", "--json")[2]
