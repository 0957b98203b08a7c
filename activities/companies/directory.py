"""The directory of establishments: first the answer kept in our register, then INSEE, then the public search.

Nobody waits for it: when it is away or all its calls are spent, the act that asked is told so and asks later.
"""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Concatenate, Final, Literal, ParamSpec, Protocol, TypeVar

import structlog
from sqlalchemy import Connection

from activities.companies.exchange import SourceAway
from activities.companies.search import Search
from activities.companies.sirene import Sirene
from activities.transactions import transactions
from models.establishments import DirectoryAnswer, ListedEstablishment, Outcome, Source
from models.settings import Settings
from models.store.database import Database
from models.store.people import companies, company_slots

LOOK_UP_TIMEOUT: Final = 12
"""Seconds for everything: both sources, a duplicate and a head office; less than the timeout of an act that asks."""
POLL_INTERVAL: Final = 0.25
"""Seconds between two looks at what another process is asking."""
MAX_POLLS: Final = 12
Found = tuple[ListedEstablishment, ...] | Literal["unknown", "undisclosed"]
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
_log = structlog.get_logger()


class DirectoryUnavailable(Exception):
    """There is no answer yet; `spent` means that one of the sources has only no call left for the moment."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(", ".join(reasons))
        self.spent = bool({"spent", "limited", "asked"} & {*reasons})


class CompanySource(Protocol):
    """A public API that lists establishments."""

    @property
    def name(self) -> Source:
        """Which one it is."""

    async def ask(self, siret: str) -> Found:
        """Ask about an establishment: its record, then those of others in the answer; raises `SourceAway`."""


class CompanyDirectory:
    """The sources in order of preference, behind the limiter and the cache of our register."""

    def __init__(self, database: Database, sources: Sequence[CompanySource]) -> None:
        self._transaction = transactions(database, final=False)
        self._sources = sources

    @classmethod
    def of(cls, database: Database, settings: Settings) -> "CompanyDirectory | None":
        """Return the directory that the settings describe, or None."""
        sources: list[CompanySource] = []
        if settings.companies and settings.companies_key:
            sources.append(Sirene(settings.companies, read_key(settings.companies_key)))
        if settings.companies_search:
            sources.append(Search(settings.companies_search))
        return cls(database, sources) if sources else None

    async def look_up(self, siret: str) -> DirectoryAnswer:
        """Return what is known of an establishment, and learn its head office; raises `DirectoryUnavailable`."""
        try:
            async with asyncio.timeout(LOOK_UP_TIMEOUT):
                answer = await self._answer(siret)
                office = answer.listed and answer.listed.head_office_siret
                if office and office != siret:
                    await self._answer(office)
                return answer
        except TimeoutError:
            raise DirectoryUnavailable("slow") from None

    async def _answer(self, siret: str) -> DirectoryAnswer:
        for _ in range(MAX_POLLS):
            answer = await self._register(companies.find, siret)
            if answer and answer.fresh:
                return answer
            if await self._register(companies.claim, siret):
                return await self._ask_claimed(siret)
            await asyncio.sleep(POLL_INTERVAL)
        raise DirectoryUnavailable("asked")

    async def _ask_claimed(self, siret: str) -> DirectoryAnswer:
        reasons = []
        try:
            for source in self._sources:
                try:
                    return await self._register(_keep, siret, source.name, await self._ask(source, siret))
                except SourceAway as away:
                    reasons.append(away.reason)
        finally:
            await self._register(companies.release, siret)
        raise DirectoryUnavailable(*reasons)

    async def _ask(self, source: CompanySource, siret: str) -> Found:
        if not await self._register(company_slots.take, source.name):
            raise SourceAway("spent")
        try:
            return await source.ask(siret)
        except SourceAway as away:
            _log.warning("companies_away", source=source.name, reason=away.reason)
            await self._register(_note, source.name, away)
            raise

    async def _register(
        self,
        act: Callable[Concatenate[Connection, Arguments], Result],
        *arguments: Arguments.args,
        **named: Arguments.kwargs,
    ) -> Result:
        """Run a short transaction in a thread: no connection is held while a source is asked."""

        def run() -> Result:
            with self._transaction() as connection:
                return act(connection, *arguments, **named)

        return await asyncio.to_thread(run)


def _keep(connection: Connection, siret: str, source: Source, found: Found) -> DirectoryAnswer:
    outcome: Outcome = found if isinstance(found, str) else "listed"
    companies.store(connection, siret, outcome, source, () if isinstance(found, str) else found)
    companies.count(connection, source, outcome)
    return companies.get(connection, siret)


def _note(connection: Connection, source: Source, away: SourceAway) -> None:
    companies.count(connection, source, away.reason)
    if away.retry_after:
        company_slots.pause(connection, source, away.retry_after)


def read_key(file: Path) -> str:
    """Read the key of INSEE's API; raises `ValueError` if it could not stand in a header."""
    key = file.read_text("ascii").strip()
    if not key or not key.isprintable():
        raise ValueError("TACITE_COMPANIES_KEY is no key")
    return key
