"""A signed document: whole, by which certificate, at which instant, and what it says of itself."""

import encodings
import json
from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules, walk_packages
from typing import Final

import asn1crypto
import cryptography.hazmat
import pyhanko.pdf_utils
import pyhanko.sign
import pyhanko_certvalidator
from pydantic import JsonValue
from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.reader import PdfFileReader

from examining import offline
from examining.pades import NotOneSignature, SignedPdf
from examining.trust import Trust
from models.examination.shapes import SIGNATURE, SignatureVerdict

KIND: Final = SIGNATURE
ATTACHED: Final = "donnees.json"
LAZY: Final = (asn1crypto, cryptography.hazmat, pyhanko.sign, pyhanko.pdf_utils, pyhanko_certvalidator)
"""Libraries that import parts of themselves only when they meet a file that needs them."""


def examine(content: bytes, context: Mapping[str, JsonValue]) -> SignatureVerdict:
    """Judge a document."""
    trust = Trust(context)
    try:
        signed = SignedPdf(content, trust)
    except NotOneSignature as wrong:
        return SignatureVerdict(problems=(wrong.problem,))
    damage = signed.damage()
    problems = (damage,) if damage else tuple(dict.fromkeys(signed.doubts()))
    verdict = SignatureVerdict(
        problems=problems,
        integrity=damage is None,
        level=signed.level,
        certificate=signed.certificate.sha256.hex(),
        signed_at=signed.signed_at if not problems else None,
    )
    return verdict if problems else SignatureVerdict.model_validate({**dict(verdict), **_stated(signed.reader)})


def _stated(reader: PdfFileReader) -> dict[str, str]:
    """The kind and the reference in the data attached to an authentic document; nothing for one of another origin."""
    try:
        names = reader.root["/Names"]["/EmbeddedFiles"]["/Names"]
        files = {str(names[at]): names[at + 1] for at in range(0, len(names), 2)}
        (file,) = [each for name, each in files.items() if name == ATTACHED]
        assert isinstance(file, DictionaryObject)  # noqa: S101
        data = json.loads(file["/EF"]["/F"].data)
        return {"kind": str(data["kind"]), "reference": str(data["reference"])}
    except Exception:  # noqa: BLE001 -- a signed file of any origin: its data may be anything
        return {}


def warm() -> None:
    """Import what is imported late: nothing can be opened once a file is being judged."""
    for library in LAZY:
        for module in walk_packages(library.__path__, f"{library.__name__}."):
            _import(module.name)
    for module in iter_modules(encodings.__path__, "encodings."):
        _import(module.name)
    offline.run(_nothing())


async def _nothing() -> None:
    pass


def _import(name: str) -> None:
    try:
        import_module(name)
    except ImportError:  # a part for a library or a system that is not here
        return
