"""Until when a claim received in time is put right once it was rejected or refused (L. 5122-1, IV; CRPA, L. 411-2).

What is not claimed in time is forfeited; no text says what becomes of a claim that was, and that the agency rejects or
the authority refuses when the last day is near or past. « Toute décision administrative peut faire l'objet, dans le
délai imparti pour l'introduction d'un recours contentieux, d'un recours gracieux ou hiérarchique qui interrompt le
cours de ce délai » (L. 411-2): a version that asks for nothing more is read as such a recourse. Its delay is that of
the court (CJA, R. 421-1), for L. 411-2 has none of its own, and until it ends the rejection is not final. Doubt: this
is practice; the delay is counted from the day told even where no remedy was stated (CJA, R. 421-5).
"""

from datetime import date
from typing import Final

from law.courts import last_day_to_appeal
from law.dated import Dated, DatedValue
from law.texts import Reason, Text, in_french

# The value is the delay of an appeal, which has dates of its own (`law.courts`).
_RECOURSE: Final = Dated(
    "la correction d’une demande d’indemnisation rejetée",
    DatedValue(date(2013, 7, 1), None, Text.CJA_R_421_1, Text.PRACTICE_CORRECTION),
    DatedValue(date(2016, 1, 1), None, Text.CRPA_L_411_2, Text.PRACTICE_CORRECTION),
)


def corrected_until(told_on: date, department: str) -> tuple[date, Reason]:
    """Return the last day to put a claim right whose rejection or refusal the employer was told on a day, and why.

    Days are those of the département. Raises UnknownDepartment and BeforeFirstText.
    """
    until = last_day_to_appeal(told_on, department)
    text = "Reçue dans les délais puis rejetée ou refusée, une demande se corrige dans le délai de recours."
    return until, _RECOURSE.on(told_on).reason(text, f"jusqu’au {in_french(until)}")
