"""Files of claims in tests: of a payroll of December 2026, received under an authorization of that month."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy import Connection, text

from activities.uploads import StoredReadingActs
from local.payroll_files import as_csv, as_dsn
from local.payrolls import Line, Table, long_table, payroll
from models.claim_files.profile import ImportProfile
from models.engine.names import authorization_id
from models.examination.client import Examiner
from models.messages.case import Ref
from models.store.cases import requests
from models.store.claims.sealed_people import PeopleKeys
from models.store.claims.uploads import profiles, receiving, records
from models.store.claims.uploads.receiving import ClaimedMonth
from models.store.claims.uploads.records import UploadRecord
from models.store.claims.uploads.sealing import Sealer
from models.store.database import Database
from models.store.journal import keys
from tests.cases import blind_key, master_key
from tests.judging import a_reader_of_claims

MONTH: Final = date(2026, 12, 1)
NIR: Final = "262056600000109"
"""A right number, of the person who does not exist in `A_LINE`."""
A_LINE: Final = {
    "nir": NIR,
    "nom": "Sentinelle",
    "prenom": "Zoé",
    "categorie": "ouvrier",
    "mode": "02",
    "duree_contrat": "35",
    "semaine": "2026-W50",
    "heures_travaillees": "0",
    "heures_chomees": "35",
    "taux_horaire": "15,2",
}


def a_file(*lines: dict[str, str]) -> bytes:
    """A CSV of one line, or of these."""
    rows = lines or (A_LINE,)
    return as_csv(Table(tuple(rows[0]), [[*each.values()] for each in rows]), ";").encode()


def a_payroll(people: int = 3) -> list[Line]:
    """The lines of some people in each week of the month."""
    return list(payroll(people, MONTH))


def a_payroll_file(people: int = 3) -> bytes:
    """The same as a CSV."""
    return as_csv(long_table(a_payroll(people)), ";").encode()


def a_dsn(siret: str) -> bytes:
    """The same people and month in the DSN of an establishment."""
    of = f"S21.G00.06.001,'{siret[:9]}'", f"S21.G00.11.001,'{siret[9:]}'"
    found = as_dsn(a_payroll(), MONTH)
    for theirs, ours in zip(("S21.G00.06.001,'000000018'", "S21.G00.11.001,'00010'"), of, strict=True):
        assert found.count(theirs.encode()) == 1
        found = found.replace(theirs.encode(), ours.encode())
    return found


def receive(database: Database, reference: str, content: bytes | None = None, part: int = 1) -> str:
    """Receive a file as the door does; returns its id."""
    with database.begin() as connection:
        case = requests.get(connection, reference)
        key = keys.get(connection, authorization_id(reference), master_key())
        sealer = Sealer(receiving.new_id(connection), key)
        sealer.add(a_payroll_file() if content is None else content)
        claimed = ClaimedMonth(reference, case.siret, case.party, MONTH, part)
        return receiving.add(connection, case.account_id, claimed, sealer.finish())


def acts_of(database: Database, examiner: Examiner | None = None) -> StoredReadingActs:
    """The acts on files, with the program that reads them."""
    return StoredReadingActs(database, PeopleKeys(master_key(), blind_key()), examiner or a_reader_of_claims())


def read(database: Database, upload_id: str) -> UploadRecord:
    """Have a file read by the act; returns its row."""
    acts_of(database).read_upload(Ref(reference="", id=upload_id))
    return standing(database, upload_id)


def standing(database: Database, upload_id: str) -> UploadRecord:
    with database.begin() as connection:
        return records.get(connection, upload_id)


def rows(database: Database, statement: str, **named: object) -> Sequence[tuple[object, ...]]:
    """The rows of a statement."""
    with database.begin() as connection:
        return [tuple(each) for each in connection.execute(text(statement), named)]


def party_of(connection: Connection, reference: str) -> str | None:
    """The party that a case was filed for."""
    return requests.get(connection, reference).party


def state_profile(connection: Connection, reference: str, stated: ImportProfile) -> ImportProfile:
    """Have the employer of a case say something of its files."""
    case = requests.get(connection, reference)
    return profiles.add(connection, case.siret, case.party, case.account_id, stated)
