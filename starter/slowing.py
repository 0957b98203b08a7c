"""Guessing is slowed: tries are counted by login and by address, under keyed digests that name nobody."""

from typing import Final

from sqlalchemy import Connection
from starlette.requests import Request

from models.keys import MasterKey
from models.settings import Settings
from models.store import attempts, audit
from models.store.attempts import Kind, Taken
from models.store.events import SYSTEM, Actor
from starter.problems import problem

NOWHERE: Final = "-"
PATIENCE: Final = "Trop d’essais : attendez {wait} s avant le prochain."


def origin(request: Request) -> bytes:
    """Return the digest of the address that a call comes from, as the last proxy of ours heard it."""
    settings: Settings = request.app.state.house.settings
    return digest(request.app.state.house.master, "address", _address(request, settings.proxies))


def digest(master: MasterKey, kind: str, value: str) -> bytes:
    """Return what tries of a login or an address are counted under; nobody reads it without the master key."""
    return master.derive(f"attempt of {kind}", value.strip().lower())[:16]


def _address(request: Request, proxies: int) -> str:
    heard = request.client.host if request.client else NOWHERE
    forwarded = [each.strip() for each in request.headers.get("x-forwarded-for", "").split(",")]
    return forwarded[-proxies] if 0 < proxies <= len(forwarded) else heard


def count(connection: Connection, kind: Kind, subject: bytes) -> Taken:
    """Count one try before it is judged; raises 429 when too many came already."""
    taken = attempts.take(connection, kind, subject)
    if taken.id is None:
        headers = {"Retry-After": str(taken.wait)}
        raise problem("too-many", PATIENCE.format(wait=taken.wait), headers)
    return taken


def missed(connection: Connection, kind: Kind, subject: bytes) -> None:
    """Count a guess that was wrong; the one after which others must wait leaves an event."""
    tell(connection, kind, count(connection, kind, subject))


def tell(connection: Connection, kind: Kind, taken: Taken, actor: Actor = SYSTEM) -> None:
    """Leave an event when the next try must wait."""
    if taken.last:
        audit.write(connection, "guesses_slowed", actor, tried=kind)
