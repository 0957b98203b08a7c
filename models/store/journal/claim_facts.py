"""Claims, and what authorizations entitle to, against what their own chains of events state."""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import Connection, text

from models.store.journal import facts
from models.store.journal.claim_grammar import ClaimCourse, claim_chain, entitlement_chain
from models.store.journal.fact_statements import CLAIM_FACTS, ENTITLEMENT_FACTS
from models.store.journal.facts import Changed


def find_changed_claims(connection: Connection, claim_ids: Sequence[str]) -> list[Changed]:
    """Return those of these claims whose rows changed without an event; each is named by its chain."""
    now = {claim_chain(str(row.id)): row.facts for row in connection.execute(_CLAIMS, {"ids": list(claim_ids)})}
    return _compare(connection, [claim_chain(each) for each in claim_ids], now)


def find_changed_entitlements(connection: Connection, references: Sequence[str]) -> list[Changed]:
    """Return those of these authorizations whose entitlement changed without an event; each is named by its chain."""
    rows = connection.execute(_ENTITLEMENTS, {"ids": list(references)})
    now = {entitlement_chain(row.reference): row.facts for row in rows}
    return _compare(connection, [entitlement_chain(each) for each in references], now)


def _compare(connection: Connection, chains: Sequence[str], now: Mapping[str, dict[str, str]]) -> list[Changed]:
    """Compare, and add those that no event states at all: whoever plants a row has no chain for it."""
    told = set(connection.execute(_TOLD, {"subjects": list(chains)}).scalars())
    untold = [
        Changed(subject=each, keys=("silent",), numbers=(0,), stated_in=each) for each in chains if each not in told
    ]
    return [*facts.compare(connection, chains, now, ClaimCourse), *untold]


_CLAIMS: Final = text(f"{CLAIM_FACTS} WHERE c.id = ANY(CAST(:ids AS uuid[]))")
_ENTITLEMENTS: Final = text(f"{ENTITLEMENT_FACTS} WHERE g.reference = ANY(:ids)")
_TOLD: Final = text("SELECT DISTINCT subject FROM event WHERE subject = ANY(:subjects)")
