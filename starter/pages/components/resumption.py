"""Forms that an ended session does not lose: signed in again, the visitor finds everything that was typed.

A form sent without a valid session is answered with a page that holds it in hidden fields. Once signed in, in another
tab, the visitor sends it again: its form token is of no session any more, so nothing is done, and the form is shown
with what was typed. It acts only once it is sent from there. Passwords, codes and files are not held: the page says so,
and that whoever signs in may be somebody else than who typed it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from fastapi_problem.error import Problem
from starlette.requests import Request
from starlette.responses import Response

from starter.auth import cookies
from starter.auth.credentials import PresentedCredential
from starter.http.problems import TITLES
from starter.pages.components.forms import CODE_FIELDS, SECRET_FIELDS, form_pairs
from starter.pages.components.rendering import page
from starter.pages.components.visitor import sign_in_address

MAX_BYTES: Final = 96 * 1024
"""Reasons, as they are encoded, included."""
MAX_FIELDS: Final = 120
STALE: Final = (
    "Votre session avait pris fin : rien n’a été enregistré. Vérifiez votre saisie, puis envoyez-la de nouveau."
)
UNAUTHENTICATED: Final = TITLES["unauthenticated"][0]


@dataclass(frozen=True)
class TypedForm:
    """What was typed; `fresh` is False when it was typed in another session: it is shown again, and does nothing."""

    pairs: tuple[tuple[str, str], ...]
    fresh: bool = True

    @cached_property
    def fields(self) -> dict[str, str]:
        """Return the last value of each field that is not empty."""
        return dict(self.pairs)

    def values(self, name: str) -> list[str]:
        """Return every value of one name, in order."""
        return [value for field, value in self.pairs if field == name]


async def resumable(
    request: Request,
    visitor: PresentedCredential | None,
    serve: Callable[[TypedForm, PresentedCredential], Awaitable[Response]],
    max_fields: int = MAX_FIELDS,
) -> Response:
    """Serve a form; without a session, or once it has ended, return what was typed to be sent again."""
    sent = await form_pairs(request, MAX_BYTES, max_fields)
    token = dict(sent).get(cookies.FORM_FIELD)
    pairs = tuple((name, value) for name, value in sent if name != cookies.FORM_FIELD)
    if visitor is None:
        return ended(request, pairs)
    fresh = token == cookies.form_token(visitor.session or "")
    try:
        return await serve(TypedForm(pairs, fresh), visitor)
    except Problem as problem:
        if problem.status != UNAUTHENTICATED:
            raise
        return ended(request, pairs)


def ended(request: Request, pairs: tuple[tuple[str, str], ...], code_fields: frozenset[str] = CODE_FIELDS) -> Response:
    """Return the page of a session that has ended: it holds what was typed but passwords and codes, to be sent again.

    `code_fields` names the codes, of which a form of pieces has none: its `code` is that of a piece.
    """
    content = {
        "pairs": [(name, value) for name, value in pairs if name not in SECRET_FIELDS | code_fields],
        "secret": any(name in SECRET_FIELDS for name, _ in pairs),
        "coded": any(name in code_fields for name, _ in pairs),
        "with_file": request.headers.get("content-type", "").lower().startswith("multipart/"),
        "act": f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path,
        "sign_in": sign_in_address(request),
        "me": None,
        "visitor_role": None,
    }
    return page(request, "resumption", content, UNAUTHENTICATED)
