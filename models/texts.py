"""Texts that people write: `Line` and `Prose`, admitted in one form, the one that is printed.

What a text shows on paper is what counts: signs that print as nothing are dropped, so a text of nothing else is
empty; two forms of one sign become one; a sign that our fonts lack, or that commands instead of showing, is refused
with its place in what was sent, never replaced in silence. Lengths are those of the admitted text, in code points.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from models.printed_signs import has_glyph, unprinted

MAX_MARKS: Final = 3
"""Combining marks on one letter: no language of ours has more."""
MIN_WORDS: Final = 2
MIN_SIGNS: Final = 10
MIN_DIFFERENT_SIGNS: Final = 6
"""What a reason has at least (practice): « non » and twenty « a » are none."""
MAX_RAW: Final = 4
"""Signs received for each that may be admitted: marks, and signs that print as nothing."""

_LINE_BREAKS: Final = re.compile("\r\n|[\n\r\v\x85\N{LINE SEPARATOR}]")
_PARAGRAPH_BREAKS: Final = re.compile("[\f\N{PARAGRAPH SEPARATOR}]")
_BLANKS: Final = re.compile(
    "[\t \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\u2800\u3164\u115f\u1160\uffa0\u17b4\u17b5\U0001d159]+"
)
"""White space within a line, and signs without ink that Unicode counts among letters and symbols."""
_UNSEEN: Final = re.compile(
    "[\u00ad\u034f\u180b-\u180f\u200b-\u200d\u2060-\u2064\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]"
)
"""Signs that print as nothing and come with what is pasted: soft hyphens, zero-width signs, variation selectors."""
_HANGUL_ENDS: Final = frozenset(map(chr, range(0x1160, 0x1200)))
"""Vowels and finals, composed with the consonant before them."""
_INKLESS: Final = frozenset({"Cc", "Cf", "Cs"})
_READ: Final = frozenset({"Lu", "Ll", "Lt", "Lo", "Nd", "Nl", "No"})
"""Letters and figures. Modifier letters (« ː », « ˌ ») only change the letter beside them."""
_KEPT_SPACES: Final = ("\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}")
_EDGES: Final = " \n" + "".join(_KEPT_SPACES)
_SAME_FOR_A_READER: Final = frozenset({"<wide>", "<narrow>", "<font>"})
_SAME_IF_UNPRINTED: Final = frozenset({"<compat>", "<noBreak>", "<square>", "<super>", "<sub>"})
_LATIN_LIGATURES: Final = range(0xFB00, 0xFB07)
_RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class TextRefused(ValueError):
    """A text that cannot be admitted: the code and the French sentence of why; the text is not repeated."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def line(text: str, max_length: int, min_length: int = 1) -> str:
    """Return a text of one line as it is admitted; raises TextRefused."""
    read = _BLANKS.sub(" ", _with_breaks(_composed(text, max_length))).strip(_EDGES)
    if "\n" in read:
        raise TextRefused("line-break", "Ce texte tient sur une ligne : retirez le retour à la ligne.")
    return _judged(read, text, max_length, min_length)


def prose(text: str, max_length: int, min_length: int = 1) -> str:
    """Return a text of paragraphs as it is admitted, with one blank line at most between two; raises TextRefused."""
    return _judged(_paragraphs(_composed(text, max_length)), text, max_length, min_length)


def shown(text: str, replacement: str = "□") -> str:
    """Return a text of one line or more that was stored before or comes from elsewhere, as it can be printed.

    Controls and direction marks are dropped, other signs that no font has are replaced by one that is seen; a text of
    which nothing is left is that sign. Never raises.
    """
    ink = "".join(sign for sign in _with_breaks(text) if sign in "\t\n" or unicodedata.category(sign) not in _INKLESS)
    composed = _paragraphs(_folded(ink))
    wrong = set(unprinted(composed))
    printed = "".join(replacement if position in wrong else sign for position, sign in enumerate(composed))
    return printed or (replacement if text else "")


def without_unseen(text: str) -> str:
    """Return what was typed or pasted without the signs that are not seen, direction marks included.

    For identifiers, where no such sign means anything; white space and controls stay.
    """
    return "".join(sign for sign in _UNSEEN.sub("", text) if unicodedata.category(sign) != "Cf")


def is_seen(text: str) -> bool:
    """Tell whether at least one sign of a text shows something: a letter, a figure, a mark or a symbol with ink."""
    return any(unicodedata.category(sign)[0] in "LNPS" for sign in _BLANKS.sub("", without_unseen(text)))


def says_something(text: str) -> bool:
    """Tell whether a text has two different words, ten letters or figures, six of them different: a floor."""
    signs = [sign for sign in text.casefold() if unicodedata.category(sign) in _READ]
    words = {word for word in re.findall(r"\w+", text.casefold()) if len(set(word)) > 1}
    return len(words) >= MIN_WORDS and len(signs) >= MIN_SIGNS and len(set(signs)) >= MIN_DIFFERENT_SIGNS


