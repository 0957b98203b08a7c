"""HEAD: the headers of GET, and nothing that a GET does besides showing something.

HEAD runs GET, without its body. What an account may read is read in a transaction of which nothing remains, so that
nobody counts as having read what was never sent. A GET that does more (it begins a proof, or calls another system) is
the endpoint of an `ActingRoute`: HEAD is answered there without running it, to everyone alike.
"""

from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Final

from fastapi.routing import APIRoute
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from models.store.database import Database

_HEAD: Final = ContextVar("head", default=False)


def is_head() -> bool:
    """Whether the call under way is a HEAD, which runs as a GET."""
    return _HEAD.get()


@contextmanager
def answering(method: str) -> Iterator[None]:
    """Remember the method of a call until it is answered, in the threads that serve it too."""
    token = _HEAD.set(method == "HEAD")
    try:
        yield
    finally:
        _HEAD.reset(token)


def transaction(database: Database) -> AbstractContextManager[Connection]:
    """Open a transaction for a call; nothing remains of a HEAD’s."""
    return database.trial() if is_head() else database.begin()


class ActingRoute(APIRoute):
    """A route whose GET does more than to show something."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[object, object, Response]]:
        """Return what serves a call; a HEAD is answered without running the endpoint."""
        serve = super().get_route_handler()

        async def handler(request: Request) -> Response:
            return Response() if is_head() else await serve(request)

        return handler
