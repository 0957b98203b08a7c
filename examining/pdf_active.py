"""What a PDF may do, as an allow-list: go to one of its own pages, format a field, and what one clicks: a link to the
web, print, empty a form, show a layer.

Every object is looked at, referenced or not, inside object streams too; references are followed, and qpdf has
already decoded escaped names. Whatever acts otherwise refuses the file: programs, forms that send, links to other
files or shares, media, XFA, attached files that are not inert.
"""

from collections.abc import Iterator
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream, String

from examining import pdf_attachments, pdf_xml
from examining.pdf_attachments import CheckPdf
from examining.pdf_links import is_file, is_web
from examining.pdf_scripts import is_field_function, prints
from examining.refused import Refused

MAX_DEPTH: Final = 100
"""Nested direct objects, and chained actions."""
NAVIGATION: Final = frozenset({"/NextPage", "/PrevPage", "/FirstPage", "/LastPage"})
FIELD_EVENTS: Final = frozenset({"/K", "/F", "/V", "/C"})
"""Keystroke, format, validate, calculate."""
ACTING: Final = frozenset(
    {
        "/Launch", "/JavaScript", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/GoToDp", "/Rendition", "/Movie",
        "/Sound", "/Hide", "/Trans", "/GoTo3DView", "/RichMediaExecute", "/Thread",
    }
)  # fmt: skip
"""Types of action that are refused wherever one lies; those that are allowed are checked where they are used."""
CHECKED: Final = frozenset({"/URI", "/Named", "/GoTo", "/ResetForm", "/SetOCGState"})
"""Types of action that only a click may run."""
STRUCTURE: Final = frozenset({"/Movie", "/Sound", "/Hide", "/Thread", "/Rendition"})
"""Types that elements of a text's structure may have: nothing runs them there."""
MEDIA: Final = frozenset({"/RichMedia", "/Movie", "/Screen", "/3D", "/Sound", "/PS"})
"""Subtypes of annotations and objects that play, render or run something."""
FORBIDDEN_KEYS: Final = frozenset(
    {
        "/RichMediaContent", "/RichMediaSettings", "/RichMediaExecute", "/Collection", "/RF", "/PresSteps", "/OPI",
        "/SpiderInfo",
    }
)  # fmt: skip
EMPTY_KEYS: Final = frozenset({"/XFA", "/JavaScript", "/AlternatePresentations"})
"""Keys that are allowed as long as nothing is there."""
SEEDS: Final = frozenset({"/SV", "/SVCert"})
"""Types of the values that a signature must have."""
WATCHED: Final = FORBIDDEN_KEYS | EMPTY_KEYS | {
    "/S", "/JS", "/AA", "/OpenAction", "/A", "/PA", "/URI", "/Subtype", "/Subtype2", "/F", "/Ref", "/EF", "/Type",
    "/FS", "/EmbeddedFiles", "/NA", "/SV", "/URLType",
}  # fmt: skip
"""Keys that make a dictionary worth a closer look."""


def check(pdf: pikepdf.Pdf, check_pdf: CheckPdf) -> None:
    """Raise `Refused` if something in the file acts; `check_pdf` judges the PDFs attached to it."""
    for each in (pdf.trailer, *pdf.objects):
        for dictionary in _dictionaries(each):
            keys = dictionary.keys() & WATCHED
            if keys and _acts(dictionary, keys):
                raise Refused("pdf-active", "file-link" if _links_to_file(dictionary) else "")
            if dictionary.get("/Type") == Name.Metadata and isinstance(dictionary, Stream):
                pdf_xml.check_metadata(dictionary.read_bytes())
            if "/EmbeddedFiles" in keys:
                pdf_attachments.check_tree(dictionary.get("/EmbeddedFiles"))
            if "/FS" in keys or ("/EF" not in keys and _name(dictionary.get("/Type")) in ("/Filespec", "/F")):
                pdf_attachments.check_holder(dictionary)
            if "/EF" in keys:
                pdf_attachments.check_specification(dictionary, check_pdf)
            elif dictionary.get("/Type") == Name.EmbeddedFile and isinstance(dictionary, Stream):
                pdf_attachments.check_stream(dictionary, check_pdf)


def _dictionaries(top: object) -> Iterator[Object]:
    """Yield every dictionary inside an object, without following references: all objects are listed."""
    stack: list[tuple[object, int]] = [(top, 0)]
    while stack:
        value, depth = stack.pop()
        if depth > MAX_DEPTH:
            raise Refused("pdf-too-large")
        if isinstance(value, (Dictionary, Stream)):
            yield value
            stack += [(each, depth + 1) for _, each in value.items() if _is_direct(each)]
        elif isinstance(value, Array):
            stack += [(each, depth + 1) for each in value if _is_direct(each)]


def _is_direct(value: object) -> bool:
    return isinstance(value, Object) and not value.is_indirect


