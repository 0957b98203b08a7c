"""Verification: what passes, how each kind of tampering is reported, and that nothing makes it raise."""

import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pypdf import PdfReader, PdfWriter

from activities.documents.render import render
from activities.signing.errors import SigningUnavailable
from activities.signing.keys import load_signer
from activities.signing.sign import sign
from activities.signing.timestamp import FailoverTimeStamper
from local.authorities import prepare
from tests.activities.documents.examples import AT, a_grant
from tests.judging import verify

UNREADABLE = "Ce fichier n’est pas un document PDF signé lisible."


@pytest.fixture
def trust(authority_folder: Path) -> Path:
    return authority_folder / "trust"


@pytest.fixture(scope="session")
def signed_by(authority_folder: Path, timestamps: FailoverTimeStamper) -> Callable[[Path], bytes]:
    def signed(folder: Path) -> bytes:
        return sign(render(a_grant(), AT), load_signer(folder), timestamps, reason="Essai")

    return signed


def test_an_archived_document_is_valid_without_network(began: datetime, archived: bytes, trust: Path) -> None:
    found = verify(archived, trust)
    assert (found.valid, found.integrity, found.level, found.problems) == (True, True, "B-LTA", ())
    assert (found.signer, found.case_reference) == ("Cachet Tacite d’essai", "034AQHV02")
    assert found.signed_at is not None
    assert began <= found.signed_at <= datetime.now(UTC)


def test_an_archived_document_stays_valid_when_its_revocation_lists_are_old(
    archived: bytes, trust: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    years_later = datetime.now(UTC) + timedelta(days=2000)
    monkeypatch.setattr("activities.signing.verdicts.clock", lambda: years_later)
    assert verify(archived, trust).valid


def test_a_young_document_needs_revocation_data_from_its_authorities(sealed: bytes, trust: Path) -> None:
    online = verify(sealed, trust, online=True)
    assert (online.valid, online.level, online.problems) == (True, "B-T", ())
    offline = verify(sealed, trust)
    assert (offline.valid, offline.integrity) == (False, True)
    assert "données de révocation" in offline.problems[0]


def test_an_authority_that_says_nothing_leaves_a_doubt(
    tmp_path: Path, silent: str, timestamps: FailoverTimeStamper
) -> None:
    prepare(tmp_path, silent)
    signed = sign(render(a_grant(), AT), load_signer(tmp_path / "seal"), timestamps, reason="Essai")
    found = verify(signed, tmp_path / "trust", online=True)
    assert (found.valid, found.integrity) == (False, True)
    assert "données de révocation" in found.problems[0]


def test_the_register_tells_whose_case_it_is(archived: bytes, trust: Path) -> None:
    database = {sha256(archived).hexdigest(): "034AQHV02"}
    known = verify(archived, trust, database.get)
    assert (known.valid, known.registered, known.case_reference) == (True, True, "034AQHV02")
    unknown = verify(archived, trust, lambda digest: None)
    assert (unknown.valid, unknown.registered, unknown.integrity) == (False, False, True)
    assert unknown.case_reference is None
    assert unknown.problems == ("Le registre ne connaît pas ce document.",)


def test_a_change_of_one_bit_anywhere_is_seen(archived: bytes, trust: Path) -> None:
    last = PdfFileReader(BytesIO(archived)).embedded_signatures[-1]
    envelope = range(int(last.byte_range[1]), int(last.byte_range[2]))
    for position in range(10, len(archived), len(archived) // 60):
        if position in envelope:
            continue
        changed = bytearray(archived)
        changed[position] ^= 1
        found = verify(bytes(changed), trust)
        assert not found.valid, position
        assert found.problems, position


def test_padding_of_a_signature_cannot_hide_anything(archived: bytes, trust: Path) -> None:
    last = PdfFileReader(BytesIO(archived)).embedded_signatures[-1]
    changed = bytearray(archived)
    changed[int(last.byte_range[2]) - 10] = ord("7")
    assert not verify(bytes(changed), trust).valid


@pytest.mark.parametrize("tail", [b"%", b"\n%%EOF\n", b"\0" * 100], ids=["comment", "end", "zeros"])
def test_bytes_added_at_the_end_are_seen(archived: bytes, trust: Path, tail: bytes) -> None:
    found = verify(archived + tail, trust)
    assert not found.valid
    assert not found.integrity


def test_an_incremental_update_is_seen(sealed: bytes, archived: bytes, trust: Path) -> None:
    for document in (sealed, archived):
        found = verify(_with_new_title(document), trust, online=True)
        assert (found.valid, found.integrity) == (False, False)
        assert found.problems == ("Le document a été modifié après sa signature.",)


def test_a_document_rewritten_by_another_tool_is_seen(sealed: bytes, trust: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(sealed)))
    rewritten = BytesIO()
    writer.write(rewritten)
    assert not verify(rewritten.getvalue(), trust).valid


def test_a_signer_of_other_authorities_is_not_trusted(
    signed_by: Callable[[Path], bytes], trust: Path, tmp_path: Path
) -> None:
    prepare(tmp_path, "http://127.0.0.1:9")
    found = verify(signed_by(tmp_path / "seal"), trust, online=True)
    assert (found.valid, found.integrity, found.signed_at, found.case_reference) == (False, True, None, None)
    assert found.problems == ("Le certificat du signataire n’est pas émis par une autorité reconnue.",)


def test_a_certificate_revoked_when_it_signed_is_not_accepted(
    signed_by: Callable[[Path], bytes], authority_folder: Path, trust: Path
) -> None:
    found = verify(signed_by(authority_folder / "signatories" / "former"), trust, online=True)
    assert found.problems == ("Le certificat du signataire était révoqué au moment de la signature.",)


def test_an_unsigned_document_is_told_apart_from_a_damaged_one(trust: Path) -> None:
    assert verify(render(a_grant(), AT), trust).problems == ("Ce document n’est pas signé.",)


@pytest.mark.parametrize(
    "bytes_",
    [b"", b"%PDF-1.7", b"bonjour", b"\0" * 10_000, zlib.compress(b"x" * 9999), "é".encode() * 50],
    ids=["empty", "header", "text", "zeros", "compressed", "accents"],
)
def test_garbage_is_called_unreadable(bytes_: bytes, trust: Path) -> None:
    assert verify(bytes_, trust).problems == (UNREADABLE,)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(data=st.data())
def test_a_cut_or_stirred_document_never_makes_it_raise(archived: bytes, trust: Path, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(archived) - 1))
    length = data.draw(st.integers(0, 2000))
    stirred = archived[:start] + data.draw(st.binary(max_size=40)) + archived[start + length :]
    if stirred != archived:
        assert not verify(stirred, trust).valid


def test_a_folder_without_anchors_is_the_operators_matter(archived: bytes, tmp_path: Path) -> None:
    with pytest.raises(SigningUnavailable):
        verify(archived, tmp_path)


def _with_new_title(pdf: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    writer.root["/Lang"] = writer.root["/Lang"].__class__("en")
    writer.update_root()  # type: ignore[no-untyped-call]
    out = BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    return out.getvalue()
