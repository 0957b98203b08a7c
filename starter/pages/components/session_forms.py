"""Forms of a signed-in visitor: nothing typed is lost to an error, to a session that has ended, or to a limit.

Built on `resumption`: a form sent without a valid session is answered with a page that holds it; sent again from there,
it is of no session any more, so nothing is done and it is shown as it was typed. Passwords, codes and files are not
held.
"""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import urlencode

from fastapi_problem.error import Problem
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from models.errors import Conflict, KeyReused, QuotaReached, Unlawful
from models.store.claims.refusals import AdmissionRefused
from starter.auth.credentials import PresentedCredential
from starter.http.problems import TITLES, InvalidRequest, of_law
from starter.pages.components.form_keys import KEY_FIELD, REUSED
from starter.pages.components.forms import beside
from starter.pages.components.resumption import MAX_FIELDS, STALE, TypedForm, resumable
from starter.pages.components.said import redirect_saying
from starter.pages.components.visitor import redirect

TOO_MANY: Final = TITLES["too-many"][0]
NO_FIELDS: Final[Mapping[str, str]] = MappingProxyType({})

Act = Callable[[TypedForm, PresentedCredential], Response]
"""Does what a form asks, in a thread."""
Again = Callable[[TypedForm, PresentedCredential, dict[str, str]], Response]
"""Shows a form again, with what was typed, and the sentence beside each wrong field."""
Runner = Callable[[Act, TypedForm, PresentedCredential], Awaitable[Response]]
"""Runs an act outside of the event loop; may raise 429 instead."""


async def session_form(
    request: Request,
    visitor: PresentedCredential | None,
    act: Act,
    again: Again,
    pointers: Mapping[str, str] = NO_FIELDS,
    run: Runner = run_in_threadpool,
    max_fields: int = MAX_FIELDS,
) -> Response:
    """Serve a form; whatever is wrong, it is shown again with what was typed.

    `pointers` maps the pointers of faults to names of fields; a refusal about no field stands above the form.
    `run` bounds what takes long.
    """

    async def attempt(form: TypedForm, session: PresentedCredential) -> Response:
        async def show(wrong: dict[str, str]) -> Response:
            return await run_in_threadpool(again, form, session, wrong)

        if not form.fresh:
            return await show({"form": STALE})
        try:
            return await run(act, form, session)
        except InvalidRequest as wrong:
            return await show(beside(wrong.faults, pointers))
        except Unlawful as wrong:
            return await show(beside(of_law(wrong.objections), pointers))
        except KeyReused as reused:
            fresh = tuple((name, value) for name, value in form.pairs if name != KEY_FIELD)
            return await run_in_threadpool(again, TypedForm(fresh), session, {"form": reused.detail or REUSED})
        except (Conflict, AdmissionRefused) as conflict:
            return await show({"form": conflict.detail})
        except QuotaReached as reached:
            return later(await show({"form": reached.detail}), str(reached.retry_after))
        except Problem as refused:
            if refused.status != TOO_MANY:
                raise
            return later(await show({"form": str(refused.detail)}), (refused.headers or {}).get("Retry-After"))

    return await resumable(request, visitor, attempt, max_fields)


async def session_act(
    request: Request, visitor: PresentedCredential | None, act: Act, back: str | None = None
) -> Response:
    """Serve a form of one button, in which nothing is typed; sent from a session that has ended, it does nothing.

    It then leads to `back`, or to the page of its own address, which asks again.
    """

    async def attempt(form: TypedForm, session: PresentedCredential) -> Response:
        if form.fresh:
            return await run_in_threadpool(act, form, session)
        if back is not None:
            return redirect_saying(back, "ended", session)
        asked = "&".join(filter(None, (request.url.query, urlencode(form.pairs))))
        return redirect(f"{request.url.path}?{asked}" if asked else request.url.path)

    return await resumable(request, visitor, attempt)


def later(answer: Response, seconds: str | None) -> Response:
    """Make an answer 429, and say after how many seconds to try again."""
    answer.status_code = TOO_MANY
    if seconds:
        answer.headers["Retry-After"] = seconds
    return answer
