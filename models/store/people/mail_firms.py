"""The establishment that a mail is about: its name, if the register of establishments gave it, and its département."""

from re import fullmatch
from typing import Final

from sqlalchemy import ColumnElement, Connection, Select, Table, bindparam, select

from models.engine.names import subject_of
from models.store.people.notices import Notice
from models.store.records import Record
from models.store.schema.cases import draft, establishment, request
from models.store.schema.enrolments import enrolment


class Firm(Record):
    """An establishment as a mail names it; `name` is None while nobody but its employer has stated one."""

    siret: str
    name: str | None
    department: str

    @property
    def words(self) -> str:
        """Name and SIRET on one line."""
        return f"{self.name}, SIRET {self.siret}" if self.name else f"SIRET {self.siret}"


def find_firm(connection: Connection, process: str, notice: Notice) -> Firm | None:
    """Return the establishment that a notice of a process is about, or None.

    A name that somebody typed is not printed: a mail may reach a mailbox that a stranger chose.
    """
    data = notice.data
    its_own = subject_of(process).partition(":")[0]  # a claim is named after its case
    for subject in (data.get("enrolment"), data.get("reference"), data.get("siret"), its_own):
        for form, query in _BY_FORM:
            if subject and fullmatch(form, subject) and (found := Firm.first(connection, query, {"of": subject})):
                return found
    return None


def _query(table: Table, key: ColumnElement[str]) -> Select[tuple[str, str, str]]:
    firms = establishment.alias()
    name = select(firms.c.name).where(firms.c.siret == table.c.siret, firms.c.department_confirmed)
    return select(table.c.siret, table.c.department, name.scalar_subquery().label("name")).where(
        key == bindparam("of", type_=key.type)
    )


_UUID: Final = r"[0-9a-f]{8}-[0-9a-f-]{27}"
_BY_FORM: Final = (
    (r"[0-9A-Z]{9}", _query(request, request.c.reference)),
    (r"[0-9]{14}", _query(establishment, establishment.c.siret)),
    (_UUID, _query(draft, draft.c.id)),
    (_UUID, _query(enrolment, enrolment.c.id)),
)
"""What a subject looks like → where its establishment is found."""
