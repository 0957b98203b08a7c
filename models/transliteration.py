"""Names in the only letters that the paying agency's tables know: capitals of ASCII.

No letter is lost: each becomes what a reader of Latin letters would write for it (Ł → L, ß → SS, Œ → OE, Đ → D).
"""

import re
from typing import Final

from anyascii import anyascii

_UNSAYABLE: Final = re.compile(r"[^ -~]")


def latin_capitals(text: str, max_length: int) -> str:
    """Return a text on one line in capitals of ASCII, cut after a whole word where it would be longer; maybe empty."""
    words = " ".join(_UNSAYABLE.sub(" ", anyascii(" ".join(text.split())).upper()).split())
    return cut_between_words(words, max_length)


def cut_between_words(words: str, max_length: int) -> str:
    """Return a text cut after a whole word where it would be longer, or within the first word if that is too long."""
    if len(words) <= max_length:
        return words
    whole = words[: max_length + 1].rpartition(" ")[0]
    return whole or words[:max_length]


def has_letter(name: str) -> bool:
    """Whether a text holds a letter, as the name of a person or a firm does."""
    return any(sign.isalpha() for sign in name)
