"""A call finds its route by its section, and only there."""

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from starter.http.sections import SectionRouter


@pytest.fixture(scope="module")
def app() -> FastAPI:
    app, first, second = FastAPI(), APIRouter(), APIRouter()

    @first.get("/cases/{name}")
    def read(name: str) -> str:
        return f"read {name}"

    @first.get("/")
    @first.get("/cases")
    def index() -> str:
        return "index"

    @second.post("/cases/{name}/end")
    def end(name: str) -> str:
        return f"ended {name}"

    for prefix in ("/api", ""):
        for router in (first, second):
            app.include_router(SectionRouter(router, prefix), prefix=prefix)
    return app


@pytest.mark.parametrize(
    ("method", "path", "status", "answer"),
    [
        ("GET", "/", 200, "index"),
        ("GET", "/cases", 200, "index"),
        ("GET", "/cases/7", 200, "read 7"),
        ("GET", "/api/cases/7", 200, "read 7"),
        ("POST", "/api/cases/7/end", 200, "ended 7"),
        ("POST", "/cases/7", 405, None),
        ("GET", "/cases/7/end", 405, None),
        ("GET", "/casesx/7", 404, None),
        ("GET", "/apicases/7", 404, None),
        ("GET", "/api/api/cases", 404, None),
        ("GET", "//cases", 404, None),
    ],
)
async def test_a_call_finds_the_route_of_its_section(
    app: FastAPI, method: str, path: str, status: int, answer: str | None
) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
        found = await client.request(method, f"http://door{path}")
    assert (found.status_code, found.json() if answer else None) == (status, answer)


def test_a_section_is_no_parameter() -> None:
    router = APIRouter()
    router.add_api_route("/{anything}", lambda: "")
    with pytest.raises(ValueError, match="parameter"):
        SectionRouter(router)
