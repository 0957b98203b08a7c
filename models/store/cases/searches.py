"""What a list of requests is searched by: words, establishment, status, last change; every search uses an index."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Select, bindparam, false, select, text

from models.identifiers import compact, find_reference
from models.store.paging import PAGE_SIZE
from models.store.schema.cases import establishment, request
from models.store.schema.journal import event
from models.store.schema.search import FOLDED, NAME_WORDS

MAX_WORDS: Final = 8
"""Words of a name that are looked for; the others are ignored."""
_SIREN_OR_SIRET: Final = re.compile(r"\d{9,14}", re.ASCII)
_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Which requests of a list, and which page of it."""

    status: str | None = None
    siret: str | None = None
    ground: str | None = None
    words: str | None = None
    """A reference, the beginning of a SIRET (from its SIREN on), or words with which words of the name begin."""
    updated_since: datetime | None = None
    after: str | None = None
    """Cursor of the last row that was read."""
    limit: int = PAGE_SIZE


def narrowed(
    query: Select[tuple[object, ...]], search: Search, shown: Collection[str] | None = None
) -> Select[tuple[object, ...]]:
    """Return the query of the requests that a search wants.

    `shown` are the types of events that the reader is shown: others are no change, if it is not None.
    """
    if search.status:
        query = query.where(request.c.status == search.status)
    if search.siret:
        query = query.where(request.c.siret == search.siret)
    if search.ground:
        query = query.where(request.c.ground == search.ground)
    if search.words:
        query = query.where(_matches(search.words))
    if search.updated_since:
        query = query.where(_changed(search.updated_since, shown))
    return query


def named(words: str) -> ColumnElement[bool]:
    """Whether an establishment is the one that these words mean, by its SIREN, its SIRET or its name."""
    number = compact(words)
    if _SIREN_OR_SIRET.fullmatch(number):
        return establishment.c.siret.like(f"{number}%")
    terms = _WORD.findall(words)[:MAX_WORDS]
    if not terms:
        return false()
    prefixes = " & ".join(f"{term}:*" for term in terms)
    asked = text(f"{NAME_WORDS} @@ to_tsquery('simple', {FOLDED.format(':prefixes')})")
    return asked.bindparams(bindparam("prefixes", prefixes, unique=True))  # type: ignore[return-value]


def _matches(words: str) -> ColumnElement[bool]:
    reference = find_reference(words)
    if reference is not None:
        return request.c.reference == reference
    return request.c.siret.in_(select(establishment.c.siret).where(named(words)))


def _changed(since: datetime, shown: Collection[str] | None) -> ColumnElement[bool]:
    changes = select(event.c.subject).where(event.c.recorded_at >= since)
    if shown is not None:
        changes = changes.where(event.c.type.in_(shown))
    return request.c.reference.in_(changes)
