"""Voies et délais de recours: the paragraphs of a decision that refuses something (CJA, R. 421-5; CRPA, L. 411-2).

« Les délais de recours contre une décision administrative ne sont opposables qu'à la condition d'avoir été mentionnés,
ainsi que les voies de recours, dans la notification de la décision » (R. 421-5). The last day depends on the
notification, which comes after the document: it is in `law.courts`.
"""

from datetime import date
from typing import Final

from law.courts import appeal, months_to_appeal
from law.dated import Dated, DatedValue
from law.departments import OVERSEAS_ZONES
from law.directory import department as department_of
from law.texts import Text
from law.tribunals import tribunal

_TO_COURT: Final = (
    "La présente décision peut être contestée dans les {months} mois suivant sa notification devant le {court}{online} "
    "(article R. 421-1 du code de justice administrative)."
)
_ONLINE: Final = ", par courrier ou par Télérecours citoyens ({})"
_FROM_OVERSEAS: Final = (
    "Ce délai est augmenté d’un mois pour les personnes qui demeurent outre-mer, et de deux mois pour celles qui "
    "demeurent à l’étranger (article R. 421-7 du même code)."
)
_FROM_ELSEWHERE: Final = (
    "Ce délai est augmenté d’un mois pour les personnes qui ne demeurent pas dans le ressort de ce tribunal, et de "
    "deux mois pour celles qui demeurent à l’étranger (article R. 421-7 du même code)."
)
# `{}` stands for the département. The CRPA has been in force since 2016; the time limits are older.
_BEFORE_THE_COURT: Final = Dated[tuple[str, ...]](
    "les voies de recours",
    DatedValue(
        date(2013, 7, 1),
        (
            "Dans les deux mois suivant sa notification, elle peut aussi faire l’objet d’un recours gracieux auprès du "
            "préfet {} ou d’un recours hiérarchique auprès du ministre chargé de l’emploi. Ce recours interrompt le "
            "délai du recours contentieux.",
            "Le silence gardé pendant deux mois sur un tel recours vaut rejet. Un nouveau délai de {months} mois pour "
            "saisir le tribunal administratif court alors.",
        ),
        Text.CJA_R_421_5,
        Text.CJA_R_421_1,
    ),
    DatedValue(
        date(2016, 1, 1),
        (
            "Dans les deux mois suivant sa notification, elle peut aussi faire l’objet d’un recours gracieux auprès du "
            "préfet {} ou d’un recours hiérarchique auprès du ministre chargé de l’emploi (article "
            "L. 411-2 du code des relations entre le public et l’administration). Ce recours "
            "interrompt le délai du recours contentieux.",
            "Le silence gardé pendant deux mois sur un tel recours vaut rejet (article L. 231-4 du "
            "même code). Un nouveau délai de {months} mois pour saisir le tribunal administratif court alors.",
        ),
        Text.CJA_R_421_5,
        Text.CRPA_L_411_2,
    ),
)
_IN_WORDS: Final = {2: "deux", 3: "trois"}


def remedies(notified_on: date, department: str) -> tuple[str, ...]:
    """Return the ways of appeal against a refusal, one French paragraph each (CJA, CRPA).

    Raises BeforeFirstText and UnknownDepartment.
    """
    found = department_of(department)
    months, online = _IN_WORDS[months_to_appeal(notified_on, department)], appeal(notified_on, department).online
    court = tribunal(department, notified_on).sentence
    to_court = _TO_COURT.format(months=months, court=court, online=_ONLINE.format(online) if online else "")
    distance = _FROM_ELSEWHERE if found.code in OVERSEAS_ZONES else _FROM_OVERSEAS
    others = _BEFORE_THE_COURT.on(notified_on).value
    return (f"{to_court} {distance}", *(each.format(found.genitive, months=months) for each in others))
