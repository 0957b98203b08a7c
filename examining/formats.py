"""What a file that is not accepted was recognised as, so that its refusal can say what to do."""

import re
from typing import Final

import filetype

MARKUP: Final = re.compile(
    r"<(?:!doctype|\?xml|html|head|body|script|style|svg|iframe|object|table|tr|td|div|span|p|a|br|img)\b",
    re.IGNORECASE,
)
MAIL: Final = re.compile(
    r"(?:return-path|received|delivered-to|mime-version|message-id|from|to|subject|date|x-[\w-]+):", re.IGNORECASE
)
BY_EXTENSION: Final = {
    **dict.fromkeys(("heic", "heif", "avif"), "heic"),
    **dict.fromkeys(("tif", "cr2", "dng", "nef"), "tiff"),
    **dict.fromkeys(("webp", "gif", "bmp", "psd", "ico", "jp2", "jxl", "jxr", "xcf", "apng"), "image"),
    **dict.fromkeys(("docx", "doc", "odt", "rtf", "wpd"), "letter"),
    **dict.fromkeys(("xlsx", "xls", "ods"), "sheet"),
    **dict.fromkeys(("pptx", "ppt", "odp"), "letter"),
    **dict.fromkeys(("zip", "rar", "7z", "tar", "gz", "bz2", "xz", "zst", "cab", "epub"), "archive"),
    **dict.fromkeys(("mp4", "mov", "m4v", "avi", "mkv", "webm", "wmv", "3gp", "mpg", "flv"), "film"),
    **dict.fromkeys(("mp3", "m4a", "ogg", "flac", "wav", "amr", "aac", "aiff", "mid"), "sound"),
    **dict.fromkeys(("exe", "elf", "dex", "nes", "deb", "rpm", "crx", "wasm"), "program"),
}
"""Extension of the library → group of files that are refused by one sentence."""
BRANDS: Final = re.compile(rb"(?:heic|heix|heim|heis|hevc|hevx|mif1|msf1|avif|avis)")
OPEN_DOCUMENT: Final = {b"text": "letter", b"spreadsheet": "sheet", b"presentation": "letter"}


def of_bytes(content: bytes) -> str:
    """Return the group of a binary file, or an empty text."""
    if content[4:8] == b"ftyp":
        return "heic" if BRANDS.search(content[8:64]) else "film"
    if content[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "tiff"
    if content[:4] == b"PK\x03\x04":
        return _in_archive(content)
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _in_compound(content)
    if content[:2] in (b"MZ", b"#!") or content[:4] == b"\x7fELF":
        return "program"
    return BY_EXTENSION.get(filetype.guess_extension(content) or "", "")


def _in_archive(content: bytes) -> str:
    kind = re.search(rb"application/vnd\.oasis\.opendocument\.(\w+)", content[:256])
    if kind:
        return OPEN_DOCUMENT.get(kind[1], "letter")
    names = content[:4096] + content[-65_536:]
    if b"word/" in names or b"ppt/" in names:
        return "letter"
    return "sheet" if b"xl/" in names else "archive"


def _in_compound(content: bytes) -> str:
    if b"W\0o\0r\0k\0b\0o\0o\0k" in content or b"B\0o\0o\0k\0" in content:
        return "sheet"
    return "mail" if b"_\0_\0s\0u\0b\0s\0t\0g\0" in content else "letter"


def of_start(text: str) -> str:
    """Return the group of a text that its first signs name, whatever follows, or an empty text."""
    start = text.lstrip()[:4096]
    if start.startswith("#!"):
        return "program"
    if start.startswith("{\\rtf"):
        return "letter"
    if re.match(r"<\?xml|<svg", start, re.IGNORECASE):
        return "image" if "<svg" in start.lower() else "markup"
    if re.match(r"<[a-z!?/]", start, re.IGNORECASE):
        return "markup"
    if start.startswith(("BEGIN:V", "-----BEGIN", "%!PS")):
        return "other"
    return ""


def of_text(text: str) -> str:
    """Return the group of a text that is not a table, or an empty text."""
    if MARKUP.search(text):
        return "markup"
    lines = text.lstrip()[:4096].splitlines()[:12]
    if sum(bool(MAIL.match(line)) for line in lines) >= 3:
        return "mail"
    return ""
