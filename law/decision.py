"""The decision: its content, what makes a refusal valid, what it states to the employer (R. 5122-4).

The decision is notified; a refusal gives its reasons of law and of fact (CRPA, art. L. 211-5), and a grant of
less than was requested is a partial refusal. Its content is set by the arrêté du 24 juillet 2014. It states the
ways of appeal; without them the time limits for appeal cannot be relied on (CJA, art. R. 421-5).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from law.dated import Dated, DatedValue
from law.directory import department as department_of
from law.texts import Cited, Objection, Text, cites_an_article, objection


class LegalBasis(Cited):
    """Fondement de droit d’un refus, que l’agent choisit."""

    NO_LOSS_OF_ACTIVITY = (
        "no_loss_of_activity",
        Text.L_5122_1,
        "Absence de fermeture ou de réduction d’horaire",
    )
    GROUND_NOT_MET = "ground_not_met", Text.R_5122_1, "Circonstances étrangères aux motifs de recours"
    FILED_LATE = "filed_late", Text.R_5122_3, "Demande présentée hors délai"
    NOT_PRIOR = "not_prior", Text.R_5122_2, "Demande postérieure au placement des salariés"
    OPINION_MISSING = "opinion_missing", Text.R_5122_2, "Avis préalable du comité manquant"
    COLLECTIVE_DISPUTE = "collective_dispute", Text.R_5122_8, "Différend collectif de travail"
    ANNUAL_FORFAIT = "annual_forfait", Text.R_5122_8, "Forfait annuel sans fermeture"
    TOO_LONG = "too_long", Text.R_5122_9, "Durée maximale atteinte"
    COMMITMENTS_MISSING = "commitments_missing", Text.R_5122_9, "Engagements non souscrits"
    QUOTA_EXCEEDED = "quota_exceeded", Text.R_5122_6, "Contingent annuel d’heures dépassé"


_BASES: Final = Dated[frozenset[LegalBasis]](
    "les fondements d’un refus",
    DatedValue(date(2013, 7, 1), frozenset(LegalBasis), Text.R_5122_4, Text.CODE_2013),
    DatedValue(
        date(2020, 3, 26),
        frozenset(LegalBasis) - {LegalBasis.ANNUAL_FORFAIT},
        Text.R_5122_4,
        Text.DECREE_2020_325_1,
    ),
)


def legal_bases(received_on: date) -> tuple[LegalBasis, ...]:
    """Return the legal bases of a refusal for a request received on a day; raises BeforeFirstText."""
    admitted = _BASES.on(received_on).value
    return tuple(basis for basis in LegalBasis if basis in admitted)


def reasons_objections(statement: str) -> tuple[Objection, ...]:
    """Return why the reasons of a refusal, or of a partial grant, are insufficient: they must not be empty."""
    if statement.strip():
        return ()
    message = "La décision énonce les considérations de droit et de fait qui la fondent."
    return (objection("/grounds", "reasons-missing", message, Text.CRPA_L_211_5),)


def law_and_fact(reasons: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Separate the reasons of law from those of fact (CRPA, art. L. 211-5); one that cites an article is of law.

    If the agent cites no article, the texts by which every request is judged are stated. Doubt: a judge may find
    so general a basis insufficient; the agents' page offers `legal_bases` so that they cite the precise one.
    """
    in_law = tuple(each for each in reasons if cites_an_article(each))
    in_fact = tuple(each for each in reasons if not cites_an_article(each))
    return in_law or (GENERAL_BASIS,), in_fact or in_law


GENERAL_BASIS: Final = (
    "Les conditions du placement en activité partielle sont celles des articles L. 5122-1 et R. 5122-1 du code"
    " du travail."
)


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms requested or granted: an inclusive period, employees, and hours for all of them."""

    start_on: date
    end_on: date
    employees: int
    hours: Decimal


def is_partial(requested: Terms, granted: Terms) -> bool:
    """Tell whether less is granted than was requested, which is a partial refusal."""
    return requested != granted


def grant_objections(requested: Terms, granted: Terms, reasons: str = "") -> tuple[Objection, ...]:
    """Return why a grant is not valid: more than was requested, or less without reasons."""
    found = []
    if granted.end_on < granted.start_on:
        message = "La période accordée s’achève avant d’avoir commencé."
        found.append(objection("/period/end_on", "period-reversed", message, Text.R_5122_4))
    beyond = {
        "/period/start_on": granted.start_on < requested.start_on,
        "/period/end_on": granted.end_on > requested.end_on,
        "/employees": granted.employees > requested.employees,
        "/hours": granted.hours > requested.hours,
    }
    message = "La décision ne peut pas accorder plus que la demande."
    found += [objection(at, "more-than-asked", message, Text.R_5122_4) for at, more in beyond.items() if more]
    if is_partial(requested, granted) and not reasons.strip():
        message = "Accorder moins que la demande est un refus partiel, à motiver en droit et en fait."
        found.append(objection("/grounds", "partial-without-reasons", message, Text.CRPA_L_211_5))
    return tuple(found)


_TO_COURT: Final = (
    "La présente décision peut être contestée dans les deux mois suivant sa notification devant le tribunal "
    "administratif compétent (article R. 421-1 du code de justice administrative)."
)
# `{}` stands for the département. The CRPA has been in force since 2016; the time limits are older.
_REMEDIES: Final = Dated[tuple[str, ...]](
    "les voies de recours",
    DatedValue(
        date(2013, 7, 1),
        (
            _TO_COURT,
            "Dans ce même délai, elle peut faire l’objet d’un recours gracieux auprès du préfet {} ou d’un "
            "recours hiérarchique auprès du ministre chargé de l’emploi. Ce recours interrompt le délai du "
            "recours contentieux.",
            "Le silence gardé pendant deux mois sur un tel recours vaut rejet. Un nouveau délai de deux mois "
            "pour saisir le tribunal administratif court alors.",
        ),
        Text.CJA_R_421_5,
        Text.CJA_R_421_1,
    ),
    DatedValue(
        date(2016, 1, 1),
        (
            _TO_COURT,
            "Dans ce même délai, elle peut faire l’objet d’un recours gracieux auprès du préfet {} ou d’un "
            "recours hiérarchique auprès du ministre chargé de l’emploi (article L. 411-2 du code des "
            "relations entre le public et l’administration). Ce recours interrompt le délai du recours "
            "contentieux.",
            "Le silence gardé pendant deux mois sur un tel recours vaut rejet (article L. 231-4 du même "
            "code). Un nouveau délai de deux mois pour saisir le tribunal administratif court alors.",
        ),
        Text.CJA_R_421_5,
        Text.CRPA_L_411_2,
    ),
)


def remedies(notified_on: date, department: str) -> tuple[str, ...]:
    """Return the ways of appeal against a refusal, one French paragraph each (CJA, CRPA).

    Raises BeforeFirstText and UnknownDepartment.
    """
    genitive = department_of(department).genitive
    return tuple(paragraph.format(genitive) for paragraph in _REMEDIES.on(notified_on).value)
