"""Small files in every form that is read, made when the program starts: they load what its parsers load late."""

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Final, Literal

import pikepdf
from PIL import Image, TiffImagePlugin

TABLE: Final = "nom;heures\nÉmilie;12\nJean;10\n"
ENCODINGS: Final = (
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "utf-32-le",
    "utf-32-be",
    "cp1252",
    "cp850",
)
TEXTS: Final = ("{\\rtf1}", "<html>", '{"a": 1}', "[1", "Madame,\n\nJe vous écris.\n", "From: a\nTo: b\nDate: c\n\nd")


def every_form() -> Iterator[bytes]:
    """Yield the samples, good ones and broken ones."""
    for good in (*_images(), *_documents()):
        yield good
        yield good[: len(good) // 2]
        yield good + b"\0" * 100
    for encoding in ENCODINGS:
        yield TABLE.encode(encoding)
    yield from (text.encode() for text in TEXTS)
    yield from (b"MZ", b"PK\x03\x04", b"\x81\x8d", b"\0\0\0\x18ftypheic", b"GIF89a" + bytes(40))


def _images() -> Iterator[bytes]:
    exif = Image.Exif()
    exif[TiffImagePlugin.IMAGEDESCRIPTION] = "sample"
    for mode in ("L", "RGB", "CMYK"):
        for progressive in (False, True):
            yield _saved(Image.new(mode, (40, 24)), "JPEG", progressive=progressive, exif=exif)
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"):
        yield _saved(Image.new(mode, (40, 24)), "PNG")
    yield interlaced()


def _saved(image: Image.Image, form: str, **options: object) -> bytes:
    written = BytesIO()
    image.save(written, form, **options)
    return written.getvalue()


def interlaced() -> bytes:
    """An interlaced image of one point, of 16 bits a sample."""
    header = struct.pack("!IIBBBBB", 1, 1, 16, 2, 0, 0, 1)
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(bytes(7))) + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))


def _documents() -> Iterator[bytes]:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.Names = pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary(Names=pikepdf.Array()))
        pdf.attachments["a.xml"] = b"<a/>"
        for mode in (pikepdf.ObjectStreamMode.disable, pikepdf.ObjectStreamMode.generate):
            yield _written(pdf, mode)
        for revision in (3, 4, 6):
            for user in ("", "u"):
                yield _written(pdf, encryption=_locked(revision, user))


def _locked(revision: Literal[3, 4, 6], user: str) -> pikepdf.Encryption:
    modern = revision > 3
    return pikepdf.Encryption(owner="o", user=user, R=revision, aes=modern, metadata=modern)


def _written(
    pdf: pikepdf.Pdf,
    mode: pikepdf.ObjectStreamMode = pikepdf.ObjectStreamMode.preserve,
    encryption: pikepdf.Encryption | bool = False,
) -> bytes:
    written = BytesIO()
    pdf.save(written, object_stream_mode=mode, encryption=encryption)
    return written.getvalue()
