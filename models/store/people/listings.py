"""What the register of establishments says, applied to our establishments: name, address and département.

The register wins over what was stated: requests to come follow its département at once, whoever has filed before. What
was filed keeps the département and the deadline that were printed. Only an act of operators wins over the register,
until the register gives another département than the one that the act contradicted.
"""

from sqlalchemy import Connection, select, update

from models.store.journal import events
from models.store.people import companies, enrolments, series
from models.store.schema.cases import establishment
from models.store.schema.journal import event


def apply(connection: Connection, siret: str) -> None:
    """Bring an establishment in line with the last answer about it; idempotent. Nothing if either is missing."""
    enrolments.hold(connection, siret)
    held = select(establishment).where(establishment.c.siret == siret).with_for_update()
    row = connection.execute(held).mappings().first()
    listed = companies.find_listed(connection, siret)
    if row is None or listed is None:
        return
    stated = {"name": listed.name, "address": listed.address and listed.address.is_complete and listed.address.text}
    values: dict[str, object] = {name: value for name, value in stated.items() if value and value != row[name]}
    told: list[str] = []
    if listed.department and not _was_corrected(connection, siret, listed.department):
        if listed.department != row["department"]:
            values |= _in_department(connection, siret, listed.department)
            told.append("establishment_relocated")
        if not row["department_confirmed"]:
            values["department_confirmed"] = True
            told.append("department_confirmed")
    if values:
        connection.execute(update(establishment).where(establishment.c.siret == siret).values(values))
    for kind in told:  # after the change: an event states what it leaves behind
        _record(connection, siret, kind, str(listed.department))


def find_department(connection: Connection, siret: str) -> str | None:
    """Return the département of an establishment if operators or the register of establishments gave it, or None."""
    ours = select(establishment.c.department).where(
        establishment.c.siret == siret, establishment.c.department_confirmed
    )
    confirmed: str | None = connection.execute(ours).scalar()
    listed = companies.find_listed(connection, siret)
    if listed is None or listed.department is None or _was_corrected(connection, siret, listed.department):
        return confirmed
    return listed.department


def _in_department(connection: Connection, siret: str, department: str) -> dict[str, object]:
    """Return what changes for requests to come, which get a series in the département that the register gives."""
    series.hold(connection, department)
    letters = series.free_letters(connection, department)
    series.add(connection, department, letters, siret)
    return {"department": department, "letters": letters, "requests": 0}


def _was_corrected(connection: Connection, siret: str, listed: str) -> bool:
    """Whether operators corrected this département of the register by an act: there they know better.

    An act from before the register answered, or that does not say what it answered, stands.
    """
    by_act = (event.c.subject == siret, event.c.type == "establishment_relocated", event.c.data.has_key("act"))
    last = select(event.c.data).where(*by_act).order_by(event.c.seq.desc()).limit(1)
    stated: dict[str, str] | None = connection.execute(last).scalar()
    return stated is not None and stated.get("listed", listed) == listed


def _record(connection: Connection, siret: str, kind: str, department: str) -> None:
    at = enrolments.requested_now(connection)
    events.append(connection, siret, kind, at, department=department)
