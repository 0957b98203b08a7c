"""Where a PDF could hide objects from us and show them to a reader that repairs it otherwise.

Readers mend errors each in its own way: a file with one that qpdf reports is refused. Only a lost table of objects or
a wrong length is mended; then, or if something comes before the header, or if an object is referred to that the bytes
define and the table lacks, readers do not agree on which objects there are: nothing in the bytes, or in any stream that
can be inflated, may have the name of an action.
"""

import re
import zlib
from collections.abc import Iterator
from typing import Final

import pikepdf
from pikepdf import Name, Object, Stream

from examining.refused import Refused

PLACE: Final = r"stream <_io\.BytesIO object at 0x[0-9a-f]+>(?: \([^()]*\)|, object \d+ \d+ at offset \d+)?: "
HARMLESS: Final = re.compile(
    PLACE + r"kid \d+ \(from 0\) (?:Resources is missing or invalid; repairing|MediaBox is undefined; .{1,40})"
)
"""Members of a page that every reader does without."""
MENDED: Final = re.compile(
    PLACE + r"(?:"
    r"file is damaged|xref not found|can't find startxref|Attempting to reconstruct cross-reference table"
    r"|startxref was more than 1024 bytes before end of file|expected \d+ \d+ obj|expected n n obj"
    r"|reported number of objects \(\d+\) is not one plus the highest object number \(\d+\)"
    r"|recovered trailer has no /Root entry|expected endstream|attempting to recover stream length"
    r"|recovered stream length: \d+|stream keyword followed by carriage return only)"
)
"""What the library says of a file whose objects it found all the same; a whole message, as some quote the file."""
ESCAPE: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
GO_TO: Final = rb"<<(?:\s*/(?:Type\s*/Action|S\s*/GoTo|D\s*\[\s*\d+ \d+ R\s*/(?:Fit|XYZ)[\w .-]*\]))*+\s*>>"
ACTIONS: Final = re.compile(
    rb"/(?:Launch|JavaScript|SubmitForm|ImportData|GoTo[RE]|GoToDp|GoTo3DView|Rendition|RichMedia\w*|EmbeddedFiles?"
    rb"|Movie|Sound|Thread|SetOCGState|ResetForm|XFA|PresSteps|SpiderInfo|AlternatePresentations)(?![A-Za-z0-9])"
    rb"|/OpenAction\s*+(?!\[\s*\d+ \d+ R|" + GO_TO + rb")"
    rb"|/(?:AA|NA)\s*+(?:<<|\d+\s+\d+\s+R\b)|/URI\s*+\(\s*+(?:(?i:file|javascript):|[/\\]{2}|[A-Za-z]:[/\\])"
)
"""Names of actions, an opening at anything else than a page, events, links to files."""
DEFINED: Final = re.compile(rb"(?<!\d)(\d{1,10})\s++\d{1,5}\s++obj(?![A-Za-z])")
REFERRED: Final = re.compile(rb"(?<!\d)(\d{1,9})\s++(\d{1,5})\s++R(?![A-Za-z])")
DIRECT_ROOT: Final = re.compile(rb"/Root\s*+<<")
OBJECT_STREAM: Final = re.compile(rb"/ObjStm(?![A-Za-z0-9])")
STREAM: Final = re.compile(rb"stream[\s\0]*+(?=[\x08\x18\x28\x38\x48\x58\x68\x78])")
"""Start of a stream that may be deflated."""
CHUNK_BYTES: Final = 64 * 1024
MAX_INFLATED_BYTES: Final = 300 * 1024 * 1024


def check_warnings(warnings: list[str]) -> bool:
    """Return whether a file was mended; refuse one with an error that other readers may mend otherwise."""
    errors = [each for each in warnings if not HARMLESS.fullmatch(each)]
    if not all(MENDED.fullmatch(each) for each in errors):
        raise Refused("file-broken", "pdf-errors")
    return bool(errors)


def check(pdf: pikepdf.Pdf, content: bytes, streams: list[Stream], *, damaged: bool) -> None:
    """Raise `Refused` for an object stream that cannot be read, or an action in a damaged file."""
    root = pdf.trailer.get("/Root")
    if not isinstance(root, Object) or not root.is_indirect or DIRECT_ROOT.search(_unescaped(content)):
        raise Refused("file-broken", "pdf-errors")
    objects = [_decoded(each) for each in streams if each.get("/Type") == Name.ObjStm]
    raw = _unescaped(content)
    if not damaged and not _refers_to_unlisted(pdf, content, streams, objects):
        return
    if pdf.is_encrypted or len(OBJECT_STREAM.findall(raw)) != len(objects):
        raise Refused("file-broken", "pdf-errors")
    for text in (raw, *objects):
        _check_names(text)
    for each in streams:
        _check_names(_readable(each))
    _check_inflated(content)


def _refers_to_unlisted(pdf: pikepdf.Pdf, content: bytes, streams: list[Stream], objects: list[bytes]) -> bool:
    """Whether an object is referred to that is in the bytes, and not in the table: the library reads it as null."""
    defined = {int(each[1]) for each in DEFINED.finditer(content)}
    heads = [each for each in streams if each.get("/Type") == Name.ObjStm]
    for stream, text in zip(heads, objects, strict=True):
        defined |= _numbers(text[: int(stream.get("/First", 0))])
    unread = len(OBJECT_STREAM.findall(content)) > len(heads)  # what an unlisted object stream defines is not known
    referred = {(int(each[1]), int(each[2])) for text in (content, *objects) for each in REFERRED.finditer(text)}
    return any((unread or each[0] in defined) and _is_null(pdf, each) for each in referred)


def _is_null(pdf: pikepdf.Pdf, number: tuple[int, int]) -> bool:
    try:
        return pdf.get_object(number) is None
    except (pikepdf.PdfError, ValueError, OverflowError, IndexError):
        return True


def _numbers(head: bytes) -> set[int]:
    """Return the numbers of the objects that the head of an object stream names."""
    return {int(each) for each in head.split()[::2] if each.isdigit()}


def _check_names(text: bytes) -> None:
    if ACTIONS.search(_unescaped(text)):
        raise Refused("pdf-active")


def _unescaped(text: bytes) -> bytes:
    return ESCAPE.sub(_byte, text)


def _byte(escape: re.Match[bytes]) -> bytes:
    return bytes([int(escape[1], 16)])


def _decoded(stream: Object) -> bytes:
    try:
        return stream.read_bytes()
    except pikepdf.PdfError as unreadable:
        raise Refused("file-broken", "pdf") from unreadable


def _readable(stream: Object) -> bytes:
    """Return the content of a stream, or nothing if it is not text: an image."""
    try:
        return stream.read_bytes()
    except pikepdf.PdfError:
        return b""


def _check_inflated(content: bytes) -> None:
    """Look for actions in every stream that the file may hold, listed or not."""
    total = 0
    for found in STREAM.finditer(content):
        parts = []
        for part in _inflated(content, found.end()):
            total += len(part)
            if total > MAX_INFLATED_BYTES:
                raise Refused("pdf-too-large")
            parts.append(part)
        _check_names(b"".join(parts))


def _inflated(content: bytes, at: int) -> Iterator[bytes]:
    inflating = zlib.decompressobj()
    while at < len(content) and not inflating.eof:
        data = content[at : at + CHUNK_BYTES]
        at += len(data)
        while data and not inflating.eof:
            try:
                yield inflating.decompress(data, CHUNK_BYTES)
            except zlib.error:
                return
            data = inflating.unconsumed_tail
