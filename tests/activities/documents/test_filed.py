"""What receipts list of a filing: the opinion, the account masked, each file with its digest."""

from hashlib import sha256

from activities.documents.compose import Composer
from activities.documents.contents import Filed
from activities.documents.filed import filed, masked
from models.bodies.completion import Completion
from models.store.cases import completions, files, requests
from models.store.database import Database
from models.store.journal.events import Actor
from tests.cases import CIRCUMSTANCES, HOLDER, IBAN, an_agent, file_a_case, request_pieces

PLAN = b"\x89PNG plan"


def read(database: Database, reference: str) -> Filed:
    with database.begin() as connection:
        return filed(Composer("https://tacite.example", "production").case_file(connection, reference))


def test_a_receipt_lists_what_was_filed_without_the_whole_account(database: Database) -> None:
    found = read(database, file_a_case(database, headcount=120))
    assert (found.circumstances, found.headcount) == (CIRCUMSTANCES, 120)
    assert found.account == f"FR14 … {IBAN[-4:]}, au nom de {HOLDER}"
    assert IBAN not in found.model_dump_json()


def test_the_shown_ends_of_an_account_are_four_signs_each() -> None:
    assert masked("FR1420041010050500013M02606") == "FR14 … 2606"


def test_every_file_is_listed_once_with_its_digest(database: Database) -> None:
    reference, agent = file_a_case(database), an_agent(database)
    with database.begin() as connection:
        case = requests.get(connection, reference)
        plan = files.add(connection, case.account_id, "image/png", PLAN)
    asked = request_pieces(database, reference, agent)
    with database.begin() as connection:
        completions.notify(connection, asked)
        answer = Completion.model_validate({"pieces": [{"code": "circumstances", "file": plan.id}]})
        employer = Actor(role="employer", account_id=case.account_id)
        completions.supply(connection, reference, answer, employer, requests.received_now(connection))
    (listed,) = read(database, reference).files
    assert listed.label.endswith("Précisions")
    assert (listed.media_type, listed.size, listed.sha256) == ("image PNG", "1 Kio", sha256(PLAN).hexdigest())
