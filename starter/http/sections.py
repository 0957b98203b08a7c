"""Routers by the section of their addresses, so that a call is compared with the routes of its own section alone.

The framework tries every route in turn, and includes each router as a tree of its own: for the last of sixty routers
that costs as much as a query.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from fastapi import APIRouter
from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute, Match
from starlette.types import Scope

ANY: Final = "{"
"""What a section contains that is a parameter."""


class SectionRouter(APIRouter):
    """The routes of a router, which calls of other sections pass over at once."""

    def __init__(self, router: APIRouter, prefix: str = "") -> None:
        super().__init__(routes=router.routes)
        self._prefix = prefix
        self._sections = frozenset(_sections(router.routes))

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Return whether one of the routes is that of a call."""
        path = str(scope["path"])
        inside = path.startswith(self._prefix) and _section(path[len(self._prefix) :]) in self._sections
        return super().matches(scope) if inside else (Match.NONE, {})


def _sections(routes: Sequence[BaseRoute]) -> Iterator[str]:
    for each in iter_route_contexts(routes):
        section = _section(each.path or ANY)
        if ANY in section:
            raise ValueError(f"a section must not be a parameter: {each.path}")
        yield section


def _section(path: str) -> str:
    return path.split("/", 2)[1] if path.startswith("/") else path
