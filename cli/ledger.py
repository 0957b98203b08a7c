"""`tacite ledger`: what stands on the accounts of an authorization, and whether every hour and cent is there."""

from datetime import timedelta
from typing import Final

from rich.console import Group, RenderableType
from sqlalchemy import Connection

from cli.environment import current_settings, open_register
from cli.terminal import CommandError, ExitCode, answer, say, table
from law.amounts import euros_in_french, of_cents
from law.texts import count_in_french, number_in_french
from models.errors import Unknown
from models.identifiers import authorization_of, find_reference
from models.store.cases import requests
from models.store.claims import ledger as entries
from models.store.claims import ledger_checks
from models.store.claims.ledger import BalanceRecord, EntryRecord
from models.store.claims.ledger_checks import Checked
from models.store.claims.records import find_entitlement
from models.store.database import Database
from models.store.operations import measures

ACCOUNTS: Final = {
    "authorised": "autorisé",
    "available": "disponible",
    "admitted": "demandé",
    "handed": "transmis à l’ASP",
    "accepted": "accepté par l’ASP",
    "ordered": "mis en paiement",
    "paid": "payé",
    "owed": "à reverser",
}
"""Accounts as people read them."""
KINDS: Final = {
    "granted": "autorisation",
    "reduced": "réduction de l’autorisation",
    "admitted": "demande reçue",
    "handed": "transmission à l’ASP",
    "accepted": "acceptation de l’ASP",
    "ordered": "ordre de paiement",
    "paid": "paiement",
    "returned": "retour de la banque",
    "replaced": "demande remplacée",
    "refused": "demande refusée",
    "rejected": "rejet de l’ASP",
    "voided": "demande sans effet",
    "owed": "à reverser, demande sans effet",
}
"""Kinds of entries as people read them."""


def show(reference: str | None, *, check: bool, as_json: bool) -> int:
    """Print the ledger of an authorization, or check it or all of them; returns the exit code."""
    named = None if reference is None else find_reference(reference)
    if reference is not None and named is None:
        raise CommandError(ExitCode.MISUSE, "Une référence compte 9 caractères, par exemple 034AQHV02.")
    if named is None and not check:
        raise CommandError(ExitCode.MISUSE, "Donnez une référence, ou --check pour vérifier tout le grand livre.")
    with open_register(current_settings()) as database:
        return _show(database, authorization_of(named) if named else None, check=check, as_json=as_json)


def _show(database: Database, reference: str | None, *, check: bool, as_json: bool) -> int:
    facts: dict[str, object] = {"reference": reference}
    shown: list[RenderableType] = []
    code = ExitCode.DONE
    with database.snapshot() as connection:
        if reference is not None:
            _find(connection, reference, check=check)
            balances, listed = entries.list_balances(connection, reference), entries.list_entries(connection, reference)
            facts |= {"accounts": [each.model_dump(mode="json") for each in balances]}
            facts |= {"entries": [each.model_dump(mode="json") for each in listed]}
            shown += [_balances(balances), _entries(listed)]
        if check:
            found = ledger_checks.check(connection, reference)
            facts |= found.model_dump(mode="json")
            shown.append(_differences(found))
            say(summary(found))
            code = ExitCode.NEGATIVE if found.differences else ExitCode.DONE
    answer(facts, Group(*shown), as_json)
    return code


def _find(connection: Connection, reference: str, *, check: bool) -> None:
    """Refuse a reference without anything to show; a known one of which nothing was claimed yet is whole."""
    if find_entitlement(connection, reference) is not None:
        return
    try:
        requests.get(connection, reference)
    except Unknown:
        raise CommandError(ExitCode.NEGATIVE, "Aucun dossier n’a cette référence.") from None
    if not check:
        raise CommandError(ExitCode.NEGATIVE, "Aucune heure n’a été demandée sous cette référence.")


def check_ledger(database: Database) -> str:
    """Check the whole ledger for `tacite doctor`; raises ValueError naming the first difference."""
    with database.snapshot() as connection:
        found = ledger_checks.check(connection)
    for first in found.differences[:1]:
        place = first.reference or "un établissement"
        raise ValueError(f"{len(found.differences)} écart(s), dont {place} : {first.what} ; « tacite ledger --check »")
    return summary(found)


def check_due(database: Database) -> str:
    """Count the claims that wait for `tacite doctor`; raises ValueError if the last day of payment of one is over."""
    with database.begin() as connection:
        waiting = measures.count_waiting(connection)
    late = waiting["claims_overdue"]
    if late.count:
        days = count_in_french(int(timedelta(seconds=late.oldest) / timedelta(days=1)), "jour")
        raise ValueError(f"{late.count} sans réponse après leur dernier jour de paiement, la première depuis {days}")
    said = {"claims_to_agree": "à agréer", "claims_to_send": "à transmettre", "claims_unanswered": "sans réponse"}
    return f"{', '.join(f'{waiting[each].count} {what}' for each, what in said.items())} ; aucune hors délai"


def summary(found: Checked) -> str:
    """Return what was checked, in French."""
    state = f"{len(found.differences)} écart(s)" if found.differences else "tout s’y retrouve"
    return f"{found.entitlements} autorisation(s), {found.entries} écriture(s) : {state}."


def _balances(balances: list[BalanceRecord]) -> RenderableType:
    rows = [(ACCOUNTS[each.account], number_in_french(each.hours), _euros(each.cents)) for each in balances]
    return table("Comptes", ("Compte", "Heures", "Montant"), rows)


def _entries(listed: list[EntryRecord]) -> RenderableType:
    headings = ("N°", "Écriture", "De", "À", "Heures", "Montant", "État", "Unédic")
    rows = [
        (
            *(each.seq, KINDS[each.kind], ACCOUNTS[each.from_account], ACCOUNTS[each.to_account]),
            *(number_in_french(each.hours), _euros(each.cents), _euros(each.state_cents), _euros(each.unedic_cents)),
        )
        for each in listed
    ]
    return table("Écritures", headings, rows)


def _differences(found: Checked) -> RenderableType:
    return table("Écarts", ("Dossier", "Écart"), [(each.reference, each.what) for each in found.differences])


def _euros(cents: int) -> str:
    return euros_in_french(of_cents(cents))
