"""Problems rendered as pages, with the same status and text."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from starter.pages.components.rendering import page
from starter.pages.components.visitor import to_sign_in

API_PREFIX: Final = "/api/"
KEPT_HEADERS: Final = ("retry-after", "allow", "www-authenticate")
"""Headers of a problem that its page keeps."""
Problem = dict[str, object]


def for_browsers(problem: Problem, request: Request, response: Response) -> tuple[Problem, Response]:
    """Render a problem as a page for a browser; API calls keep `application/problem+json`."""
    if request.url.path.startswith(API_PREFIX) or "text/html" not in request.headers.get("accept", ""):
        response.headers["Vary"] = "Accept"
        return problem, response
    if response.status_code == 401:
        return problem, to_sign_in(request)
    content = {
        "title": problem["title"],
        "detail": problem["detail"],
        "slug": str(problem["type"]).rpartition("/")[2],
        "lost": response.status_code == 404,
    }
    answer = page(request, "error", content, response.status_code)
    for name in KEPT_HEADERS:
        if name in response.headers:
            answer.headers[name] = response.headers[name]
    answer.headers["Vary"] = "Accept"
    return problem, answer
