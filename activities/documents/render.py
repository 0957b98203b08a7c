"""One document to PDF/A-3a and PDF/UA-1, its data attached as `donnees.json`.

Text reaches the templates as strings inside one JSON input, so nothing in it can be read as markup.
Same content and same instant give the same bytes.
"""

import json
import threading
from datetime import datetime, timezone
from io import BytesIO
from pathlib import Path
from typing import Final, cast

import fontpkg_public_sans
import segno
import typst

from activities.documents.contents import Content
from activities.documents.french import day, instant, printed

TEMPLATES: Final = Path(__file__).with_name("templates")
FONTS: Final = Path(fontpkg_public_sans.ROOT) / "files"
ATTACHED: Final = "donnees.json"
"""Name of the attached data, whose relationship to the document is « Data »."""
INK: Final = "#17323a"
QR_MASK: Final = 2
"""Any mask can be read; choosing the best one takes longer than drawing the document."""
_of_thread = threading.local()


def render(content: Content, at: datetime, *, draft: bool = False) -> bytes:
    """Return the document, unsigned; `at` is the aware local instant printed as that of its making.

    A draft bears its mark on each page, instead of that of a specimen.
    """
    mark = "draft" if draft else "specimen" if content.specimen else None
    view = {
        "made_at": instant(at, content.legal_time),
        "made_on": day(at.date()),
        "mark": mark,
        "check": _check(content),
        "content": printed(content, content.legal_time),
    }
    inputs = {"kind": content.kind.value, "view": json.dumps(view), "data": canonical(content)}
    made_at = at.astimezone(timezone(at.utcoffset()))  # type: ignore[arg-type]  # aware, `instant` checked
    pdf = _compiler().compile(sys_inputs=inputs, pdf_standards=["a-3a", "ua-1"], timestamp=made_at)
    return cast(bytes, pdf) + b"\n"  # typst ends at %%EOF: signed as it is, PDF/A 6.1.9 fails


def _check(content: Content) -> dict[str, str]:
    """Return where a document is verified: an address to type, and the picture of it, if it has a code of its own."""
    if content.code is None:
        return {"address": content.site}
    address = f"{content.site}/{content.code}"
    picture = BytesIO()
    code = segno.make(address, error="m", micro=False, mask=QR_MASK)
    code.save(picture, kind="svg", border=0, dark=INK, xmldecl=False, omitsize=True)
    return {"address": address, "picture": picture.getvalue().decode()}


def canonical(content: Content) -> str:
    """Return the content as JSON with sorted keys and no spaces: what is attached, and what a digest is taken of."""
    return json.dumps(content.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _compiler() -> typst.Compiler:
    """Return the compiler of this thread: it caches parsed templates and fonts, and serves one call at a time."""
    if not hasattr(_of_thread, "compiler"):
        _of_thread.compiler = typst.Compiler(
            TEMPLATES / "document.typ", root=TEMPLATES, font_paths=[FONTS], ignore_system_fonts=True
        )
    compiler: typst.Compiler = _of_thread.compiler
    return compiler
