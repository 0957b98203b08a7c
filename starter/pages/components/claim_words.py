"""How pages say a claim: its month, part and version, its sums, its state, its events."""

from datetime import date
from decimal import Decimal
from typing import Final

from law.amounts import euros_in_french, of_cents
from law.texts import count_in_french, in_french
from models.bodies.claim import ClaimTerms
from models.claim_labels import ClaimEvent, ClaimState, stated_terms
from models.store.claims.lists import ListedClaim
from models.store.claims.records import ClaimRecord
from models.store.journal.events import Event
from starter.services.claim_schemas import ClaimView
from starter.services.upload_views import UploadView

TONES: Final[dict[ClaimState, str]] = {
    ClaimState.ADMITTED: "info",
    ClaimState.HELD: "doubt",
    ClaimState.UNDER_REVIEW: "doubt",
    ClaimState.AGREED: "info",
    ClaimState.SIGNED: "info",
    ClaimState.HANDED: "info",
    ClaimState.ACCEPTED: "good",
    ClaimState.ORDERED: "good",
    ClaimState.PAID: "good",
    ClaimState.REFUSED: "bad",
    ClaimState.REJECTED: "bad",
    ClaimState.REOPENED: "doubt",
}
"""Tone of a state; grey for what is over without a payment."""
Stating = ClaimRecord | ClaimView | ClaimTerms | UploadView
"""What says something of the establishment: a claim, a file of one, or a form."""
_EVENTS: Final = {
    "claim_signalled": "Signal ajouté",
    "claim_refusal_registered": "Refus enregistré",
    "claim_refusal_lapsed": "Refus à reprendre : la délégation a pris fin avant la signature",
    "claim_withdrawal_recorded": "Retrait inscrit, en attente de l’ASP ou de la banque",
    "payment_ordered": "Virement ordonné",
    "payment_booked": "Virement exécuté",
    "payment_rejected": "Virement rejeté par la banque",
    "payment_returned": "Virement revenu",
    "payment_stopped": "Virement arrêté avant son envoi",
    "claim_people_erased": "Données des salariés effacées",
    "incident_opened": "Incident technique",
    "incident_closed": "Incident technique terminé",
}
"""Events that employers are not shown."""
_WITHDRAWN: Final = "Demande sans effet, l’autorisation étant retirée"


def tag(state: ClaimState) -> tuple[str, str]:
    """Return the label and the tone of a state, for `ui.tag`."""
    return state.label, TONES.get(state, "off")


def stated(of: Stating) -> list[tuple[str, str]]:
    """Return what a claim or a file says of the establishment."""
    return stated_terms(structural=of.structural, sector=of.sector, holidays_worked=of.holidays_worked)


def of_days(first: date, last: date) -> str:
    """Return « du 1er au 6 décembre », for days of one month."""
    to = in_french(last).rpartition(" ")[0]
    return f"le {to}" if first == last else f"du {in_french(first).partition(' ')[0]} au {to}"


def euros(cents: int | None) -> str:
    """Return « 1 234,50 € »."""
    return euros_in_french(of_cents(cents or 0))


def hourly(least: Decimal | None, most: Decimal | None) -> str:
    """Return the allowance of an hour, or the least and the highest one."""
    if least is None or most is None:
        return "sans heure indemnisable"
    amounts = [euros_in_french(each) for each in (least, most)]
    return amounts[0] if least == most else f"de {amounts[0]} à {amounts[1]}"


def hours(value: Decimal | None) -> str:
    """Return « 1 234,5 heures »."""
    return count_in_french((value or Decimal()).normalize() + 0, "heure")


def people(claim: ListedClaim) -> str:
    """Return « 12 salariés, 420 heures »."""
    return counted(claim.people, claim.hours)


def counted(persons: int, of_hours: Decimal | None) -> str:
    """Return the same for a number of people and their hours."""
    return f"{count_in_french(persons, 'salarié')}, {hours(of_hours)}"


def event_label(event: Event) -> str:
    """Return what happened to a claim, in French: its employer cancels it, whoever else ends it withdraws it."""
    if event.type == ClaimEvent.VOIDED.value and event.actor_role != "employer":
        return _WITHDRAWN
    known = _EVENTS.get(event.type)
    return known or ClaimEvent.of(event.type).label
