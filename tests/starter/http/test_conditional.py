"""Whoever holds what an entity tag names gets 304 without the bytes."""

import pytest
from starlette.datastructures import Headers

from models.store.database import Database
from starter.http.conditional import conditional
from tests.builders import Credentials, a_filing
from tests.starter.files import PNG, send
from tests.starter.pages.browsing import DOCUMENT, published
from tests.starter.people import Door


def status(wanted: str | None, *, tag: str | None = '"a"', answered: int = 200) -> int:
    headers = [(b"content-type", b"image/png"), *([(b"etag", tag.encode())] if tag else [])]
    start = {"type": "http.response.start", "status": answered, "headers": headers}
    asked = Headers({"if-none-match": wanted} if wanted is not None else {})
    changed: int = conditional(asked, start)["status"]
    assert start["status"] == answered
    return changed


@pytest.mark.parametrize("wanted", ['"a"', 'W/"a"', '"b", "a"', '"b",W/"a"', "*", ' "a" '])
def test_a_caller_who_names_the_tag_gets_304(wanted: str) -> None:
    assert status(wanted) == 304


@pytest.mark.parametrize("wanted", [None, "", "a", '"b"', '"A"', '"a', "**"])
def test_a_caller_who_names_none_or_another_gets_the_bytes(wanted: str | None) -> None:
    assert status(wanted) == 200


def test_only_a_whole_answer_that_has_a_tag_may_be_unchanged() -> None:
    assert status('"a"', tag=None) == 200
    assert status("*", answered=404) == 404
    assert status('"a"', answered=201) == 201


async def test_a_file_and_a_document_that_the_caller_holds_are_not_sent_again(
    door: Door, boss: Credentials, database: Database
) -> None:
    client = door(boss)
    file_id = (await send(client, PNG)).json()["id"]
    reference = (await client.post("/requests", json=a_filing())).json()["reference"]
    document = f"/requests/{reference}/documents/{published(database, reference)}"
    for address, content in ((f"/files/{file_id}", PNG), (document, DOCUMENT)):
        whole = await client.get(address)
        held = {"If-None-Match": whole.headers["etag"]}
        assert (whole.status_code, whole.content) == (200, content)
        for method in ("GET", "HEAD"):
            unchanged = await client.request(method, address, headers=held)
            assert (unchanged.status_code, unchanged.content) == (304, b""), address
            assert unchanged.headers["etag"] == whole.headers["etag"]
            assert not {"content-length", "content-type"} & unchanged.headers.keys()
            assert unchanged.headers["x-content-type-options"] == "nosniff"
