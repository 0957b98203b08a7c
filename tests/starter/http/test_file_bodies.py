"""Forms that may carry a file are read within limits, whatever they declare."""

from collections.abc import MutableMapping

import pytest
from fastapi_problem.error import Problem
from starlette.requests import Request

from starter.http.file_bodies import FileLimits, file_form
from tests.builders import Credentials
from tests.starter.people import Door


def a_form(*parts: str, charset: str = "utf-8") -> Request:
    """A form as a browser sends it, each part written as its name, its other parameters, then its content."""
    body = "".join(f"--b\r\nContent-Disposition: form-data; name={part}\r\n" for part in parts) + "--b--\r\n"

    async def receive() -> MutableMapping[str, object]:
        return {"type": "http.request", "body": body.encode(), "more_body": False}

    kind = f"multipart/form-data; boundary=b; charset={charset}"
    return Request({"type": "http", "headers": [(b"content-type", kind.encode())]}, receive)


LIMITS = FileLimits(file=200, slack=50, fields=100, max_fields=40)
FILE = f"file; filename=a.pdf\r\n\r\n{'x' * 150}"


@pytest.mark.parametrize(
    "parts",
    [
        [f"text\r\n\r\n{'x' * 97}"],
        [FILE, f"text\r\n\r\n{'x' * 97}"],
        [f"a{number}\r\n\r\n{'x' * 9}" for number in range(10)],
        [f"{'n' * 60}{number}\r\n\r\n" for number in range(2)],
    ],
)
async def test_the_fields_of_a_form_are_bounded_together_whatever_its_file_may_weigh(parts: list[str]) -> None:
    with pytest.raises(Problem) as refused:
        await file_form(a_form(*parts), LIMITS)
    assert refused.value.status == 413


async def test_a_file_that_nobody_may_send_is_let_through_and_forgotten() -> None:
    parts = ["before\r\n\r\n1", FILE, "after\r\n\r\n2"]
    kept = await file_form(a_form(*parts), LIMITS)
    assert (len(kept.content or b""), dict(kept.pairs)) == (150, {"before": "1", "after": "2"})
    passed = await file_form(a_form(*parts), LIMITS, keeps_file=False)
    assert (passed.content, dict(passed.pairs), passed.too_large) == (b"", {"before": "1", "after": "2"}, False)


@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape", "punycode"])
async def test_the_fields_of_a_form_are_utf_8_whatever_it_declares(charset: str) -> None:
    sent = await file_form(a_form("+2AA-é\r\n\r\n+2AA-\\ud800é", charset=charset), LIMITS)
    assert dict(sent.pairs) == {"+2AA-é": "+2AA-\\ud800é"}


@pytest.mark.parametrize("name", ["filename*=UTF-8''%C3%A9.csv", "filename*0*=UTF-8''a; filename*1=.csv", "filename=a"])
async def test_a_file_whose_name_is_written_otherwise_is_a_file(name: str, door: Door, boss: Credentials) -> None:
    part = f'--b\r\nContent-Disposition: form-data; name="file"; {name}\r\n\r\na;b\r\n1;2\r\n--b--\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = await door(boss).post("/files", content=part.encode(), headers=headers)
    assert answer.status_code == 201, answer.text
