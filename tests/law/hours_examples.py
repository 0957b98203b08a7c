"""Published examples of payable hours: Monday, hours of the contract and worked, what is said of the week, payable."""

from dataclasses import dataclass
from typing import Any

from law.work_time import Mode

LIAISONS = "liaisons-sociales.fr, 426-22, activité partielle et aménagement du temps de travail"
FLEXURE = "flexure.fr, questions et réponses pour les salariés, 18 mars 2020"
FAMILIAL = "dossierfamilial.com, quelle allocation en cas de chômage partiel, 2013"
M = "questions-réponses du ministère du travail, 2020, par legisocial.fr"
M_2021 = "questions-réponses du ministère du travail, octobre 2021, par legisocial.fr"
CERFRANCE = "webzine.cerfrance49.fr, catégories particulières de salariés, 5 mai 2020"
CAPEB = "capeb.fr, chômage partiel et jours fériés, 24 avril 2020"
AVOCAT = "consultation.avocat.fr, lundi de Pâques, 2020"
HABILLEMENT = "federation-habillement.fr, ordonnance du 22 avril 2020"
KLATOVSKY = "klatovsky.com, heures supplémentaires et activité partielle, 2020"
RESOURCES = "legal-resources.eu, heures supplémentaires structurelles, circulaire de 2013"
NOTE_43 = "note sur le calcul de l’indemnité, 29 mai 2020 (123dok.net)"

FORFAIT: dict[str, Any] = {"mode": Mode.ANNUAL_DAYS}


@dataclass(frozen=True)
class Example:
    """One published example."""

    monday: str
    contract: str
    worked: str
    said: dict[str, Any]
    payable: str
    source: str


EXAMPLES = [
    Example("2014-06-16", "35", "20", {}, "15", LIAISONS),
    Example("2014-06-16", "32", "20", {}, "12", LIAISONS),
    Example("2014-06-16", "39", "20", {"mode": Mode.WEEKLY_FLAT}, "15", LIAISONS),
    Example("2013-09-02", "35", "15", {}, "20", FAMILIAL),
    Example("2020-02-10", "35", "15", {}, "20", FLEXURE),
    Example("2020-02-10", "32", "13", {}, "19", FLEXURE),
    Example("2020-02-10", "39", "17", {}, "18", FLEXURE),
    Example("2019-06-17", "39", "0", {"structural": True}, "35", RESOURCES),
    Example("2020-04-20", "42", "0", {}, "35", M),
    Example("2020-04-20", "20", "0", {}, "20", M),
    Example("2021-10-04", "42", "0", {}, "35", M_2021),
    Example("2020-04-20", "39", "0", {"structural": True}, "39", KLATOVSKY),
    Example("2020-04-20", "37", "0", {"structural": True}, "37", HABILLEMENT),
    Example("2020-04-20", "39", "0", {}, "35", HABILLEMENT),
    Example("2020-04-20", "43", "0", {"mode": Mode.EQUIVALENCE}, "43", NOTE_43),
    Example("2020-04-20", "0", "0", FORFAIT | {"half_days": 1}, "3.5", CERFRANCE),
    Example("2020-04-20", "0", "0", FORFAIT | {"days": 1}, "7", CERFRANCE),
    Example("2020-04-20", "0", "0", FORFAIT | {"days": 5}, "35", CERFRANCE),
    Example("2020-04-13", "35", "0", {}, "28", CAPEB),
    Example("2020-04-13", "35", "0", {"holidays_worked": True}, "35", AVOCAT),
]
