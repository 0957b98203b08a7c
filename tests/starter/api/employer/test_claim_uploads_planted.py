"""Planted faults of every kind, and hostile files, through the door: told with their lines, or refused whole."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from hashlib import sha256

import httpx
import pytest
from sqlalchemy import text

from law.calendar import midnight
from local.payroll_files import as_csv
from local.payrolls import long_table, payroll
from local.postgres import Postgres
from models.claim_files.error_table import MARK
from models.claim_files.faults import FaultCode
from models.claim_files.line_checks import SIGNALS
from models.claim_files.refusals import RefusalCode
from models.claim_labels import UploadState
from models.store.claims.uploads import records
from models.store.database import Database
from models.store.journal.idempotency import digest
from tests.builders import Credentials
from tests.cases import DEPARTMENT, Employer, blind_key, file_a_case, let_silence_accept
from tests.examining.claims.workbooks import MAIN, Cell, a_workbook, parts, zipped
from tests.models.claim_files.planted import DIRECT, MONTH, PLANTS, planted
from tests.models.store.claims.builders import authorize, pay_directly
from tests.starter.conftest import one_register
from tests.starter.people import Door
from tests.uploads import A_LINE, NIR, a_file, read, rows

PERIOD = {"start_on": "2021-03-08", "end_on": "2021-03-31"}
RECEIVED_AT: datetime = midnight(date(2021, 3, 1), DEPARTMENT)
IBAN = "FR7630006000011234567890188"
SHEET = "xl/worksheets/sheet1.xml"
CELLS = [[*A_LINE], [*A_LINE.values()]]
PLAIN = parts({"A": CELLS})
FAR = f'<worksheet xmlns="{MAIN}"><sheetData><row><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
HOSTILE: dict[str, tuple[bytes, RefusalCode]] = {
    "NUL": (a_file().replace(b"ouvrier", b"ou\0vrier"), RefusalCode.NUL),
    "bomb": (zipped(PLAIN | {SHEET: " " * 400_000_000}), RefusalCode.WORKBOOK_TOO_LARGE),
    "million columns": (zipped(PLAIN | {SHEET: FAR}), RefusalCode.WORKBOOK_TOO_LARGE),
    "many columns": (a_file(A_LINE | {f"c{at}": "1" for at in range(500)}), RefusalCode.TOO_MANY_COLUMNS),
    "entities": (zipped(PLAIN | {SHEET: '<!DOCTYPE a [<!ENTITY b "c">]>'}), RefusalCode.WORKBOOK_ENTITIES),
    "formula": (a_workbook({"A": [CELLS[0], [Cell(formula="1+1", number="2")]]}), RefusalCode.WORKBOOK_FORMULAS),
    "endless line": (a_file() + b"a" * 1_000_000, RefusalCode.LINE_TOO_LONG),
    "open quote": (a_file() + b'"x\n' + b"e;f\n" * 40_000, RefusalCode.QUOTES),
    "broken DSN": (b"S10.G00.00.001,'a'\n", RefusalCode.DSN_BROKEN),
    "broken JSON": (b'{"lines": [', RefusalCode.JSON_BROKEN),
    "program": (b"\x7fELF\x02\x01\x01" + b"\x01" * 100, RefusalCode.TYPE),
}


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


async def upload(
    client: httpx.AsyncClient, database: Database, reference: str, content: bytes, month: str = "2026-12"
) -> str:
    answer = await client.post(f"/requests/{reference}/claims/{month}/uploads", content=content)
    assert answer.status_code == 202, answer.text
    read(database, answer.json()["id"])
    return str(answer.json()["links"]["self"]).removeprefix("/api/v1")


def of(boss: Credentials) -> Employer:
    return Employer(boss.account_id, boss.siret, DEPARTMENT)


async def test_planted_faults_of_twenty_five_kinds_come_back_with_their_lines(
    door: Door, boss: Credentials, database: Database
) -> None:
    reference = file_a_case(database, employer=of(boss), received_at=RECEIVED_AT, period=PERIOD, headcount=30)
    let_silence_accept(database, reference)
    pay_directly(database, reference)
    lines = [line for line in payroll(100, MONTH) if line.week >= date(2021, 3, 8)]
    table, wanted = planted(long_table(lines), list(PLANTS), 3, seed=5)
    assert len({code for _, code in wanted}) == 25
    at = await upload(door(boss), database, reference, as_csv(table).encode(), "2021-03")
    shown = (await door(boss).get(at)).json()
    assert (shown["state"], shown["errors"], shown["warnings"]) == ("with_errors", 72, 3)
    written = (await door(boss).get(f"{at}/errors.csv")).text
    found = [*csv.DictReader(io.StringIO(written.removeprefix(MARK)), delimiter=";")]
    errors = {(line, code) for line, code in wanted if code not in SIGNALS}
    assert Counter((int(each["ligne"]), FaultCode.of(each["code"])) for each in found) == Counter(errors)
    assert all(each["que faire"] for each in found)
    with database.begin() as connection:
        warnings = records.list_faults(connection, shown["id"], warnings=True)
    assert {(each.line, each.code) for each in warnings} == wanted - errors


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_file_is_refused_with_its_reason(
    door: Door, boss: Credentials, database: Database, name: str
) -> None:
    content, code = HOSTILE[name]
    reference = authorize(database, employer=of(boss))
    shown = (await door(boss).get(await upload(door(boss), database, reference, content))).json()
    assert (shown["state"], shown["refusal"].startswith(code.label)) == ("unreadable", True), shown["refusal"]
    assert (shown["people"], shown["allowance"], shown["errors"]) == (None, None, 0)


async def test_formulas_of_a_csv_are_text_and_come_back_as_such(
    door: Door, boss: Credentials, database: Database
) -> None:
    reference = authorize(database, employer=of(boss))
    wrong = A_LINE | {"categorie": "=HYPERLINK(1)", "mode": "@SUM(A1)", "heures_chomees": "+1+cmd"}
    at = await upload(door(boss), database, reference, a_file(wrong))
    written = (await door(boss).get(f"{at}/errors.csv")).text
    read_back = [*csv.reader(io.StringIO(written), delimiter=";")]
    assert any("texte de 13 caractères" in cell for row in read_back for cell in row)
    assert [cell for row in read_back for cell in row if cell.lstrip().startswith(("=", "+", "-", "@"))] == []


async def test_no_number_of_a_person_or_an_account_is_kept_or_shown_in_clear(
    door: Door, boss: Credentials, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """They stand in columns where they do not belong, beside errors, in headers and in the values of others."""
    reference = authorize(database, employer=of(boss))
    misplaced = A_LINE | {"nir": NIR[:13] + "10", "categorie": NIR, "mode": IBAN, "heures_chomees": f"x{NIR}"}
    misplaced |= {"prenom": NIR, f"Compte {IBAN}": IBAN, f"Assuré {NIR}": NIR}
    at = await upload(door(boss), database, reference, a_file(misplaced, misplaced | {"semaine": NIR}))
    shown = (await door(boss).get(at)).text + (await door(boss).get(f"{at}/errors.csv")).text
    assert "nir-key" in shown
    held = "".join(
        repr(rows(database, f"SELECT t::text FROM {table} t"))
        for table in ("upload_error", "event", "outbox", "incident", "access_log")
        if rows(database, "SELECT to_regclass(:name) IS NOT NULL", name=table)[0][0]
    )
    with database.begin() as connection:
        held += repr(connection.execute(text("SELECT headers, refusal FROM upload")).all())
    for place in (shown, held, "".join(capsys.readouterr())):
        for private in (NIR[:13], NIR[3:13], IBAN, IBAN[8:]):
            assert private not in place
    assert read(database, at.rpartition("/")[2]).state is UploadState.WITH_ERRORS


async def test_no_name_birth_or_address_of_a_line_at_fault_is_stored_or_shown(
    door: Door, boss: Credentials, database: Database
) -> None:
    reference = file_a_case(database, employer=of(boss), received_at=RECEIVED_AT, period=PERIOD, headcount=30)
    let_silence_accept(database, reference)
    pay_directly(database, reference)
    right = A_LINE | {"semaine": "2021-W10"} | {field.label: value for field, value in DIRECT.items()}
    wrong = right | {"prenom": "Quidam\x07", "naissance": "le 17 avril 1953", "adresse": "§ rue du Secret"}
    other = right | {"nom": "Inconnu", "semaine": "2021-W11"}
    paid_twice = right | {"semaine": "2021-W12", "iban": "FR1420041010050500013M02606"}
    at = await upload(door(boss), database, reference, a_file(right, right, wrong, other, paid_twice), "2021-03")
    shown = (await door(boss).get(at)).text + (await door(boss).get(f"{at}/errors.csv")).text
    held = repr(rows(database, "SELECT t::text FROM upload_error t"))
    for place in (shown, held):
        for code in ("name-characters", "payee-incomplete", "nir-two-names", "payee-differs", "week-twice"):
            assert code in place
        for private in ("Quidam", "avril", "Secret", "Inconnu", "INCONNU", A_LINE["nom"], "0505"):
            assert private not in place


async def test_the_digest_kept_of_a_file_is_keyed(door: Door, boss: Credentials, database: Database) -> None:
    reference, content = authorize(database, employer=of(boss)), a_file(A_LINE | {"prenom": "Empreinte"})
    headers = {"Idempotency-Key": "empreinte"}
    uploads = f"/requests/{reference}/claims/2026-12/uploads"
    answer = await door(boss).post(uploads, content=content, headers=headers)
    stored = "SELECT encode(digest, 'hex') FROM upload WHERE id = CAST(:id AS uuid)"
    keyed = blind_key().digest([sha256(content).digest()]).hex()
    assert rows(database, stored, id=answer.json()["id"])[0][0] == keyed
    body = digest(["claim-file", reference, "2026-12-01", 1, keyed]).hex()
    bodies = "SELECT encode(body_digest, 'hex') FROM idempotency WHERE key = 'empreinte'"
    assert [each[0] for each in rows(database, bodies)] == [body]
