"""The verification of a document through the API, without an engine."""

from tests.starter.files import a_pdf
from tests.starter.people import Door


async def test_a_verification_waits_for_the_engine(door: Door) -> None:
    answer = await door().post("/verifications", files={"file": ("x.pdf", a_pdf())})
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")
    assert int(answer.headers["retry-after"]) > 0
    empty = await door().post("/verifications", files={"file": ("x.pdf", b"")})
    assert empty.status_code == 422
