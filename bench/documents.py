"""Documents: cost of a sealed page, beside the library's plain signer and a bare key operation."""

import time
from collections.abc import Callable
from io import BytesIO
from itertools import count

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.functions import sign_pdf
from pyhanko.sign.signers.pdf_cms import SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata

from activities.documents.compose import Composer
from activities.documents.kinds.receipt import Receipt, compose
from activities.documents.render import render
from activities.signing.acts import DocumentSigner
from activities.signing.keys import load_signer
from activities.signing.sign import sign
from activities.signing.timestamp import FailoverTimeStamper
from bench.figures import Figure
from bench.fixtures import Scale, employers, file, world
from bench.meters import operate
from local.world import World
from models.engine.keys import MasterKey
from models.store.database import Database

TITLE = "Documents"
HOW = (
    "A receipt composed from the register, rendered by typst to PDF/A-3a and PDF/UA-1, sealed with an RSA-3072 key at "
    "level B-T by the code of the worker, in one thread; the time-stamp authority is another process, not counted. "
    "The plain signer is pyHanko’s own `SimpleSigner` and `sign_pdf` with their defaults, on the same page, key, chain "
    "and time-stamp authority. No page is like another. Processor time, not wall time."
)
ROUNDS = 7


def run(scale: Scale) -> list[Figure]:
    """Run alternating rounds of the product and of the bare equivalents."""
    with world(("postgres", "authorities")) as running:
        signing = document_signer(running)
        content = _receipt(running)
        return _figures(_rounds(running, signing, content, scale))


def document_signer(running: World) -> DocumentSigner:
    """Return a signer of documents with the keys of a world."""
    folder = running.authorities.folder
    stamps = tuple(f"{running.authorities.url}/tsa/{name}" for name in ("first", "second"))
    return DocumentSigner(folder / "seal", folder / "signatories", folder / "trust", stamps)


def _receipt(running: World) -> Receipt:
    with Database(running.postgres.dsn, size=2) as database:
        reference = file(database, MasterKey(running.master_key), employers(database, 1)[0])
        with database.begin() as connection:
            return compose(Composer(running.site, "production").case_file(connection, reference), "1")


def _rounds(running: World, signing: DocumentSigner, content: Receipt, scale: Scale) -> dict[str, list[float]]:
    """Return milliseconds of processor of each shape, by round."""
    at = content.received_at
    numbers = count()

    def another_page() -> Receipt:
        """Return a new page: typst would cache an identical one."""
        return content.model_copy(update={"reference": f"034{next(numbers):06}"})

    page = render(content, at)
    folder, urls = running.authorities.folder / "seal", signing.timestamps
    raw = load_pem_private_key((folder / "key.pem").read_bytes(), None)
    assert isinstance(raw, RSAPrivateKey)
    ours = load_signer(folder)
    stamper = FailoverTimeStamper(urls, running.authorities.folder / "trust")
    shapes: dict[str, tuple[Callable[[], object], int]] = {
        "sealed": (lambda: signing.seal(another_page(), at), scale(15, 1)),
        "plain": (lambda: _sign_plainly(page, running, stamper), scale(3, 1)),
        "signed": (lambda: sign(page, ours, stamper, reason="Banc d’essai"), scale(15, 1)),
        "rendered": (lambda: render(another_page(), at), scale(15, 1)),
        "raw": (lambda: operate(raw), scale(200, 5)),
    }
    measured: dict[str, list[float]] = {name: [] for name in shapes}
    for shape, _ in shapes.values():
        shape()
    for _ in range(scale(ROUNDS, 2)):
        for name, (shape, times) in shapes.items():
            began = time.process_time()
            for _ in range(times):
                shape()
            measured[name].append((time.process_time() - began) * 1000 / times)
    return measured


def _sign_plainly(page: bytes, running: World, stamper: FailoverTimeStamper) -> bytes:
    """Sign as the library's documentation shows."""
    folder = running.authorities.folder / "seal"
    signer = SimpleSigner.load(  # type: ignore[no-untyped-call]
        str(folder / "key.pem"), str(folder / "certificate.pem"), ca_chain_files=(str(folder / "chain.pem"),)
    )
    metadata = PdfSignatureMetadata(
        field_name="Signature", md_algorithm="sha256", certify=True, subfilter=SigSeedSubFilter.PADES
    )
    signed = sign_pdf(IncrementalPdfFileWriter(BytesIO(page)), metadata, signer, timestamper=stamper)
    assert isinstance(signed, BytesIO)
    return signed.getvalue()


def _ratios(measured: dict[str, list[float]], of: str, to: str) -> tuple[float, ...]:
    return tuple(a / b for a, b in zip(measured[of], measured[to], strict=True))


def _figures(measured: dict[str, list[float]]) -> list[Figure]:
    return [
        Figure(
            name="A sealed page",
            unit="ms of processor",
            values=tuple(measured["sealed"]),
            limit=30,
            bound="Python of the signature container and of the PDF writer; the key itself is the smaller part.",
            beside="PAdES B-B tuned 57–72/s a core and typst 164/s make about 23 ms, without a time-stamp",
        ),
        Figure(
            name="Signatures for one of the plain library signer",
            unit="×",
            values=_ratios(measured, "plain", "signed"),
            limit=12,
            at_least=True,
            bound="The library loads and checks the RSA key at each signature and rehearses the whole signature to "
            "know its size; ours keeps the key and reserves a fixed size. What is left is the same code.",
        ),
        Figure(
            name="Sealed pages for one of the plain signer, rendering included in both",
            unit="×",
            values=tuple(
                (plain + rendered) / sealed
                for plain, rendered, sealed in zip(
                    measured["plain"], measured["rendered"], measured["sealed"], strict=True
                )
            ),
            bound="As above; rendering is the same in both.",
        ),
        *_parts(measured),
    ]


def _parts(measured: dict[str, list[float]]) -> list[Figure]:
    return [
        Figure(
            name="Of which the signature (B-T)",
            unit="ms of processor",
            values=tuple(measured["signed"]),
            bound="Two PDF revisions parsed and written, CMS built in Python, one HTTP exchange for the time-stamp.",
        ),
        Figure(
            name="Of which typst",
            unit="ms of processor",
            values=tuple(measured["rendered"]),
            bound="Layout and tagging; fonts and templates are kept parsed by each thread.",
            beside="typst 164 pages/s, that is 6 ms",
        ),
        Figure(
            name="Raw operations of the key in one signature",
            unit="×",
            values=_ratios(measured, "signed", "raw"),
            bound="An RSA-3072 operation alone; the rest of a signature is containers.",
        ),
        Figure(
            name="Signatures a processor-second",
            unit="/s",
            values=tuple(1000 / each for each in measured["signed"]),
            bound="As above.",
            beside="PAdES B-B tuned: 57–72",
        ),
    ]
