"""Uploads are typed by their content; empty, broken, locked, active or oversized files are refused."""

from collections.abc import Iterator
from typing import get_args

import pytest

from examining import formats
from local.postgres import Postgres
from models.examination.shapes import Refusal
from models.store.database import Database
from starter.http import uploads
from starter.http.request_body import MEBIBYTE, size_in_french
from tests.builders import Credentials
from tests.starter.conftest import one_register
from tests.starter.files import JPEG, PNG, a_pdf, send
from tests.starter.people import Door


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (a_pdf(), "application/pdf"),
        (PNG, "image/png"),
        (JPEG, "image/jpeg"),
        ("nom;heures\nÉmilie;12\nJean;10\n".encode("cp1252"), "text/csv"),
    ],
)
async def test_a_file_is_kept_under_its_real_type(content: bytes, kind: str, door: Door, boss: Credentials) -> None:
    answer = await send(door(boss), content)
    assert (answer.status_code, answer.json()["media_type"]) == (201, kind), answer.text
    assert answer.json()["size"] == len(content)


WRONG = {
    "nothing": (b"", "file-empty"),
    "a program": (b"MZ" + b"\0" * 200, "file-type"),
    "an archive": (b"PK\x03\x04" + b"\0" * 200, "file-type"),
    "a web page": (b"<html><script>alert(1)</script></html>", "file-type"),
    "one line of text": (b"bonjour", "file-type"),
    "a locked PDF": (a_pdf(password="secret"), "pdf-encrypted"),
    "a PDF that runs": (a_pdf(script="app.alert('x');"), "pdf-active"),
    "half a PDF": (a_pdf()[:200], "file-broken"),
    "a PDF in name": (b"%PDF-1.7\n" + b"garbage " * 50, "file-broken"),
    "half an image": (PNG[:30], "file-broken"),
}


@pytest.mark.parametrize("name", WRONG)
async def test_a_wrong_file_is_refused_in_french(name: str, door: Door, boss: Credentials) -> None:
    content, code = WRONG[name]
    answer = await send(door(boss), content)
    assert answer.status_code == 422, answer.text
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [("/file", code)]


async def test_a_file_too_large_is_refused_before_it_is_read(door: Door, boss: Credentials) -> None:
    read = 0

    async def endless() -> object:
        nonlocal read
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
        for _ in range(1_000):
            read += 1
            yield b"x" * 10_000

    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = await door(boss).post("/files", content=endless(), headers=kind)  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")
    assert answer.json()["detail"] == "Le fichier dépasse 195 Ko."
    assert size_in_french(10 * MEBIBYTE) == "10 Mo"
    assert read < 40


async def test_a_form_without_a_file_or_that_is_no_form_is_refused(door: Door, boss: Credentials) -> None:
    client = door(boss)
    form = {"Content-Type": "multipart/form-data; boundary=b"}
    assert (await client.post("/files", content=b"x", headers=form)).status_code == 422
    assert (
        await client.post("/files", content=b"", headers={"Content-Type": "multipart/form-data"})
    ).status_code == 422
    assert (await client.post("/files", json={})).status_code == 415
    other = await client.post("/files", files={"piece": ("x.png", PNG)})
    assert [error["code"] for error in other.json()["errors"]] == ["missing"]
    text = await client.post("/files", data={"file": "x"}, files={"other": ("x.png", PNG)})
    assert [error["code"] for error in text.json()["errors"]] == ["missing"]


TOLD = {
    "heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "C’est une photo HEIC : exportez-la en JPEG, puis envoyez-la."),
    "half an image": (PNG[:40], "Cette image est endommagée ou incomplète."),
    "a letter": (b"Madame,\n\nJe vous prie.\n", "C’est un texte, et non un tableau"),
    "a workbook": (b"PK\3\4" + bytes(40) + b"xl/workbook.xml", "C’est un classeur de tableur"),
    "active": (a_pdf(script="app.alert('x');"), "Ce PDF contient un programme ou une action automatique"),
}


@pytest.mark.parametrize("name", TOLD)
async def test_a_refusal_says_what_the_file_is_and_what_to_do(name: str, door: Door, boss: Credentials) -> None:
    content, sentence = TOLD[name]
    answer = await send(door(boss), content)
    assert answer.json()["errors"][0]["message"].startswith(sentence)


def test_every_refusal_has_a_sentence_and_every_group_is_recognised_somewhere() -> None:
    assert set(uploads.REFUSALS) == set(get_args(Refusal))
    groups = {*formats.BY_EXTENSION.values(), *formats.OPEN_DOCUMENT.values(), "mail", "markup", "data"}
    assert set(uploads.RECOGNISED) >= groups | {"text"}
