"""The establishment of a mail: found by whatever the notice names, named only if the register of establishments did."""

from sqlalchemy import text

from models.engine.names import account_process, authorization_id
from models.store.cases import requests
from models.store.database import Database
from models.store.people import accounts
from models.store.people.mail_firms import Firm, find_firm
from models.store.people.notices import Notice
from tests.cases import file_a_case, somebody


def found(database: Database, process: str, account_id: str, data: dict[str, str]) -> Firm | None:
    with database.begin() as connection:
        account = accounts.get(connection, account_id)
        return find_firm(connection, process, Notice(key="k", kind="receipt", account=account, data=data))


def test_a_name_is_told_once_the_register_of_establishments_has_given_it(database: Database) -> None:
    reference = file_a_case(database)
    with database.begin() as connection:
        case = requests.get(connection, reference)
    unproven = found(database, authorization_id(reference), case.account_id, {})
    assert unproven
    assert (unproven.siret, unproven.name, unproven.department) == (case.siret, None, "34")
    assert unproven.words == f"SIRET {case.siret}"
    with database.begin() as connection:
        connection.execute(text("UPDATE establishment SET department_confirmed = true"))
    known = found(database, authorization_id(reference), case.account_id, {})
    assert known
    assert known.words == f"Ateliers Durand, SIRET {case.siret}"


def test_a_notice_about_an_account_names_its_firm_by_reference_or_siret_or_none(database: Database) -> None:
    reference, account_id = file_a_case(database), somebody(database)
    with database.begin() as connection:
        siret = requests.get(connection, reference).siret
    process = account_process(account_id)
    assert found(database, process, account_id, {}) is None
    for data in ({"reference": reference}, {"siret": siret}):
        firm = found(database, process, account_id, data)
        assert firm
        assert firm.siret == siret
