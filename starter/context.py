"""What every door needs: settings, the register, the master key, the engine; and how a caller is let in."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from fastapi import Depends
from prometheus_client import CollectorRegistry
from starlette.requests import Request

from models.engine.keys import MasterKey
from models.settings import Settings
from models.store.database import Database
from models.store.journal.keys import StoredKeys
from starter.auth import caller
from starter.auth.caller import Caller, Credential
from starter.auth.permissions import Verb
from starter.engine import EngineClient
from starter.http.problems import fault

THREADS: Final = 32
"""Calls served at once; each holds at most one connection of the register."""


@dataclass(frozen=True, slots=True)
class Context:
    """The dependencies of one running application."""

    settings: Settings
    database: Database
    master: MasterKey
    keys: StoredKeys
    engine: EngineClient
    measured: CollectorRegistry

    def admit(self, credential: Credential, verb: Verb) -> AbstractContextManager[Caller]:
        """Open a transaction for the account of a pass, if its role has this verb."""
        return caller.admitted(self.database, credential, verb)

    def law_on(self, asked: date | None) -> date | None:
        """Return the day whose rules apply, None for the real ones; only training may choose."""
        if asked is not None and self.settings.profile == "production":
            raise fault("/law_on", "training-only", "Le jour du droit ne se choisit qu’en formation.")
        return asked or self.settings.law_on


async def _context(request: Request) -> Context:
    context: Context = request.app.state.context
    return context


AppContext = Annotated[Context, Depends(_context)]
"""The house, as the doors receive it."""
