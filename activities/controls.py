"""The controls of a request: what an agent should look at. They inform; they never hold the clock (A16, N03)."""

from collections.abc import Iterator

from activities.documents.french import number
from law.quota import plausible_hours
from models.store.controls import Facts
from models.store.records import RequestRecord


def signals(asked: RequestRecord, facts: Facts) -> tuple[str, ...]:
    """Return one French sentence for each thing to look at; neither names nor accounts."""
    return tuple(_signals(asked, facts))


def _signals(asked: RequestRecord, facts: Facts) -> Iterator[str]:
    for other in facts.overlapping:
        yield f"Période qui chevauche celle de la demande {other}."
    if facts.others_with_account:
        count = facts.others_with_account
        yield f"Compte bancaire déjà donné par {count} autre{'s' * (count > 1)} établissement{'s' * (count > 1)}."
    if facts.account_changed:
        yield "Compte bancaire différent de celui de la demande précédente."
    most = plausible_hours(asked.ground, asked.start_on, asked.end_on, asked.employees).maximum
    if asked.hours > most:
        yield f"Heures demandées ({number(asked.hours)}) au-delà de ce que permet le calendrier ({number(most)})."
    if asked.employees > asked.headcount:
        yield f"Salariés concernés ({asked.employees}) plus nombreux que l’effectif ({asked.headcount})."
    if facts.previous_headcount is not None and asked.headcount > facts.previous_headcount:
        yield f"Effectif ({asked.headcount}) en hausse depuis la demande précédente ({facts.previous_headcount})."