def _acts(dictionary: Object, keys: set[str]) -> bool:
    return (
        bool(keys & FORBIDDEN_KEYS)
        or any(not _is_empty(dictionary.get(key)) for key in keys & EMPTY_KEYS)
        or _is_forbidden_type(dictionary)
        or any(_name(dictionary.get(key)) in MEDIA for key in ("/Subtype", "/Subtype2"))
        or ("/AA" in keys and not _formats_a_field(dictionary.get("/AA")))
        or ("/OpenAction" in keys and not _opens_a_page(dictionary.get("/OpenAction")))
        or ("/NA" in keys and not _is_followed_by_page(dictionary.get("/NA")))
        or ("/SV" in keys and _calls(dictionary.get("/SV")))
        or ("/URL" in dictionary and ("/URLType" in keys or _name(dictionary.get("/Type")) in SEEDS))
        or any(key in keys and not _is_followed_by_a_click(dictionary.get(key)) for key in ("/A", "/PA"))
        or ("/F" in keys and isinstance(dictionary, Stream))  # its content is in another file
        or ("/Ref" in keys and _name(dictionary.get("/Subtype")) == "/Form")  # it shows another file
        or ("/URI" in keys and not is_web(dictionary.get("/URI")))
    )


def _links_to_file(dictionary: Object) -> bool:
    """Whether a link, or a link's annotation, leads to a file: what is said of it is more than of another action."""
    action = dictionary.get("/A", dictionary)
    return isinstance(action, Dictionary) and _name(action.get("/S")) == "/URI" and is_file(action.get("/URI"))


def _is_forbidden_type(dictionary: Object) -> bool:
    """Whether this is an action that is refused, or a script of any other kind than a field's."""
    kind = _name(dictionary.get("/S"))
    if kind == "/JavaScript":
        return not (_is_field_script(dictionary) or _is_allowed(dictionary, clicked=True))
    if kind in CHECKED and _name(dictionary.get("/Type")) in ("", "/Action"):
        return not _is_allowed(dictionary, clicked=True) or (kind == "/URI" and "/D" in dictionary)
    if kind in STRUCTURE and dictionary.get("/Type") == Name.StructElem and "/Next" not in dictionary:
        return "/JS" in dictionary
    return kind in ACTING or "/JS" in dictionary


def _is_empty(value: object) -> bool:
    """Whether a tree of names, a list or a stream has nothing in it."""
    match value:
        case Stream():
            return not value.read_bytes().strip()
        case Dictionary():
            return value.keys() <= {"/Names", "/Kids", "/Limits"} and all(
                isinstance(each, Array) and not len(each) for key, each in value.items() if key != "/Limits"
            )
        case Array() | String():
            return not len(bytes(value) if isinstance(value, String) else list(value))
    return value is None


def _is_field_script(action: object) -> bool:
    return (
        isinstance(action, Dictionary)
        and _name(action.get("/S")) == "/JavaScript"
        and "/Next" not in action
        and is_field_function(action.get("/JS"))
    )


def _formats_a_field(events: object) -> bool:
    return isinstance(events, Dictionary) and all(
        key in FIELD_EVENTS and _is_field_script(action) for key, action in events.items()
    )


def _opens_a_page(action: object) -> bool:
    """Whether a destination, or an action, opens one of the file's own pages."""
    if isinstance(action, Array):
        return _is_page(action[0] if len(action) else None) and not any(
            isinstance(each, (Dictionary, Stream, Array)) for each in list(action)[1:]
        )
    return not isinstance(action, (Dictionary, Stream)) or _is_allowed(action, clicked=False)


def _is_followed_by_page(action: object) -> bool:
    """Whether what runs when a presentation goes on opens a page; resources have names of all kinds, and no type."""
    return not isinstance(action, Dictionary) or "/S" not in action or _is_allowed(action, clicked=False)


def _calls(seeds: object) -> bool:
    """Whether the values that a signature must have name an address that a reader would call."""
    if not isinstance(seeds, Dictionary):
        return False
    parts = (seeds, seeds.get("/Cert"), seeds.get("/TimeStamp"))
    return any(isinstance(each, Dictionary) and "/URL" in each for each in parts)


def _is_page(value: object) -> bool:
    if isinstance(value, Dictionary):
        return _name(value.get("/Type")) in ("/Page", "") and "/S" not in value
    return not isinstance(value, (Stream, Array))


def _is_followed_by_a_click(action: object) -> bool:
    """Whether what a click does is allowed; attributes of structure elements have the same key and no type."""
    if isinstance(action, Array):
        return all(_is_followed_by_a_click(each) for each in action)
    return not isinstance(action, Dictionary) or "/S" not in action or _is_allowed(action, clicked=True)


def _is_allowed(action: object, *, clicked: bool, depth: int = 0) -> bool:
    if not isinstance(action, Dictionary) or depth > MAX_DEPTH:
        return False
    match _name(action.get("/S")):
        case "/GoTo":
            allowed = "/F" not in action and _is_own_element(action.get("/SD"))
        case "/Named":
            allowed = _name(action.get("/N")) in (NAVIGATION | {"/Print"} if clicked else NAVIGATION)
        case "/ResetForm" | "/SetOCGState":
            allowed = clicked
        case "/JavaScript":
            allowed = clicked and prints(action.get("/JS"))
        case "/URI":
            allowed = clicked and is_web(action.get("/URI"))
        case _:
            allowed = False
    following = action.get("/Next")
    each = list(following) if isinstance(following, Array) else [following] if following is not None else []
    return allowed and all(_is_allowed(one, clicked=clicked, depth=depth + 1) for one in each)


def _is_own_element(destination: object) -> bool:
    """Whether a destination in a text's structure is none, or an element of this file."""
    if destination is None:
        return True
    return isinstance(destination, Array) and len(destination) > 0 and isinstance(destination[0], Dictionary)


def _name(value: object) -> str:
    return str(value) if isinstance(value, Name) else ""
