"""Labelled enums of claims, their files and the agency’s answers; each code with the French label that people read."""

from datetime import date
from typing import Final

from law.rates import Sector
from law.texts import month_in_french
from models.labels import Labelled


class ClaimState(Labelled):
    """State of one version of a claim."""

    CHECKED = "checked", "Contrôlée, pas encore déposée"
    """Its lines are staged; nothing of it counts anywhere."""
    ADMITTED = "admitted", "Reçue"
    HELD = "held", "En attente"
    UNDER_REVIEW = "under_review", "En cours d’examen"
    AGREED = "agreed", "Accord donné"
    SIGNED = "signed", "Signée"
    HANDED = "handed", "Transmise à l’ASP"
    ACCEPTED = "accepted", "Acceptée par l’ASP"
    ORDERED = "ordered", "Paiement ordonné"
    PAID = "paid", "Payée"
    REOPENED = "reopened", "Paiement revenu"
    REPLACED = "replaced", "Remplacée"
    REFUSED = "refused", "Refusée par l’administration"
    REJECTED = "rejected", "Rejetée par l’ASP"
    VOID = "void", "Sans effet"


LIVING: Final = (
    ClaimState.ADMITTED,
    ClaimState.HELD,
    ClaimState.UNDER_REVIEW,
    ClaimState.AGREED,
    ClaimState.SIGNED,
    ClaimState.HANDED,
    ClaimState.ACCEPTED,
    ClaimState.ORDERED,
    ClaimState.REOPENED,
)
"""States of which a month and part has one version at most."""
STANDING: Final = (*LIVING, ClaimState.PAID)
"""States in which a claim holds hours of its authorization and of its people."""


class ClaimSignal(Labelled):
    """Why a claim that was admitted is held, or what an agent looks at before the visa."""

    AUTHORITY = "authority", "L’habilitation sur l’établissement n’est pas prouvée."
    BANK_ACCOUNT = "bank_account", "Le compte bancaire n’est plus celui de l’autorisation."
    OPINION = "opinion", "L’avis du comité social et économique n’est pas parvenu à temps."
    OTHER_ESTABLISHMENT = (
        "other_establishment",
        "Un autre établissement demande le même salarié la même semaine.",
    )
    DSN_TOTAL = "dsn_total", "Les heures chômées ne sont pas celles de la DSN du même mois."
    REGULARISATION = "regularisation", "Régularisation demandée après la date limite ordinaire."
    REFUSED_BEFORE = "refused_before", "Un agent a déjà refusé une demande de ce dossier pour le même mois."
    WAGE = "wage", "Des taux horaires sont inhabituels."
    CALENDAR = "calendar", "Des heures dépassent ce que permettent les jours demandés."
    CASE = "case", "Le dossier de l’autorisation porte un signal qu’aucun signataire n’a regardé."

    @property
    def holds(self) -> bool:
        """Whether a claim waits until it is over, rather than for an agent."""
        return self in _HOLDING

    @property
    def is_told(self) -> bool:
        """Whether the employer reads it; the others would tell of people elsewhere, or of what is being compared."""
        return self.holds or self is ClaimSignal.REGULARISATION


_HOLDING: Final = (ClaimSignal.AUTHORITY, ClaimSignal.BANK_ACCOUNT, ClaimSignal.OPINION)


class UploadState(Labelled):
    """State of a file of a claim."""

    RECEIVED = "received", "Reçu"
    READING = "reading", "En cours de lecture"
    READ = "read", "Lu, sans erreur"
    WITH_ERRORS = "with_errors", "Lu, avec des erreurs"
    UNREADABLE = "unreadable", "Illisible"
    SUBMITTED = "submitted", "Déposé"
    EXPIRED = "expired", "Effacé"


class AnswerFileState(Labelled):
    """State of a file of answers of the paying agency."""

    SEEN = "seen", "Vu"
    APPLIED = "applied", "Appliqué"
    QUARANTINED = "quarantined", "Mis de côté"
    REPLAYED = "replayed", "Rejoué"
    DISCARDED = "discarded", "Écarté"


class ClaimEvent(Labelled):
    """Events of a claim that its employer sees."""

    RECEIVED = "claim_received", "Demande d’indemnisation reçue"
    RECEIPT_ISSUED = "claim_receipt_issued", "Récépissé délivré"
    HELD = "claim_held", "Demande en attente"
    RELEASED = "claim_released", "Attente levée"
    CONTROLLED = "claim_controlled", "Demande contrôlée"
    AGREED = "claim_agreed", "Accord donné"
    AGREEMENT_LAPSED = "claim_agreement_lapsed", "Accord à redonner : il ne pouvait plus être signé"
    REFUSED = "claim_refused", "Demande refusée"
    SIGNED = "claim_signed", "Demande signée par l’administration"
    HANDED = "claim_handed_to_asp", "Demande transmise à l’ASP"
    ACCEPTED = "claim_accepted", "Demande acceptée par l’ASP"
    ORDERED = "claim_ordered", "Paiement ordonné"
    PAID = "claim_paid", "Paiement exécuté"
    REOPENED = "claim_reopened", "Paiement rejeté par la banque ou revenu"
    REJECTED = "claim_rejected", "Demande rejetée par l’ASP"
    REPLACED = "claim_replaced", "Demande remplacée"
    VOIDED = "claim_voided", "Demande annulée"


def claimed_month(month: date, part: int, version: int | None) -> str:
    """Return « décembre 2026 », with its part and its version where they are not the first."""
    said = [month_in_french(month)]
    said += [f"partie {part}"] if part > 1 else []
    said += [f"version {version}"] if version and version > 1 else []
    return ", ".join(said)


def stated_terms(*, structural: bool, sector: Sector, holidays_worked: bool | None) -> list[tuple[str, str]]:
    """Return what a claim or a file says of the establishment, as people read it; nothing of what it does not say."""
    said = [("Taux particulier", sector.label)] if sector is not Sector.GENERAL else []
    if structural:
        said.append(("Heures au-delà de la durée légale", "heures supplémentaires structurelles"))
    if holidays_worked is not None:
        said.append(("Jours fériés", "travaillés" if holidays_worked else "chômés"))
    return said
