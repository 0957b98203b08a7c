"""What pages load: style, font, scripts and logo, each under an address that holds the digest of its content.

A browser may keep them for ever: a changed file has another address. A theme (`TACITE_THEME`) is a folder of the
deployment whose `theme.css` is linked after our style sheet.
"""

import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

STATIC: Final = Path(__file__).parent.parent / "static"
DIGEST_LENGTH: Final = 12
THEME_STYLE: Final = "theme.css"
THEME_LOGO: Final = "logo.svg"
MEDIA_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".ico": "image/x-icon",
    ".png": "image/png",
}
"""Media type of every kind of file that is served, by suffix."""
SINGLE: Final = ("public-sans.woff2", "tacite.svg", "favicon.ico", "passkey.js", "htmx.min.js", "forms.js")
COMPRESSED: Final = (".css", ".js", ".svg")
_ADDRESS: Final = re.compile(r'url\("([\w.-]+)"\)')


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, as it is sent."""

    name: str
    content: bytes
    digest: str

    @property
    def media_type(self) -> str:
        """Return its media type."""
        return MEDIA_TYPES[Path(self.name).suffix]

    @property
    def compressed(self) -> bytes | None:
        """Return its content in gzip; None for what is compressed already. Public files hold no secret to guess."""
        return _compressed(self.content) if self.name.endswith(COMPRESSED) else None


@dataclass(frozen=True, slots=True)
class Theme:
    """The files of a deployment's own design, by name, and the digest of all of them."""

    files: Mapping[str, Asset]
    digest: str

    def address(self, name: str) -> str | None:
        """Return the address of one file; files name each other by their names alone. None when there is none."""
        return f"/theme/{self.digest}/{name}" if name in self.files else None


NO_THEME: Final = Theme({}, "")


@cache
def _compressed(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)


def _asset(name: str, content: bytes) -> Asset:
    return Asset(name, content, sha256(content).hexdigest()[:DIGEST_LENGTH])


def _style(assets: Mapping[str, Asset]) -> bytes:
    """Return our style sheet: the files of `static/css` in the order of their names, with full addresses."""
    text = "".join(each.read_text("utf-8") for each in sorted((STATIC / "css").glob("*.css")))
    return _ADDRESS.sub(lambda found: f'url("{_address(assets[found[1]])}")', text).encode()


def _address(asset: Asset) -> str:
    return f"/static/{asset.digest}/{asset.name}"


@cache
def assets() -> Mapping[str, Asset]:
    """Return every file that we serve, by name; read once."""
    own = {name: _asset(name, (STATIC / name).read_bytes()) for name in SINGLE}
    return own | {"tacite.css": _asset("tacite.css", _style(own))}


def address(name: str) -> str:
    """Return the address of one of our files; raises `KeyError` for another name."""
    return _address(assets()[name])


@cache
def theme(folder: Path | None) -> Theme:
    """Return the theme of a folder, read once; raises `FileNotFoundError` when it has no `theme.css`."""
    if folder is None:
        return NO_THEME
    found = sorted(each for each in folder.iterdir() if each.is_file() and each.suffix in MEDIA_TYPES)
    files = {each.name: _asset(each.name, each.read_bytes()) for each in found}
    if THEME_STYLE not in files:
        raise FileNotFoundError(folder / THEME_STYLE)
    digest = sha256("".join(each.digest for each in files.values()).encode()).hexdigest()[:DIGEST_LENGTH]
    return Theme(files, digest)