def _composed(text: str, max_length: int) -> str:
    if len(text) > MAX_RAW * max_length + MAX_RAW:
        raise _too_long(max_length)  # composing could cost too much
    marks = 0
    for position, sign in enumerate(text, start=1):
        kind = unicodedata.category(sign)
        if (kind == "Cf" or kind[0] == "M") and _UNSEEN.match(sign):
            continue
        marks = marks + 1 if kind[0] == "M" else 0
        if marks > MAX_MARKS:
            raise TextRefused("too-many-marks", f"Trop d’accents se suivent (signe n° {position} du texte).")
    return _folded(text)


def _folded(text: str) -> str:
    """Return a text composed (NFC), where forms that are one for a reader are one; the sense of a sign is kept.

    NFKC would make « 10² » « 102 »: each form is folded for itself, most of them only if no font has them.
    """
    composed = unicodedata.normalize("NFC", _UNSEEN.sub("", text))
    return unicodedata.normalize("NFC", "".join(map(_fold, composed)))


def _fold(sign: str) -> str:
    if sign.isascii():
        return sign
    kind = unicodedata.decomposition(sign).partition(" ")[0]
    if (
        kind not in _SAME_FOR_A_READER
        and ord(sign) not in _LATIN_LIGATURES
        and (kind not in _SAME_IF_UNPRINTED or has_glyph(sign))
    ):
        return sign
    plain = unicodedata.normalize("NFKC", sign)
    if kind in ("<super>", "<square>"):
        plain = plain.translate(_RAISED)  # ㎡ is « m² »
    return plain if all(map(has_glyph, plain)) else sign


def _paragraphs(text: str) -> str:
    rows = _with_breaks(text).split("\n")
    return re.sub("\n{3,}", "\n\n", "\n".join(_BLANKS.sub(_space, row).strip(_EDGES) for row in rows)).strip(_EDGES)


def _with_breaks(text: str) -> str:
    return _PARAGRAPH_BREAKS.sub("\n\n", _LINE_BREAKS.sub("\n", text))


def _space(blanks: re.Match[str]) -> str:
    return blanks[0] if blanks[0] in _KEPT_SPACES else " "


def _judged(text: str, sent: str, max_length: int, min_length: int) -> str:
    if len(text) < min_length:
        raise TextRefused("empty", "Ce texte est vide ou trop court.")
    if len(text) > max_length:
        raise _too_long(max_length)
    for position in unprinted(text):
        sign = text[position]
        raise _refused_sign(sign, _place(sign, text[:position].count(sign), sent))
    if not any(unicodedata.category(sign) in _READ for sign in text):
        raise TextRefused("empty", "Ce texte ne contient ni lettre ni chiffre.")
    return text


def _place(sign: str, before: int, sent: str) -> int:
    """Return the place, from one, in what was sent, of a sign of the admitted text that has `before` like it before.

    What was sent is read letter by letter, each with its marks: composing and dropping signs moved the others.
    """
    place = 1
    for letter in _letters(sent):
        found = _folded(letter).count(sign)
        if before < found:
            return place + max(letter.find(sign), 0)
        before -= found
        place += len(letter)
    return min(place, len(sent))


def _letters(text: str) -> Iterator[str]:
    """Yield each sign with what may be composed with it."""
    begin = 0
    for at, sign in enumerate(text):
        joined = unicodedata.category(sign)[0] == "M" or _UNSEEN.match(sign) or sign in _HANGUL_ENDS
        if at and not joined:
            yield text[begin:at]
            begin = at
    yield text[begin:]


def _refused_sign(sign: str, place: int) -> TextRefused:
    code_point = f"U+{ord(sign):04X}"
    if unicodedata.category(sign) in ("Cc", "Cf"):
        message = f"Retirez le signe invisible {code_point} (signe n° {place} du texte)."
        return TextRefused("invisible-sign", message)
    return TextRefused(
        "unprintable-sign",
        f"Le signe n° {place} du texte ({code_point}) ne pourrait pas être imprimé : écrivez-le autrement.",
    )


def _too_long(max_length: int) -> TextRefused:
    return TextRefused("too-long", f"Ce texte dépasse {max_length} caractères.")


@dataclass(frozen=True)
class TextForm:
    """Annotation of a text that people write: how many lines, and its lengths once admitted."""

    form: Literal["line", "prose"]
    max_length: int
    min_length: int = 1

    def admit(self, text: str) -> str:
        """Return the text as it is admitted; raises an error that pydantic reports with its code and sentence."""
        try:
            return (line if self.form == "line" else prose)(text, self.max_length, self.min_length)
        except TextRefused as refused:
            context = {"code": refused.code, "message": str(refused)}
            raise PydanticCustomError("text_refused", "{message}", context) from refused

    def __get_pydantic_core_schema__(self, source: type[str], handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.admit, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, object]:
        return {**handler(schema), "minLength": self.min_length, "maxLength": self.max_length}


Line = Annotated[str, TextForm("line", 200)]
"""One line: a name, a quality, a label, an address."""
MAX_PROSE: Final = 10_000
Prose = Annotated[str, TextForm("prose", MAX_PROSE)]
"""Paragraphs."""
