"""What an employer does about a claim that the paying agency rejected, by the code of its answer."""

from typing import Final

from models.agency_answers import SETTLED

_ADVICE: Final = {
    SETTLED: "L’agence n’a pas traité cette demande : aucune ligne n’est en cause.",
    "3308": "La commune et le département de naissance d’un salarié ne vont pas ensemble : corrigez-les.",
    "3330": "L’adresse d’un salarié contient des signes que l’agence n’accepte pas : écrivez-la en lettres, chiffres "
    "et espaces.",
    "3417": "L’agence ne connaît pas cette commune : vérifiez son code INSEE. S’il est juste, son référentiel est en "
    "retard : signalez-le à l’administration, qui le lui transmet.",
    "3435": "Le SIRET a changé, ou aucune enveloppe n’est ouverte pour lui auprès de l’agence : l’administration doit "
    "modifier l’autorisation avant une nouvelle demande.",
    "3437": "L’agence connaît un salarié sous un autre identifiant : vérifiez son numéro de sécurité sociale.",
}
"""Codes whose meaning is known from the agency’s other exchanges, and our own."""
_FAMILIES: Final = {
    "32": "L’agence refuse des données de l’établissement ou de la demande : comparez-les à l’autorisation.",
    "33": "L’agence refuse les données d’un salarié : les lignes citées sont à corriger.",
    "34": "L’agence ne retrouve pas une donnée dans ses référentiels : vérifiez les lignes citées.",
}
_PEOPLE: Final = "L’agence n’a pas accepté tous les salariés : les lignes citées sont à corriger."
_UNKNOWN: Final = "Ce code n’est pas documenté : demandez à l’administration, qui interroge l’agence."
_FAMILY: Final = 2
"""Digits that name a family."""


def advise(code: str, *, of_people: bool = False) -> str:
    """Return, in French, what to do about a rejection; `of_people` if lines of people are rejected in the row."""
    known = _ADVICE.get(code) or _FAMILIES.get(code[:_FAMILY])
    return known or (_PEOPLE if of_people else _UNKNOWN)
