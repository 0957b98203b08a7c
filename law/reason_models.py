"""Model sentences of a refusal, whole or partial, for each legal basis (CRPA, L. 211-5; R. 5122-4).

A model only helps the agent to write: its sentence of law cites the article, its sentence of fact leaves blank what
is found in this case. Nothing is added in the agent’s place, and a sentence with a blank left in it is no reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from law.reasons import LegalBasis, legal_bases


@dataclass(frozen=True, slots=True)
class ReasonModel:
    """The sentences of one legal basis; `in_fact` has blanks (`law.reasons.BLANK`)."""

    basis: LegalBasis
    in_law: str
    in_fact: str


_SENTENCES: Final[Mapping[LegalBasis, tuple[str, str]]] = {
    LegalBasis.NO_LOSS_OF_ACTIVITY: (
        "L’article L. 5122-1 du code du travail réserve l’activité partielle aux salariés qui subissent une perte de "
        "rémunération imputable à la fermeture temporaire de leur établissement, ou à la réduction de l’horaire "
        "pratiqué en deçà de la durée légale de travail.",
        "L’établissement reste ouvert et l’horaire des […] salariés désignés demeure de […] heures par semaine.",
    ),
    LegalBasis.GROUND_NOT_MET: (
        "L’article R. 5122-1 du code du travail énumère les circonstances qui ouvrent droit à l’activité partielle : "
        "conjoncture économique, difficultés d’approvisionnement, sinistre ou intempéries exceptionnels, "
        "transformation de l’entreprise, autre circonstance exceptionnelle.",
        "La baisse d’activité décrite vient de […], que la société annonçait depuis le […].",
    ),
    LegalBasis.FILED_LATE: (
        "L’article R. 5122-3 du code du travail fixe le délai dans lequel la demande est présentée lorsqu’elle suit "
        "le placement des salariés en activité partielle.",
        "Les salariés ont cessé le travail le […] et la demande est arrivée le […].",
    ),
    LegalBasis.NOT_PRIOR: (
        "L’article R. 5122-2 du code du travail impose à l’employeur d’adresser sa demande avant de placer ses "
        "salariés en activité partielle.",
        "Les salariés ont cessé le travail dès le […], alors que la demande est arrivée le […].",
    ),
    LegalBasis.OPINION_MISSING: (
        "L’article R. 5122-2 du code du travail impose de joindre à la demande l’avis préalable du comité lorsqu’il "
        "est requis.",
        "La société compte […] salariés et aucun avis du comité n’est parvenu au service à la date du […].",
    ),
    LegalBasis.COLLECTIVE_DISPUTE: (
        "L’article R. 5122-8 du code du travail exclut la réduction ou la suspension d’activité provoquée par un "
        "différend collectif de travail intéressant l’établissement.",
        "L’arrêt des ateliers suit la grève commencée le […] par […] salariés.",
    ),
    LegalBasis.ANNUAL_FORFAIT: (
        "L’article R. 5122-8 du code du travail exclut, hors fermeture de l’établissement, les salariés dont la durée "
        "du travail est fixée par forfait sur l’année.",
        "Parmi les salariés désignés, […] travaillent au forfait annuel alors que les ateliers restent ouverts.",
    ),
    LegalBasis.TOO_LONG: (
        "L’article R. 5122-9 du code du travail limite la durée totale des autorisations d’un établissement.",
        "Les autorisations déjà délivrées couvrent la période du […] au […] et les jours demandés s’y ajouteraient.",
    ),
    LegalBasis.COMMITMENTS_MISSING: (
        "L’article R. 5122-9 du code du travail subordonne une nouvelle autorisation à des engagements de l’employeur.",
        "Une autorisation a couvert la période du […] au […] et la société ne propose ni formation ni maintien des "
        "emplois.",
    ),
    LegalBasis.QUOTA_EXCEEDED: (
        "L’article R. 5122-6 du code du travail limite les heures indemnisables de chaque salarié à un contingent "
        "annuel.",
        "Les […] salariés désignés ont déjà chômé […] heures depuis janvier […].",
    ),
}


def reason_models(received_on: date) -> tuple[ReasonModel, ...]:
    """Return the models of the legal bases of a request received on a day; raises BeforeFirstText."""
    return tuple(ReasonModel(basis, *_SENTENCES[basis]) for basis in legal_bases(received_on))
