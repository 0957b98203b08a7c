"""Problems rendered as pages, with the same status and text."""

from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Scope

from starter.pages.components.rendering import HEADERS, NOBODY, page
from starter.pages.components.visitor import to_sign_in

API_PREFIX: Final = "/api/"
KEPT_HEADERS: Final = ("retry-after", "allow", "www-authenticate", "connection")
"""Headers of a problem that its page keeps."""
Problem = dict[str, object]


def for_browsers(problem: Problem, request: Request, response: Response) -> tuple[Problem, Response]:
    """Render a problem as a page for a browser; API calls keep `application/problem+json`."""
    if not _shows_pages(request):
        response.headers["Vary"] = "Accept"
        return problem, response
    if response.status_code == 401:
        return problem, to_sign_in(request)
    answer = page(request, "error", _content(problem), response.status_code)
    for name in KEPT_HEADERS:
        if name in response.headers:
            answer.headers[name] = response.headers[name]
    answer.headers["Vary"] = "Accept"
    return problem, answer


class RefusalPages:
    """Pages of calls that are refused before they are looked at: each is rendered once, for nobody.

    They come when there are too many calls already, so one costs neither a query nor a rendering.
    """

    def __init__(self) -> None:
        self._rendered: dict[object, bytes] = {}

    def __call__(self, scope: Scope, problem: Problem) -> Response | None:
        """Return the page of a refusal for a browser; None for software."""
        if not _shows_pages(Request(scope)):
            return None
        refusal = (problem["type"], problem["detail"])
        if refusal not in self._rendered:
            nowhere = Request({**scope, "path": "/refused", "query_string": b""})  # one page for all addresses
            self._rendered[refusal] = bytes(page(nowhere, "error", {**_content(problem), **NOBODY}).body)
        return HTMLResponse(self._rendered[refusal], int(str(problem["status"])), {**HEADERS, "Vary": "Accept"})


def _shows_pages(request: Request) -> bool:
    return not request.url.path.startswith(API_PREFIX) and "text/html" in request.headers.get("accept", "")


def _content(problem: Problem) -> dict[str, object]:
    return {
        "title": problem["title"],
        "detail": problem["detail"],
        "slug": str(problem["type"]).rpartition("/")[2],
        "lost": problem["status"] == 404,
    }
