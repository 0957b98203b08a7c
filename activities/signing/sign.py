"""PAdES signatures: B-T at once, B-LTA when a document is archived, PDF/A-3a and PDF/UA-1 kept.

The signature certifies the document and allows no change but archiving. It is invisible, because the document prints
who signs. Functions here block; they run in the threads of synchronous acts.
"""

import asyncio
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Final, cast

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.functions import async_sign_pdf
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfTimeStamper, TimestampDSSContentSettings
from pyhanko.sign.timestamps.api import TimeStamper
from pyhanko.sign.validation.dss import async_add_validation_info
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import InsufficientRevinfoError, PathError, ValidationError
from pyhanko_certvalidator.fetchers.aiohttp_fetchers import AIOHttpFetcherBackend

from activities.http_session import AUTHORITY_TIMEOUT, session
from activities.signing.errors import (
    DocumentNotSignable,
    RevocationUnavailable,
    SignerNotTrusted,
    SignerUnavailable,
)
from activities.signing.keys import DIGEST, load_signer
from activities.signing.trust import anchors

FIELD: Final = "Signature"
_OUT_OF_SIGHT: Final = InvisSigSettings(set_print_flag=True, box_out_of_bounds=True)
"""PDF/A requires the print flag; PDF/UA requires an untagged widget off the page."""
_RESERVED: Final = 32_768
"""Hexadecimal digits reserved for signature, chain and token; a fixed number saves a dry run of them all."""


def sign(pdf: bytes, signer: Signer, timestamps: TimeStamper, *, reason: str) -> bytes:
    """Return the document signed at level B-T; readers of signatures display `reason` (French).

    Raises SignerUnavailable, TimestampUnavailable, DocumentNotSignable.
    """
    _check_certificate(signer)
    metadata = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm=DIGEST,
        reason=reason,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        subfilter=SigSeedSubFilter.PADES,
    )
    field = SigFieldSpec(FIELD, invis_sig_settings=_OUT_OF_SIGHT, readable_field_name="Signature électronique")
    try:
        writer = IncrementalPdfFileWriter(BytesIO(pdf))
        if writer.prev.embedded_signatures:
            raise DocumentNotSignable("the document is signed already")
        signing = async_sign_pdf(writer, metadata, signer, timestamps, field, bytes_reserved=_RESERVED)
        return cast(BytesIO, asyncio.run(signing)).getvalue()
    except SigningError as failed:
        raise SignerUnavailable(str(failed)) from failed
    except PdfError as wrong:
        raise DocumentNotSignable(str(wrong)) from wrong


def archive(pdf: bytes, trust: Path, timestamps: TimeStamper) -> bytes:
    """Return the signed document raised to B-LTA: revocation data and an archive time-stamp inside.

    Repeated on an archived document, years later, it adds the data of that day and one more time-stamp.
    Raises TimestampUnavailable, RevocationUnavailable, SignerNotTrusted, DocumentNotSignable.
    """
    try:
        return asyncio.run(_archive(pdf, trust, timestamps))
    except (InsufficientRevinfoError, TimeoutError) as missing:
        raise RevocationUnavailable(str(missing)) from missing
    except (PathError, ValidationError) as untrusted:
        raise SignerNotTrusted(str(untrusted)) from untrusted
    except PdfError as wrong:
        raise DocumentNotSignable(str(wrong)) from wrong


async def _archive(pdf: bytes, trust: Path, timestamps: TimeStamper) -> bytes:
    reader = PdfFileReader(BytesIO(pdf))
    signatures = reader.embedded_regular_signatures
    if len(signatures) != 1:
        raise DocumentNotSignable(f"one signature expected, {len(signatures)} found")
    async with session() as connections:
        context = ValidationContext(
            trust_roots=anchors(trust),
            allow_fetching=True,
            fetcher_backend=AIOHttpFetcherBackend(connections, AUTHORITY_TIMEOUT),
            revocation_mode="require",
        )
        with_data = await async_add_validation_info(signatures[0], context)
        field = f"Horodatage {len(reader.embedded_timestamp_signatures) + 1}"
        stamper = PdfTimeStamper(timestamps, field, _OUT_OF_SIGHT, readable_field_name="Horodatage d’archive")
        stamped = await stamper.async_timestamp_pdf(
            IncrementalPdfFileWriter(with_data),
            DIGEST,
            context,
            bytes_reserved=_RESERVED,
            # all before the stamp: what follows it would be covered by nothing
            dss_settings=TimestampDSSContentSettings(include_vri=False, update_before_ts=True),
        )
        return cast(BytesIO, stamped).getvalue()


def _check_certificate(signer: Signer) -> None:
    certificate = signer.signing_cert
    now = datetime.now(UTC)
    if certificate is None or not certificate.not_valid_before <= now <= certificate.not_valid_after:
        load_signer.cache_clear()  # reads a renewed certificate at the next attempt, without a restart
        raise SignerUnavailable("the signer's certificate is out of date")
