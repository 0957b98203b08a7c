"""Letters as they go: the register of establishments knows an address, an operator orders, the act draws."""

from pathlib import Path

from sqlalchemy import text

from activities.letters.acts import PrintedLetters
from models.engine.names import letter_id
from models.establishments import ListedEstablishment, PostalAddress
from models.letter_codes import digest, new_code
from models.messages.acts import Process
from models.settings import Profile
from models.store.database import Database
from models.store.people import companies
from tests.cases import master_key

ADDRESS = PostalAddress(lines=("1 PLACE DU MARCHE",), postcode="34000", commune="MONTPELLIER")


def know_address(database: Database, siret: str, **changes: object) -> None:
    """Have the register of establishments list an establishment at its own address."""
    facts = {"siret": siret, "name": "ATELIERS DURAND", "address": ADDRESS, "department": "34", "state": "active"}
    facts |= {"head_office": True, "head_office_siret": siret, "source": "sirene"}
    listed = ListedEstablishment.model_validate(facts | changes)
    with database.begin() as connection:
        companies.store(connection, siret, "listed", "sirene", [listed])


def draw(database: Database, folder: Path, letter: str, profile: Profile = "production") -> bool:
    """Draw an ordered letter, as its process does."""
    printing = PrintedLetters(database, master_key(), folder, "https://t.invalid", profile)
    return printing.print_letter(Process(id=letter_id(letter)))


def known_code(database: Database, letter: str) -> str:
    """Replace the code of a printed letter by one that the test knows: nobody can read the real one."""
    code = new_code()
    with database.begin() as connection:
        row = {"digest": digest(master_key(), letter, code), "id": letter}
        connection.execute(text("UPDATE letter SET digest = :digest WHERE id = CAST(:id AS uuid)"), row)
    return code


def age(database: Database, letter: str, days: int) -> None:
    """Make a letter older by some days."""
    aged = "UPDATE letter SET requested_at = requested_at - :by, printed_at = printed_at - :by,"
    aged += " expires_at = expires_at - :by WHERE id = CAST(:id AS uuid)"
    with database.begin() as connection:
        connection.execute(text(aged.replace(":by", "make_interval(days => :by)")), {"by": days, "id": letter})
