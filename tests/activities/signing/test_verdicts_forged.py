"""Forged, expired, foreign documents: each is refused, and the reason is said."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.functions import sign_pdf
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata

from activities.documents.contents import Content
from activities.documents.render import render
from activities.signing import sign as signing
from activities.signing import verdicts
from activities.signing.keys import load_signer
from activities.signing.problems import SENTENCES
from activities.signing.sign import archive
from activities.signing.timestamp import FailoverTimeStamper
from tests.activities.documents.examples import AT, a_grant, every_document
from tests.activities.signing.forging import DAY, Forger, an_authority_of_our_own
from tests.judging import verify

HOUR = timedelta(hours=1)


@dataclass
class Bench:
    """What forgers need: an authority that sells them certificates, and time-stamps that anybody may ask for."""

    forger: Forger
    timestamps: FailoverTimeStamper

    def signed(self, identity: Path, content: Content | None = None, *, stamped: bool = True) -> bytes:
        """Sign a decision, or another document, with any key."""
        pdf = render(content or a_grant(), AT)
        if stamped:
            return signing.sign(pdf, load_signer(identity), self.timestamps, reason="Essai")
        metadata = PdfSignatureMetadata("Signature", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
        writer = IncrementalPdfFileWriter(BytesIO(pdf))
        return sign_pdf(writer, metadata, load_signer(identity), bytes_reserved=32_768).getvalue()  # type: ignore[no-any-return]

    def signed_twice(self, identity: Path) -> bytes:
        """Sign a decision, and sign it again."""
        writer = IncrementalPdfFileWriter(BytesIO(self.signed(identity, stamped=False)))
        metadata = PdfSignatureMetadata("Seconde", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
        return sign_pdf(writer, metadata, load_signer(identity), bytes_reserved=32_768).getvalue()  # type: ignore[no-any-return]

    def archived(self, pdf: bytes) -> bytes:
        """Raise a document to the level at which it judges itself."""
        return archive(pdf, self.forger.trust, self.timestamps)


@pytest.fixture
def bench(
    authority_folder: Path, timestamps: FailoverTimeStamper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Bench:
    monkeypatch.setattr(signing, "_check_certificate", lambda _signer: None)
    return Bench(Forger(authority_folder, tmp_path), timestamps)


Made = Callable[[Bench], bytes]


def another_signer(bench: Bench) -> bytes:
    return bench.signed(bench.forger.identity("Jean Fraudeur"))


def another_signer_archived(bench: Bench) -> bytes:
    return bench.archived(another_signer(bench))


def ended_long_ago(bench: Bench) -> bytes:
    return bench.signed(bench.forger.publish(bench.forger.identity("Fini", -900 * DAY, -600 * DAY)))


def ended_an_hour_ago(bench: Bench) -> bytes:
    return bench.signed(bench.forger.publish(bench.forger.identity("Juste fini", -900 * DAY, -HOUR)))


def not_yet_valid(bench: Bench) -> bytes:
    return bench.signed(bench.forger.publish(bench.forger.identity("Trop tôt", HOUR, DAY)))


def revoked(bench: Bench) -> bytes:
    return bench.signed(bench.forger.folder / "signatories" / "former")


def without_timestamp(bench: Bench) -> bytes:
    return bench.signed(bench.forger.folder / "signatories" / "director", stamped=False)


def foreign_timestamp(bench: Bench) -> bytes:
    director = load_signer(bench.forger.folder / "signatories" / "director")
    return signing.sign(render(a_grant(), AT), director, an_authority_of_our_own(), reason="Essai")


def second_signature(bench: Bench) -> bytes:
    return bench.signed_twice(bench.forger.folder / "signatories" / "director")


def receipt_by_a_person(bench: Bench) -> bytes:
    return bench.signed(bench.forger.folder / "signatories" / "director", every_document()["receipt"])


def decision_under_the_seal(bench: Bench) -> bytes:
    return bench.signed(bench.forger.folder / "seal")


def of_another_department(bench: Bench) -> bytes:
    identity = bench.forger.identity("De Paris")
    return bench.signed(bench.forger.publish(identity, departments=["75"]))


def out_of_office(bench: Bench) -> bytes:
    return bench.signed(bench.forger.publish(bench.forger.identity("Partie"), until_on="2026-01-01"))


def before_office(bench: Bench) -> bytes:
    return bench.signed(bench.forger.publish(bench.forger.identity("Pas encore"), from_on="2199-01-01"))


def key_for_something_else(bench: Bench) -> bytes:
    identity = bench.forger.identity("Chiffrement", usage="key_encipherment")
    return bench.signed(bench.forger.publish(identity))


def short_key(bench: Bench) -> bytes:
    return bench.signed(bench.forger.publish(bench.forger.identity("Faible", bits=1024)))


def unsigned(_bench: Bench) -> bytes:
    return render(a_grant(), AT, draft=True)


def data_changed(bench: Bench) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(bench.signed(bench.forger.folder / "signatories" / "director")))
    names = writer.root["/Names"]["/EmbeddedFiles"]["/Names"]
    stream = names[1]["/EF"].raw_get("/F").get_object()
    stream._data = stream.data.replace(b"034AQHV02", b"075AAAA01")
    stream._encoded_data = None
    writer.mark_update(names[1]["/EF"].raw_get("/F"))
    out = BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    return out.getvalue()


def page_replaced(bench: Bench) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(bench.signed(bench.forger.folder / "signatories" / "director")))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = page["/MediaBox"][0].__class__(180)
    writer.update_container(page)
    out = BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    return out.getvalue()


FORGED: dict[str, tuple[Made, str]] = {
    "a signer of the same authority": (another_signer, verdicts.UNKNOWN_SIGNER),
    "the same, archived": (another_signer_archived, verdicts.UNKNOWN_SIGNER),
    "a certificate that ended long ago": (ended_long_ago, SENTENCES["out-of-date"]),
    "a certificate that ended an hour ago": (ended_an_hour_ago, SENTENCES["out-of-date"]),
    "a certificate that begins in an hour": (not_yet_valid, SENTENCES["out-of-date"]),
    "a revoked certificate": (revoked, SENTENCES["revoked"]),
    "no time-stamp": (without_timestamp, SENTENCES["no-timestamp"]),
    "a time-stamp of another authority": (foreign_timestamp, SENTENCES["timestamp"]),
    "a second signature": (second_signature, SENTENCES["several-signatures"]),
    "a receipt signed by a person": (receipt_by_a_person, verdicts.NOT_THE_SEAL),
    "a decision under the seal": (decision_under_the_seal, verdicts.NOT_A_PERSON),
    "a person of another département": (of_another_department, verdicts.OTHER_DEPARTMENT),
    "a person who has left": (out_of_office, verdicts.OUT_OF_OFFICE),
    "a person who has not begun": (before_office, verdicts.OUT_OF_OFFICE),
    "a key for something else": (key_for_something_else, SENTENCES["usage"]),
    "a short key": (short_key, SENTENCES["weak"]),
    "an unsigned draft": (unsigned, SENTENCES["unsigned"]),
    "data changed after": (data_changed, SENTENCES["modified"]),
    "a page changed after": (page_replaced, SENTENCES["modified"]),
}


@pytest.mark.parametrize("name", FORGED)
def test_what_the_service_did_not_sign_is_refused_for_its_reason(name: str, bench: Bench) -> None:
    make, reason = FORGED[name]
    found = verify(make(bench), bench.forger.trust, online=True)
    assert not found.valid
    assert reason in found.problems
    assert (found.signed_at, found.case_reference) == (None, None)


def test_a_decision_of_a_person_in_office_is_valid(bench: Bench) -> None:
    young = bench.signed(bench.forger.folder / "signatories" / "director")
    for found in (
        verify(young, bench.forger.trust, online=True),
        verify(bench.archived(young), bench.forger.trust),
    ):
        assert (found.valid, found.problems, found.signer) == (True, (), "Marc Olivier")
        assert found.case_reference == "034AQHV02"
        assert found.signed_at is not None
        assert found.signed_at.utcoffset() != timedelta(0)


def test_a_certificate_that_ended_since_proves_nothing_unless_it_was_archived_before(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    young = bench.signed(bench.forger.folder / "signatories" / "director")
    archived = bench.archived(young)
    monkeypatch.setattr(verdicts, "clock", lambda: datetime.now(UTC) + 9 * 365 * DAY)
    assert SENTENCES["ended-since"] in verify(young, bench.forger.trust).problems
    assert verify(archived, bench.forger.trust).valid
    assert verify(young, bench.forger.trust, lambda _digest: "034AQHV02").valid
