"""Files inside a PDF: data that only programs read (XML, JSON), a table, a text, an image or another PDF are inert."""

import json
import re
from collections.abc import Callable
from typing import Final

from pikepdf import Array, Dictionary, Name, Object, Stream, String

from examining import jpeg, pdf_start, pdf_xml, png
from examining.refused import Refused

CheckPdf = Callable[[bytes], None]
"""Judges a PDF inside a PDF."""
EXTENSIONS: Final = frozenset({"xml", "json", "csv", "txt", "pdf", "png", "jpg", "jpeg"})
EXTENSION: Final = re.compile(r"\.[A-Za-z]\w{0,7}[ .]*$")
"""End of a key that is a file's name; a key may be any text."""
MAX_ATTACHMENT_BYTES: Final = 20 * 1024 * 1024
MAX_TREE_DEPTH: Final = 30
RUNS: Final = re.compile(
    rb"<\s*(?:[\w.-]+:)?(?:script|html|svg|iframe|object)\b|<\s*!\s*(?:entity|doctype)|#!|<\?(?:php|xml-stylesheet)"
    rb"|www\.w3\.org/(?:1999/xhtml|2000/svg|1999/xsl)|\bxmlns(?::[\w.-]+)?\s*=\s*[\"'][^\"'>]{0,200}&",
    re.IGNORECASE,
)
"""What a browser would run; a name space that is written with entities could be one."""
ENCODING: Final = re.compile(
    rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"'](?!utf-8|utf-16|iso-8859-|us-ascii|windows-125)", re.I
)
SETTINGS: Final = re.compile(
    rb"\s*\[\s*[A-Za-z.{][^\]\[\"'\r\n,]{0,80}\]\s*(?:[\r\n]|$)|\s*@?\s*echo\s+off\b", re.IGNORECASE
)
"""First line of a shortcut, of settings, of a list of commands: no JSON begins so."""
PLACED: Final = re.compile(r"[/\\:*?\"<>|]|\s{3}|^\s*\.")
"""A name that says where the file goes, or that hides its end behind blanks."""
PROGRAM: Final = re.compile(
    r"\.\s*(?:exe|bat|cmd|scr|pif|lnk|url|msi|msc|cpl|dll|hta|html?|mht(?:ml)?|svg|xsl|js|jse|jar|jnlp|vb[es]?|ws[fh]?|ps1"
    r"|reg|scf|sct|sh|py|doc[mx]?|xls[mbx]?|ppt[mx]?|xll|chm|swf|iso|vhdx?|zip)\s*\.",
    re.IGNORECASE,
)
"""An extension before the one that counts: a program or a page that passes for data."""
UNSEEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
"""Characters that make a name look like another."""
CONTROLS: Final = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")


def check_specification(specification: Object, check_pdf: CheckPdf) -> None:
    """Judge an attached file by its names and content; raises `Refused`."""
    names = [specification[key] for key in ("/F", "/UF", "/DOS", "/Unix", "/Mac") if key in specification]
    if not names or "/FS" in specification or not all(_is_named_inert(each) for each in names):
        raise Refused("pdf-active", "attachment")
    files = specification.get("/EF")
    if not isinstance(files, Dictionary):
        raise Refused("pdf-active", "attachment")
    kinds = {_extension(str(each)) for each in names}
    for each in files.values():
        if isinstance(each, Stream):
            if each.get("/Type") != Name.EmbeddedFile:
                check_stream(each, check_pdf)
            _check_kinds(each, kinds)


def check_holder(holder: Object) -> None:
    """Refuse a file that is elsewhere: a specification, or an annotation's, without the file itself."""
    specification = holder.get("/FS", holder)
    if not isinstance(specification, Dictionary) or "/EF" not in specification:
        raise Refused("pdf-active", "attachment")


def check_tree(tree: object, depth: int = 0) -> None:
    """Judge the names under which files are attached; raises `Refused`."""
    if not isinstance(tree, Dictionary) or depth > MAX_TREE_DEPTH:
        raise Refused("pdf-active", "attachment")
    names, kids = tree.get("/Names", Array()), tree.get("/Kids", Array())
    if not isinstance(names, Array) or not isinstance(kids, Array):
        raise Refused("pdf-active", "attachment")
    for name, specification in zip(list(names)[::2], list(names)[1::2], strict=False):
        if not isinstance(name, String) or UNSEEN.search(str(name)) or "/EF" not in specification:
            raise Refused("pdf-active", "attachment")
        if EXTENSION.search(str(name)) and not _is_named_inert(name):
            raise Refused("pdf-active", "attachment")
    for each in kids:
        check_tree(each, depth + 1)


def check_stream(stream: Object, check_pdf: CheckPdf) -> None:
    """Judge the content of an attached file; raises `Refused`."""
    content = stream.read_bytes()
    if len(content) > MAX_ATTACHMENT_BYTES or not _is_inert(content, check_pdf):
        raise Refused("pdf-active", "attachment")


def _check_kinds(stream: Object, kinds: set[str]) -> None:
    """Refuse what is named XML or JSON and is something else."""
    content = stream.read_bytes()
    if ("xml" in kinds and not pdf_xml.is_data(content)) or ("json" in kinds and not _is_json(content)):
        raise Refused("pdf-active", "attachment")


def _is_json(content: bytes) -> bool:
    try:
        json.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        return False
    return True


def _is_named_inert(name: object) -> bool:
    if not isinstance(name, String) or any(each.search(str(name)) for each in (UNSEEN, PLACED, PROGRAM)):
        return False
    return _extension(str(name)) in EXTENSIONS


def _extension(name: str) -> str:
    return name.strip().rstrip(".").rpartition(".")[2].strip().lower()


def _is_inert(content: bytes, check_pdf: CheckPdf) -> bool:
    if content.startswith((png.START, jpeg.START)):
        return _is_whole_image(content)
    if pdf_start.header_at(content) >= 0:
        check_pdf(content)
        return True
    if pdf_xml.looks_like(content) and not pdf_xml.is_data(content):
        return False
    text = content.replace(b"\0", b"") if content[:2] in (b"\xff\xfe", b"\xfe\xff") else content
    return (
        b"\0" not in text
        and not CONTROLS.search(text)
        and not RUNS.search(text)
        and not ENCODING.search(text)
        and not SETTINGS.match(text.lstrip(b"\xef\xbb\xbf\xff\xfe"))
        and text[:2] != b"MZ"
    )


def _is_whole_image(content: bytes) -> bool:
    check = png.check if content.startswith(png.START) else jpeg.check
    try:
        check(content)
    except Exception:  # noqa: BLE001 -- a hostile file: decoders raise anything
        return False
    return True
