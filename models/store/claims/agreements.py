"""Whether what an agent said of a claim may be signed now, and what becomes of it when it may not."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import Connection

from models.claim_labels import ClaimState
from models.store.cases import requests
from models.store.claims import controls, records, visas
from models.store.database import case_now

MaySign = Callable[[str, str, date], bool]
"""Whether the holder of a certificate, an id of `signatories.json`, may sign for a département on a day."""


def may_sign_agreement(connection: Connection, claim_id: str) -> bool:
    """Whether an agreed claim may be signed: its visa is in force, and nothing holds the claim that did not before."""
    claim = records.get(connection, claim_id)
    given = visas.find_standing(connection, claim_id)
    if claim.state is not ClaimState.AGREED or given is None or given.outcome != "agreed":
        return False
    return visas.may_still_sign(connection, given) and not controls.find_holds(connection, claim.reference)


def may_sign_refusal(connection: Connection, claim_id: str) -> bool:
    """Whether the registered refusal of a claim may be signed: its visa is in force, and the claim not over."""
    given = visas.find_standing(connection, claim_id)
    if given is None or given.outcome != "refused":
        return False
    return records.get(connection, claim_id).state in visas.BEFORE_AGREEMENT and visas.may_still_sign(connection, given)


def lapse_if_powerless(connection: Connection, claim_id: str, may_sign: MaySign) -> bool:
    """End the visa of a claim under which nobody may sign any more; whether it ended.

    The claim is under review again, or controlled again. The caller holds it.
    """
    given = visas.find_standing(connection, claim_id)
    if given is None:
        return False
    claim = records.get(connection, claim_id)
    may = may_sign_agreement if given.outcome == "agreed" else may_sign_refusal
    case = requests.get(connection, claim.reference)
    day = case.day_of(case_now(connection, claim.reference))
    if may(connection, claim_id) and may_sign(given.certificate, case.department, day):
        return False
    return visas.lapse(connection, claim_id)
