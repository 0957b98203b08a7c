"""One letter to PDF: one page, its address where the window of an envelope shows it."""

import json
import threading
from datetime import date
from pathlib import Path
from typing import Final, cast

import fontpkg_public_sans
import typst

from law.texts import in_french
from models.identifiers import Message

FOLDER: Final = Path(__file__).parent
FONTS: Final = Path(fontpkg_public_sans.ROOT) / "files"
_of_thread = threading.local()


class AuthorityLetter(Message):
    """What the letter prints: where it goes, who asked for it, the code, and its days."""

    address: tuple[str, ...]
    siret: str
    establishment: str
    person: str
    """How whoever asked for it calls themselves, as `printed_name` leaves it."""
    code: str
    made_on: date
    expires_on: date
    site: str
    specimen: bool
    """Made outside production: it says so."""


def render(letter: AuthorityLetter) -> bytes:
    """Return the letter; its text reaches the template as strings, so nothing in it can be read as markup."""
    dates = {"made_on": in_french(letter.made_on), "expires_on": in_french(letter.expires_on)}
    view = letter.model_dump(mode="json") | dates
    return cast(bytes, _compiler().compile(sys_inputs={"view": json.dumps(view)}))


def _compiler() -> typst.Compiler:
    if not hasattr(_of_thread, "compiler"):
        _of_thread.compiler = typst.Compiler(
            FOLDER / "authority.typ", root=FOLDER, font_paths=[FONTS], ignore_system_fonts=True
        )
    compiler: typst.Compiler = _of_thread.compiler
    return compiler
