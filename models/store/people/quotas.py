"""Daily quotas of an account, times its shares; a day is one in Paris.

An account has a share for each establishment that it has proven to speak for, and one for all others together.

They are far above what anybody needs, and keep one account from filling the register. What a day used is counted in
one statement, in the transaction of the act: what is refused or rolled back is not counted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal, Never

from sqlalchemy import Connection, bindparam, case, func, select, update
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert as upsert

from law.calendar import local
from law.directory import PARIS
from models import limits
from models.errors import QuotaReached
from models.limits import LimitState
from models.store.database import now
from models.store.schema.quotas import daily_use

Kind = Literal["files", "refused_files", "file_bytes", "examining", "drafts", "messages", "agent_messages", "tokens"]
STATED: Final[frozenset[Kind]] = frozenset(("files", "drafts", "messages", "agent_messages", "tokens"))
"""Those that count acts, which answers state (`models.limits`): bytes and time are counted in units of their own."""
DAY: Final = 86_400
TODAY: Final = sql("(clock_timestamp() AT TIME ZONE 'Europe/Paris')::date")
MEBIBYTE: Final = 1024 * 1024
UNBOUNDED: Final = 2**62


@dataclass(frozen=True, slots=True)
class Quota:
    """The most that an account may use in a day for each of its shares."""

    most: int
    reached: str
    """French sentence without its end: what was used up."""


_MESSAGES: Final = "Votre compte a envoyé aujourd’hui tous les messages que son quota permet"
QUOTAS: Final[dict[Kind, Quota]] = {
    "files": Quota(200, "Votre compte a envoyé aujourd’hui tous les fichiers que son quota permet"),
    "refused_files": Quota(50, "Trop de fichiers de votre compte ont été refusés aujourd’hui"),
    "file_bytes": Quota(200 * MEBIBYTE, "Les fichiers de votre compte ont atteint aujourd’hui la taille permise"),
    "examining": Quota(200_000, "L’examen des fichiers de votre compte a pris aujourd’hui tout le temps permis"),
    "drafts": Quota(100, "Votre compte a ouvert ou déplacé aujourd’hui tous les brouillons que son quota permet"),
    "messages": Quota(50, _MESSAGES),
    "agent_messages": Quota(1_000, _MESSAGES),
    "tokens": Quota(50, "Votre compte a créé aujourd’hui tous les jetons d’accès que son quota permet"),
}
"""`drafts`: opened, or moved to another window. `examining`: milliseconds of processor that files took to be judged, a
second for each of the 200.
An establishment needs a few files of some megabytes in a year: an accountant with two hundred has 40,000 a day.
An agent has hundreds of cases: each message is an event that can never be deleted, and so is each token, made and
ended again."""


def use(connection: Connection, account_id: str, kind: Kind, amount: int, shares: int) -> None:
    """Count what an act uses; raises `QuotaReached` when it exceeds the quota."""
    quota = QUOTAS[kind]
    most = quota.most * max(shares, 1)
    row = {"account": account_id, "kind": kind, "amount": amount, "most": most}
    used = connection.execute(_USE, row).first() if amount <= most else None
    if used is None:
        _note(kind, most, most, _wait(connection))
        refuse(connection, quota.reached)
    _note(kind, most, used.used, used.reset)


def _note(kind: Kind, most: int, used: int, reset: int) -> None:
    """Note what is left today of a quota that counts acts, and the seconds until it is whole again."""
    if kind in STATED:
        limits.note(LimitState(kind, most, DAY, most - used, reset))


def charge(connection: Connection, account_id: str, kind: Kind, amount: int) -> None:
    """Count what an act has used already, even beyond the quota."""
    connection.execute(_USE, {"account": account_id, "kind": kind, "amount": amount, "most": UNBOUNDED})


def give_back(connection: Connection, account_id: str, kind: Kind, amount: int) -> None:
    """Give back what was counted today for an act that did not happen."""
    mine = (daily_use.c.account_id == account_id, daily_use.c.kind == kind, daily_use.c.used_on == TODAY)
    connection.execute(update(daily_use).where(*mine).values(used=func.greatest(daily_use.c.used - amount, 0)))


def require_left(connection: Connection, account_id: str, kinds: Sequence[Kind], shares: Callable[[], int]) -> None:
    """Raise `QuotaReached` when nothing is left of one of these quotas; counts nothing.

    Shares are computed only for who has used up one.
    """
    mine = (daily_use.c.account_id == account_id, daily_use.c.kind.in_(kinds), daily_use.c.used_on == TODAY)
    for kind, used in connection.execute(select(daily_use.c.kind, daily_use.c.used).where(*mine)):
        quota = QUOTAS[kind]
        if used >= quota.most and used >= quota.most * max(shares(), 1):
            refuse(connection, quota.reached)


_RESET = sql(
    "ceil(extract(epoch FROM ((clock_timestamp() AT TIME ZONE 'Europe/Paris')::date + 1)::timestamp"
    " AT TIME ZONE 'Europe/Paris' - clock_timestamp()))::integer AS reset"
)
"""Seconds until midnight in Paris."""
_USED_TODAY = case((daily_use.c.used_on == TODAY, daily_use.c.used), else_=0)
_AFTER = _USED_TODAY + bindparam("amount")
_USE = (
    upsert(daily_use)
    .values(
        account_id=bindparam("account"),
        kind=bindparam("kind"),
        used_on=TODAY,
        used=bindparam("amount"),
    )
    .on_conflict_do_update(
        index_elements=[daily_use.c.account_id, daily_use.c.kind],
        set_={"used_on": TODAY, "used": _AFTER},
        where=bindparam("most") >= _AFTER,
    )
    .returning(daily_use.c.used, _RESET)
)


def refuse(connection: Connection, reached: str) -> Never:
    """Raise `QuotaReached`, which lasts until midnight in Paris."""
    raise QuotaReached(f"{reached} : réessayez à partir de demain, 0 h, heure de Paris.", _wait(connection))


def _wait(connection: Connection) -> int:
    at = local(now(connection), PARIS)
    midnight = (at + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return int(midnight.timestamp() - at.timestamp()) + 1
