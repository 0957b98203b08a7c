"""Answers of HTTP that are errors, in French: libraries write them in English."""

import re
from typing import Final

_STATUS: Final = re.compile(r"HTTP Error (\d{3}): .*|(\d{3}), message=(?:'[^']*'|\"[^\"]*\")(?:, url=\S+)?")
"""How libraries write an answer that is an error: urllib, then aiohttp."""
_STATUS_WORDS: Final = {
    "401": "non authentifié",
    "403": "accès refusé",
    "404": "introuvable",
    "429": "trop d’appels",
    "500": "erreur interne",
    "502": "mauvaise passerelle",
    "503": "service indisponible",
    "504": "délai dépassé",
}


def in_words(text: str) -> str:
    """Return a text in which such an answer is told in French: « répond 503 (service indisponible) »."""
    return _STATUS.sub(_status_in_words, text)


def _status_in_words(found: re.Match[str]) -> str:
    status = found[1] or found[2]
    return f"répond {status} ({_STATUS_WORDS[status]})" if status in _STATUS_WORDS else f"répond {status}"
