"""How often agents may act in one case: each act is an update of its process, and the engine takes 2,000 a run.

Acts are counted by their author, so that nobody can keep a colleague from deciding before silence does; the ceiling of
the case, ten times as high, is the one that spares its process. Attestations are no updates, and count apart.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, func, select, union_all

from models.errors import QuotaReached
from models.store.schema.cases import checklist, completion, decision

A_DAY: Final = timedelta(days=1)
MAX_ACTS_A_DAY: Final = 40
"""Decisions and requests for pieces of one agent in one case; each may be taken back too. Nobody needs more than a few.

Also, apart, attestations of one agent in one case.
"""
MAX_ACTS_OF_ALL_A_DAY: Final = 400
"""Decisions and requests for pieces of all agents together in one case."""
WAIT: Final = "depuis la veille : attendez avant d’en enregistrer une autre."
MINE: Final = f"Vous avez enregistré {{most}} décisions ou demandes de pièces dans ce dossier {WAIT}"
OF_ALL: Final = f"{{most}} décisions ou demandes de pièces ont été enregistrées dans ce dossier {WAIT}"
ATTESTED: Final = f"Vous avez attesté {{most}} listes de validité dans ce dossier {WAIT}"


def refuse_too_many(connection: Connection, reference: str, agent_id: str | None, at: datetime) -> None:
    """Raise `QuotaReached` once an agent, or all together, made the decisions and requests for pieces of a day.

    `at` is the instant of the case. Whoever may sign could otherwise take acts and take them back until the process of
    the case hears nothing more, not even a decision of somebody else.
    """
    counted = connection.execute(_ACTS, {"of": reference, "by": agent_id, "since": at - A_DAY}).one()
    _refuse(counted.mine, MAX_ACTS_A_DAY, MINE, counted.my_first, at)
    _refuse(counted.of_all, MAX_ACTS_OF_ALL_A_DAY, OF_ALL, counted.first, at)


def refuse_too_many_attestations(connection: Connection, reference: str, agent_id: str | None, at: datetime) -> None:
    """Raise `QuotaReached` once an agent attested a case as often as a day allows: each is an event for ever."""
    counted = connection.execute(_ATTESTED, {"of": reference, "by": agent_id, "since": at - A_DAY}).one()
    _refuse(counted.mine, MAX_ACTS_A_DAY, ATTESTED, counted.my_first, at)


def _refuse(count: int, most: int, sentence: str, first: datetime | None, at: datetime) -> None:
    if first is not None and count >= most:
        raise QuotaReached(sentence.format(most=most), int((first + A_DAY - at).total_seconds()) + 1)


_REGISTERED = union_all(
    *(
        select(act.c.agent_id, act.c.registered_at.label("at")).where(
            act.c.reference == bindparam("of"), act.c.registered_at > bindparam("since")
        )
        for act in (decision, completion)
    )
).subquery()
_MINE = _REGISTERED.c.agent_id == bindparam("by")
_ACTS = select(
    func.count().filter(_MINE).label("mine"),
    func.min(_REGISTERED.c.at).filter(_MINE).label("my_first"),
    func.count().label("of_all"),
    func.min(_REGISTERED.c.at).label("first"),
).select_from(_REGISTERED)
_ATTESTED = select(func.count().label("mine"), func.min(checklist.c.attested_at).label("my_first")).where(
    checklist.c.reference == bindparam("of"),
    checklist.c.agent_id == bindparam("by"),
    checklist.c.attested_at > bindparam("since"),
)
