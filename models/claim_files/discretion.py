"""Numbers of people and accounts in what a file or a profile writes: found wherever they stand, and masked."""

import re
from typing import Final

MAX_LOOKED_AT: Final = 1_000
"""Characters of a value that are looked at: fewer are shown."""
_PERSONAL_NUMBER: Final = re.compile(
    r"[1-8](?:[\s.\-]?[\dAB]){11,}"
    r"|[1-8][\W_]{0,3}\d\d[\W_]{0,3}\d\d[\W_]{0,3}\d[\dAB][\W_]{0,3}\d{3}[\W_]{0,3}\d{3}",
    re.IGNORECASE,
)
"""What may be a NIR: figures in any groups, or in those of a NIR with any signs between."""
_ACCOUNT: Final = re.compile(r"[A-Z]{2}[\W_]{0,3}\d{2}(?:[\W_]{0,3}[A-Z\d]){10,}", re.IGNORECASE)
"""What may be an IBAN, if it has figures enough: « Semaine 10 heures travaillées » has not."""
MIN_ACCOUNT_FIGURES: Final = 12
_DATE: Final = re.compile(
    r"(?<![\d/])(?:\d{1,2}/\d{1,2}(?:/\d{4})?|\d{1,2}[.\-]\d{1,2}[.\-]\d{4}|\d{4}-\d\d-\d\d)(?![\d/])", re.ASCII
)
"""Figures of a header or a week that are of no account: « du 01/03/2021 au 07/03/2021 »."""


def discreet(written: str) -> str:
    """Return a text as it may be shown: masked if a NIR or an IBAN stands in it."""
    looked_at = _DATE.sub("/////", written[:MAX_LOOKED_AT])
    is_account = any(sum(map(str.isdigit, found[0])) >= MIN_ACCOUNT_FIGURES for found in _ACCOUNT.finditer(looked_at))
    return masked(written) if is_account or _PERSONAL_NUMBER.search(looked_at) else written


def masked(written: str) -> str:
    """Return a NIR or an IBAN of which only the first sign and the last two are left; shorter ones show nothing."""
    plain = "".join(sign for sign in written if sign.isalnum())
    return f"{plain[0]}…{plain[-2:]}" if len(plain) > 8 else "…"
