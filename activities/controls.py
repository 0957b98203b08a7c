"""The controls of a request: what an agent should look at. They inform; they never hold the clock (A16, N03)."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from activities.companies import Company, CompanyDirectory, DirectoryUnavailable
from activities.documents.french import number
from law.dated import BeforeFirstText
from law.quota import plausible_hours
from law.window import filing_window
from models.store.cases.controls import Facts
from models.store.cases.records import RequestRecord

_AS_ENROLLED: Final[dict[str | None, str]] = {
    "unknown": "Établissement inconnu du répertoire lors de l’adhésion.",
    "ceased": "Établissement fermé, d’après le répertoire, lors de l’adhésion.",
    "away": "Établissement non vérifié lors de l’adhésion : le répertoire ne répondait pas.",
}


def signals(asked: RequestRecord, facts: Facts) -> tuple[str, ...]:
    """Return one French sentence for each thing to look at; neither names nor accounts."""
    return (*_compared(asked, facts), *_judged(asked))


async def listed(asked: RequestRecord, companies: CompanyDirectory) -> tuple[str, ...]:
    """Ask the register of establishments; one that is away is itself something to know, and nothing more."""
    if not companies.configured:
        return ()
    try:
        return tuple(_listed(asked, await companies.look_up(asked.siret)))
    except DirectoryUnavailable:
        return ("Répertoire des établissements indisponible au moment du contrôle.",)


def _listed(asked: RequestRecord, found: Company | None) -> Iterator[str]:
    if found is None:
        yield "Établissement inconnu du répertoire."
        return
    if found.state == "ceased":
        yield "Établissement fermé, d’après le répertoire."
    if found.headcount is not None and asked.headcount > found.headcount:
        yield f"Effectif déclaré ({asked.headcount}) supérieur à celui du répertoire ({found.headcount})."


def _compared(asked: RequestRecord, facts: Facts) -> Iterator[str]:
    if facts.enrolled_as in _AS_ENROLLED:
        yield _AS_ENROLLED[facts.enrolled_as]
    for other in facts.overlapping:
        yield f"Période qui chevauche celle de la demande {other}."
    if facts.others_with_account:
        count = facts.others_with_account
        yield f"Compte bancaire déjà donné par {count} autre{'s' * (count > 1)} établissement{'s' * (count > 1)}."
    if facts.account_changed:
        yield "Compte bancaire différent de celui de la demande précédente."
    if asked.employees > asked.headcount:
        yield f"Salariés concernés ({asked.employees}) plus nombreux que l’effectif ({asked.headcount})."
    if facts.previous_headcount is not None and asked.headcount > facts.previous_headcount:
        yield f"Effectif ({asked.headcount}) en hausse depuis la demande précédente ({facts.previous_headcount})."


def _judged(asked: RequestRecord) -> Iterator[str]:
    """What the law finds unlikely; on days before its first text it says nothing."""
    with suppress(BeforeFirstText):
        most = plausible_hours(asked.ground, asked.start_on, asked.end_on, asked.employees).maximum
        if asked.hours > most:
            yield f"Heures demandées ({number(asked.hours)}) au-delà de ce que permet le calendrier ({number(most)})."
    with suppress(BeforeFirstText):
        window = filing_window(
            asked.ground, asked.placement_on, asked.department, asked.received_on, asked.law_on
        )
        if window.closes_at <= asked.received_at < window.accepted_until:
            yield "Demande reçue après le délai de dépôt, admise par tolérance."
        elif window.accepted_until <= asked.received_at:
            yield "Demande reçue après le délai de dépôt, pour une période à venir."
