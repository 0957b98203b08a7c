"""How French reads on a page: where no line may break, and long numbers in groups. What people typed stays as it is."""

import re
from typing import Final

from markupsafe import Markup, escape

from law.texts import NO_BREAK_SPACE

_TYPED: Final = re.compile(r'(value="[^" ]* [^"]*"|<textarea\b.*?</textarea>)', re.DOTALL)
"""What people typed: values and text areas must be sent back as they came."""
_MARKED: Final = re.compile(r" (?:(?=[»:;?!%])|(?<=« )|(?<=n° )|(?<=\b[LRD]\. )(?=[0-9]))")
"""Spaces of French punctuation and of articles."""
_COUNTED: Final = re.compile(
    r"[0-9](?:er)? (?:jours?|salariés?|heures?|h|(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre"
    r"|novembre|décembre)(?: [12][0-9]{3})?)\b"
)
"""Numbers with what they count, and dates."""
_LEGAL_HOUR: Final = re.compile(r"heure de (?=[A-Z])")


def bound(html: str) -> str:
    """Return a page in which no line breaks before a mark, inside a date, or between a number and what it counts.

    Every page is passed through: each step searches for what it may join, never looks at every blank.
    """
    parts = _TYPED.split(html)
    parts[::2] = [_bound(part) for part in parts[::2]]
    return "".join(parts)


def _bound(text: str) -> str:
    return _LEGAL_HOUR.sub(_joined, _COUNTED.sub(_joined, _MARKED.sub(NO_BREAK_SPACE, text)))


def _joined(found: re.Match[str]) -> str:
    return found[0].replace(" ", NO_BREAK_SPACE)


def siret_in_groups(siret: str) -> str:
    """Write a SIRET as people read it: « 000 000 059 00014 »."""
    return NO_BREAK_SPACE.join((siret[:3], siret[3:6], siret[6:9], siret[9:]))


def iban_in_groups(iban: str) -> str:
    """Write an IBAN as a bank prints it, in groups of four."""
    return NO_BREAK_SPACE.join(iban[at : at + 4] for at in range(0, len(iban), 4))


def written_bytes(text: str) -> int:
    """Return what a text weighs in a page, where `&` and quotes are written in more signs."""
    return len(escape(text).encode())


def coded(text: str) -> Markup:
    """Return a text whose names between backticks are shown as code."""
    return Markup(_BETWEEN_BACKTICKS.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704  escaped before


_BETWEEN_BACKTICKS: Final = re.compile(r"`([^`]+)`")
