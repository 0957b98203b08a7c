"""Headers and codes as they are compared: two that differ by case, accents or punctuation alone are the same."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

MAX_HEADER: Final = 100
"""Characters of a header, or of a code, that are looked at."""
_SIGNS: Final = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=4096)
def normalised(written: str) -> str:
    """Return a header or a code in lower case, without accents or punctuation."""
    folded = unicodedata.normalize("NFKD", written[:MAX_HEADER].replace("°", "o ").replace("œ", "oe").casefold())
    return _SIGNS.sub(" ", "".join(sign for sign in folded if not unicodedata.combining(sign))).strip()
