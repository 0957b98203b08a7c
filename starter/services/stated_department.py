"""The département that an employer states, against the register of establishments and the address given.

Never a default: it decides who is in charge and at which instant silence counts. A mismatch names both.
"""

from typing import Final

from sqlalchemy import Connection

from law.communes import POSTCODE, contradicts, department_of_postcode
from law.directory import department
from models.bodies.enrolment import EnrolmentBody
from models.store.people import listings
from starter.http.problems import fault

POINTER: Final = "/department"
REQUIRED: Final = (
    "Indiquez le département de l’établissement : le répertoire des établissements ne l’a pas encore donné."
)


def settle(connection: Connection, body: EnrolmentBody) -> str:
    """Return the département of an establishment that enrols; raises `InvalidRequest` if it is missing or wrong."""
    listed = listings.find_department(connection, body.siret)
    if listed:
        _agree(body.department or listed, listed, "le répertoire des établissements")
        return listed
    if body.department is None:
        raise fault(POINTER, "missing", REQUIRED)
    _agree(body.department, _suggested(body.address, body.department), "le code postal de son adresse")
    return body.department


def _suggested(address: str, stated: str) -> str:
    """Return the département of the address, or the one stated if the address does not contradict it."""
    postcodes = POSTCODE.findall(address)
    if not postcodes or any(not contradicts(each, stated) for each in postcodes):
        return stated
    return department_of_postcode(postcodes[-1]) or stated


def _agree(stated: str, known: str, source: str) -> None:
    if stated != known:
        message = f"Vous déclarez {_named(stated)}. D’après {source}, l’établissement est ailleurs : {_named(known)}."
        raise fault(POINTER, "department-mismatch", message)


def _named(code: str) -> str:
    return f"{department(code).name} ({code})"
