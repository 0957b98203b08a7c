"""Controls of a request: what an agent should look at. They only inform, and never delay the procedure (A16, N03)."""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from law.accounts import is_usual
from law.communes import POSTCODE
from law.dated import BeforeFirstText
from law.quota import plausible_hours
from law.request import remote_period
from law.texts import number_in_french
from law.window import filing_window
from models.establishments import DirectoryAnswer, ListedEstablishment
from models.labels import FilingSignal
from models.messages.case import NOT_CONFIRMED
from models.store.cases.controls import SHARED_ACCOUNT, Facts
from models.store.cases.records import RequestRecord

LEGAL_FORMS: Final = frozenset(("sa", "sas", "sasu", "sarl", "eurl", "sci", "snc", "scop", "ste", "societe", "ets"))
_AS_ENROLLED: Final[dict[str | None, str]] = {
    "unknown": "Établissement inconnu du répertoire lors de l’adhésion.",
    "ceased": "Établissement fermé, d’après le répertoire, lors de l’adhésion.",
    "away": "Établissement non vérifié lors de l’adhésion : le répertoire ne répondait pas.",
}


_FOR_AGENTS: Final = (FilingSignal.OTHER_EMPLOYEES, FilingSignal.PAPER)
"""What the filing found and no control here finds again."""


def signals(request: RequestRecord, facts: Facts) -> tuple[str, ...]:
    """Return one French sentence for each thing to look at; none contains a name or a bank account."""
    return (*_compared(request, facts), *_judged(request))


def directory_signals(request: RequestRecord, facts: Facts, answer: DirectoryAnswer | None) -> tuple[str, ...]:
    """Compare a request with the register of establishments; None: it has not answered yet."""
    if answer is None:
        return (NOT_CONFIRMED,)
    if answer.outcome == "unknown":
        return ("Établissement inconnu du répertoire.",)
    if answer.listed is None:
        return ("Établissement non diffusible : le répertoire n’en confirme ni le nom, ni l’adresse.",)
    listed = answer.listed
    return (*_state_signals(request, listed), *_place_signals(request, listed), *_identity_signals(facts, listed))


def place_signals(request: RequestRecord, facts: Facts) -> tuple[str, ...]:
    """The same without a register of establishments: the département is what the employer states, on paper an agent."""
    return () if facts.department_vouched or request.channel == "paper" else ("Département déclaré, non confirmé.",)


def _state_signals(request: RequestRecord, listed: ListedEstablishment) -> Iterator[str]:
    if listed.state == "ceased":
        yield "Établissement fermé, d’après le répertoire."
    if listed.listed_as:
        yield f"SIRET en double au répertoire, qui le remplace par {listed.listed_as}."
    band = listed.headcount
    if band and band.most is not None and request.headcount > band.most:
        yield f"Effectif déclaré ({request.headcount}) supérieur à celui du répertoire ({band.most} au plus)."


def _place_signals(request: RequestRecord, listed: ListedEstablishment) -> Iterator[str]:
    if listed.department is None:
        yield "Département déclaré, que le répertoire ne confirme pas."
    elif listed.department != request.department:
        ours, theirs = request.department, listed.department
        yield f"Département de la demande ({ours}) différent de celui du répertoire ({theirs})."


def _identity_signals(facts: Facts, listed: ListedEstablishment) -> Iterator[str]:
    if facts.stated_name and listed.name and not _alike(facts.stated_name, listed.name):
        yield "Nom déclaré différent de celui du répertoire."
    stated = POSTCODE.findall(facts.stated_address or "")
    if stated and listed.address and listed.address.postcode and listed.address.postcode not in stated:
        yield "Adresse déclarée différente de celle du répertoire : le code postal n’est pas le même."
    if facts.head_office_department and facts.head_office_department != listed.department:
        yield f"Établissement secondaire : le siège est dans un autre département ({facts.head_office_department})."


def _alike(one: str, other: str) -> bool:
    """Whether one of two names has every word of the shorter; case, accents and legal forms do not count."""
    words, others = _words(one), _words(other)
    return not words or not others or words <= others or others <= words


def _words(name: str) -> set[str]:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return {*re.findall(r"[a-z0-9]+", plain)} - LEGAL_FORMS


def _compared(request: RequestRecord, facts: Facts) -> Iterator[str]:
    if facts.enrolled_as in _AS_ENROLLED:
        yield _AS_ENROLLED[facts.enrolled_as]
    for signal in request.filing_signals:
        if signal in _FOR_AGENTS:
            yield signal.label
    for other in facts.overlapping:
        yield f"Période qui chevauche celle de la demande {other}."
    if facts.others_with_account:
        count = facts.others_with_account
        yield f"{SHARED_ACCOUNT} {count} autre{'s' * (count > 1)} établissement{'s' * (count > 1)}."
    if facts.account_country and not is_usual(facts.account_country):
        yield f"Compte bancaire tenu hors de France et de Monaco ({facts.account_country})."
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
    if remote := remote_period(request.start_on, request.received_on):
        yield remote.text
    with suppress(BeforeFirstText):
        window = filing_window(
            request.ground, request.placement_on, request.department, request.received_on, request.law_on
        )
        if window.closes_at <= request.received_at < window.accepted_until:
            yield "Demande reçue après le délai de dépôt, admise par tolérance."
        elif window.accepted_until <= request.received_at:
            yield "Demande reçue après le délai de dépôt, pour une période à venir."
