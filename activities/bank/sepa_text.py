"""Texts in the characters that every bank of SEPA takes: letters and digits of ASCII, / - ? : ( ) . , ' + and space.

Replacements follow the best practices of the European Payments Council (EPC217-08): « & » becomes « + », a sign that
nothing resembles becomes a full stop. No letter is lost: Ł becomes L, ß ss, Œ Oe.
"""

import re
from typing import Final

from anyascii import anyascii

from models.transliteration import cut_between_words

MAX_NAME_LENGTH: Final = 70
MAX_TEXT_LENGTH: Final = 140
MAX_IDENTIFIER_LENGTH: Final = 35
UNNAMED: Final = "NOTPROVIDED"
"""What the EPC writes for a name that is unknown: that of a payee in signs of which no letter is left."""
_SPOKEN: Final = str.maketrans("«»°", "  o")
"""What a general transliteration writes badly: << and >>, « n° » as « ndeg »."""
_RESEMBLING: Final = str.maketrans('&"`_~[{]}|\\;', "+''--(())//,")
_UNSAYABLE: Final = re.compile(r"[^A-Za-z0-9/?:().,'+ -]")
_SLASHES: Final = re.compile(r"//+")
_IDENTIFIER: Final = re.compile(rf"(?![/ ])(?!.*//)[A-Za-z0-9/?:().,'+ -]{{1,{MAX_IDENTIFIER_LENGTH}}}(?<![/ ])")


def sepa_text(text: str, max_length: int) -> str:
    """Return a text on one line in the characters of SEPA, cut after a whole word; empty if no sign of it is left."""
    plain = text if text.isascii() else anyascii(" ".join(text.translate(_SPOKEN).split()))
    plain = plain.translate(_RESEMBLING)
    plain = _SLASHES.sub("/", _UNSAYABLE.sub(".", " ".join(plain.split())))
    return cut_between_words(plain, max_length).strip(" /")


def sepa_name(name: str) -> str:
    """Return the name of a party, which a message cannot do without."""
    plain = sepa_text(name, MAX_NAME_LENGTH)
    return plain if any(sign.isalnum() for sign in plain) else UNNAMED


def identifier(stated: str) -> str:
    """Return an identifier of ours as it is, so that answers match it; raises ValueError if banks do not take it."""
    if not _IDENTIFIER.fullmatch(stated):
        raise ValueError(f"no identifier of SEPA: {stated!r}")
    return stated
