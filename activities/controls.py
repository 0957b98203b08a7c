"""Controls of a request: what an agent should look at. They only inform, and never delay the procedure (A16, N03)."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from activities.companies import Company, CompanyDirectory, DirectoryUnavailable
from law.dated import BeforeFirstText
from law.quota import plausible_hours
from law.texts import number_in_french
from law.window import filing_window
from models.store.cases.controls import Facts
from models.store.cases.records import RequestRecord

_AS_ENROLLED: Final[dict[str | None, str]] = {
    "unknown": "Établissement inconnu du répertoire lors de l’adhésion.",
    "ceased": "Établissement fermé, d’après le répertoire, lors de l’adhésion.",
    "away": "Établissement non vérifié lors de l’adhésion : le répertoire ne répondait pas.",
}


def signals(request: RequestRecord, facts: Facts) -> tuple[str, ...]:
    """Return one French sentence for each thing to look at; none contains a name or a bank account."""
    return (*_compared(request, facts), *_judged(request))


async def directory_signals(request: RequestRecord, companies: CompanyDirectory) -> tuple[str, ...]:
    """Compare a request with the directory of establishments; a directory that does not answer is a signal too."""
    if not companies.configured:
        return ()
    try:
        return tuple(_directory_signals(request, await companies.look_up(request.siret)))
    except DirectoryUnavailable:
        return ("Répertoire des établissements indisponible au moment du contrôle.",)


def _directory_signals(request: RequestRecord, company: Company | None) -> Iterator[str]:
    if company is None:
        yield "Établissement inconnu du répertoire."
        return
    if company.state == "ceased":
        yield "Établissement fermé, d’après le répertoire."
    if company.headcount is not None and request.headcount > company.headcount:
        yield f"Effectif déclaré ({request.headcount}) supérieur à celui du répertoire ({company.headcount})."


def _compared(request: RequestRecord, facts: Facts) -> Iterator[str]:
    if facts.enrolled_as in _AS_ENROLLED:
        yield _AS_ENROLLED[facts.enrolled_as]
    for other in facts.overlapping:
        yield f"Période qui chevauche celle de la demande {other}."
    if facts.others_with_account:
        count = facts.others_with_account
        yield f"Compte bancaire déjà donné par {count} autre{'s' * (count > 1)} établissement{'s' * (count > 1)}."
    if facts.account_changed:
        yield "Compte bancaire différent de celui de la demande précédente."
    if request.employees > request.headcount:
        yield f"Salariés concernés ({request.employees}) plus nombreux que l’effectif ({request.headcount})."
    if facts.previous_headcount is not None and request.headcount > facts.previous_headcount:
        yield f"Effectif ({request.headcount}) en hausse depuis la demande précédente ({facts.previous_headcount})."


def _judged(request: RequestRecord) -> Iterator[str]:
    """Yield what the law makes unlikely; nothing for days before its first text."""
    with suppress(BeforeFirstText):
        maximum = plausible_hours(request.ground, request.start_on, request.end_on, request.employees).maximum
        if request.hours > maximum:
            hours, limit = number_in_french(request.hours), number_in_french(maximum)
            yield f"Heures demandées ({hours}) au-delà de ce que permet le calendrier ({limit})."
    with suppress(BeforeFirstText):
        window = filing_window(
            request.ground, request.placement_on, request.department, request.received_on, request.law_on
        )
        if window.closes_at <= request.received_at < window.accepted_until:
            yield "Demande reçue après le délai de dépôt, admise par tolérance."
        elif window.accepted_until <= request.received_at:
            yield "Demande reçue après le délai de dépôt, pour une période à venir."
