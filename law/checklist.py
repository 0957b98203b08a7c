"""Points of validity that an agent attests before deciding (arrêté du 24 juillet 2014; R. 5122-1 to R. 5122-9, 26).

No text lists them one by one: the list follows what the articles require of a request, by ground (practice; doubt).
It is proposed; the agent attests, or leaves, each point.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from law.dated import Dated, DatedValue
from law.grounds import Ground
from law.texts import Cited, Text


class ValidityPoint(Cited):
    """Point de validité d’une demande, que l’agent atteste."""

    GROUND = "ground", Text.R_5122_1, "Les circonstances exposées relèvent du motif invoqué"
    ACTIVITY = "activity", Text.R_5122_1, "La baisse d’activité est chiffrée : commandes, chiffre d’affaires, stocks"
    SUPPLY = "supply", Text.R_5122_1, "La rupture d’approvisionnement est établie, et depuis quand"
    DISASTER = "disaster", Text.R_5122_1, "Le sinistre ou les intempéries sont datés et de caractère exceptionnel"
    RESTRUCTURING = "restructuring", Text.R_5122_1, "La transformation est décrite, et la reprise qui la suivra"
    EXCEPTIONAL = "exceptional", Text.R_5122_1, "La circonstance est précise et de caractère exceptionnel"
    CONTENT = "content", Text.R_5122_2, "La période, les salariés et les heures répondent à la sous-activité décrite"
    OPINION = "opinion", Text.R_5122_2, "L’avis du comité est joint, peut suivre ou n’est pas requis"
    WINDOW = "window", Text.R_5122_3, "La demande précède le placement, ou est présentée dans son délai"
    DISPUTE = "dispute", Text.R_5122_8, "Aucun différend collectif de travail n’est à l’origine de l’arrêt"
    DURATION = "duration", Text.R_5122_9, "La durée totale des autorisations est respectée"
    COMMITMENTS = "commitments", Text.R_5122_9, "Les engagements sont souscrits, ou ne sont pas dus"
    BANK_DETAILS = "bank_details", Text.R_5122_26, "Le compte bancaire est celui de l’établissement"


_OF_GROUND: Final[Mapping[Ground, ValidityPoint]] = {
    Ground.ECONOMIC_CONDITIONS: ValidityPoint.ACTIVITY,
    Ground.SUPPLY_DIFFICULTIES: ValidityPoint.SUPPLY,
    Ground.DISASTER_OR_WEATHER: ValidityPoint.DISASTER,
    Ground.RESTRUCTURING: ValidityPoint.RESTRUCTURING,
    Ground.EXCEPTIONAL_CIRCUMSTANCES: ValidityPoint.EXCEPTIONAL,
}
_COMMON: Final = Dated[frozenset[ValidityPoint]](
    "les points de validité d’une demande",
    DatedValue(
        date(2013, 7, 1),
        frozenset(ValidityPoint) - {*_OF_GROUND.values(), ValidityPoint.BANK_DETAILS},
        Text.R_5122_2,
        Text.CODE_2013,
    ),
    DatedValue(
        date(2014, 7, 2),
        frozenset(ValidityPoint) - set(_OF_GROUND.values()),
        Text.R_5122_26,
        Text.DECREE_2014_740,
    ),
)


def validity_points(ground: Ground, received_on: date) -> tuple[ValidityPoint, ...]:
    """Return the points to attest of a request received on a day; raises BeforeFirstText."""
    due = _COMMON.on(received_on).value | {_OF_GROUND[ground]}
    return tuple(each for each in ValidityPoint if each in due)
