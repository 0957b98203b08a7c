"""Claims that come after the forfeiture: nothing is claimed for the first time, what was claimed in time is put right.

A long arrangement of working time leaves months for it (`law.forfeiture`), a claim that was rejected or refused the
delay of a recourse (`law.correction`): what was received in time stays in time. Both are judged under the lock of the
entitlement.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

from sqlalchemy import Connection, text

from law.forfeiture import forfeiture
from law.texts import in_french
from models.claim_labels import ClaimState
from models.store.cases import rejected_claims, requests
from models.store.cases.records import RequestRecord
from models.store.claims import records
from models.store.claims.records import ClaimRecord, EntitlementRecord
from models.store.claims.refusals import AdmissionRefused, name_lines
from models.store.database import case_now

_ONE_DAY: Final = timedelta(days=1)


class PutRight(NamedTuple):
    """The last day to claim, `dated`, or to send what was claimed again, adding nothing to it, `corrected`."""

    on: date
    sense: Literal["dated", "corrected"]


def find_put_right(connection: Connection, claim: ClaimRecord) -> PutRight | None:
    """Return until when the month and part of a claim that was rejected or refused is put right; None once it is past.

    The later of both days, as an admission has them. What a long arrangement leaves is not counted: the employer states
    its length with the claim that it then sends.
    """
    entitlement, case = records.find_entitlement(connection, claim.reference), requests.get(connection, claim.reference)
    days = [PutRight(entitlement.forfeited_on - _ONE_DAY, "dated")] if entitlement else []
    if rejected := rejected_claims.find(connection, claim.reference, claim.month, claim.part):
        days.append(PutRight(rejected_claims.put_right_until(case, rejected)[0], "corrected"))
    today = case.day_of(case_now(connection, claim.reference))
    return max((each for each in days if each.on >= today), key=lambda each: each.on, default=None)


def is_put_right_late(
    connection: Connection, entitlement: EntitlementRecord, claim: ClaimRecord, case: RequestRecord, received_on: date
) -> bool:
    """Return whether a claim is only admitted because it puts one right; raises `AdmissionRefused` once it is too late.

    The length of an arrangement of working time is what the employer states. A version that was rejected in its turn
    leaves no delay of its own: that of the last one received in time is not counted again. Doubt: no text says whether
    the months and the employees, or the months alone, are what was claimed.
    """
    if received_on < entitlement.forfeited_on:
        return False
    month = {"reference": claim.reference, "month": claim.month, "part": claim.part, "id": claim.id}
    arranged = forfeiture(entitlement.end_on, case.law_day, claim.reference_months).regularise_until
    if arranged is not None and received_on <= arranged and _was_claimed(connection, month):
        _refuse_added(connection, month)
        return True
    rejected = rejected_claims.find(connection, claim.reference, claim.month, claim.part)
    corrected = rejected_claims.put_right_until(case, rejected)[0] if rejected else None
    if rejected is not None and corrected is not None and received_on <= corrected:
        _refuse_more(connection, claim, rejected.id)
        return True
    raise AdmissionRefused("forfeited", " ".join(_too_late(entitlement, arranged, corrected)))


def _too_late(entitlement: EntitlementRecord, arranged: date | None, corrected: date | None) -> Iterator[str]:
    limit = in_french(entitlement.forfeited_on - _ONE_DAY)
    yield f"Les heures de cette autorisation pouvaient être demandées jusqu’au {limit} (L. 5122-1, IV)."
    if arranged is not None:
        yield f"Seules celles déjà demandées pouvaient être régularisées, jusqu’au {in_french(arranged)}."
    if corrected is not None:
        yield f"La demande rejetée ou refusée de ce mois pouvait être corrigée jusqu’au {in_french(corrected)}."


def _was_claimed(connection: Connection, month: Mapping[str, object]) -> bool:
    """Whether a month and part was claimed in time, by a version that was not cancelled."""
    return connection.execute(_CLAIMED, month).scalar() not in (None, ClaimState.VOID)


def _refuse_added(connection: Connection, month: Mapping[str, object]) -> None:
    """Raise `AdmissionRefused` with the lines of people whom no claim received in time had in this month."""
    if lines := connection.execute(_ADDED, month).scalars().all():
        detail = f"Personne ne s’ajoute à une régularisation, après la date limite des demandes ({name_lines(lines)})."
        raise AdmissionRefused("forfeited", detail, lines)


def _refuse_more(connection: Connection, claim: ClaimRecord, rejected_id: str) -> None:
    """Raise `AdmissionRefused` with the lines of people who were not in the rejected version, or had less by it.

    Nobody has more hours or cents than that version stated, so that the month has no more either.
    """
    if lines := connection.execute(_MORE, {"id": claim.id, "rejected": rejected_id}).scalars().all():
        detail = (
            "Après la date limite des demandes, la correction d’une demande rejetée ou refusée n’ajoute ni salarié, ni"
            f" heure, ni indemnité ({name_lines(lines)})."
        )
        raise AdmissionRefused("forfeited", detail, lines)


_IN_TIME: Final = "reference = :reference AND month = :month AND version IS NOT NULL AND NOT regularisation"
_CLAIMED = text(f"SELECT state FROM claim WHERE {_IN_TIME} AND part = :part ORDER BY version DESC LIMIT 1")  # noqa: S608
_ADDED = text(
    "WITH claimed AS (SELECT DISTINCT ON (part) id, state FROM claim"  # noqa: S608  our own text
    f" WHERE {_IN_TIME} ORDER BY part, version DESC)"
    " SELECT p.n FROM claim_person p WHERE p.claim_id = CAST(:id AS uuid) AND NOT EXISTS (SELECT FROM claim_person o"
    f" JOIN claimed c ON c.id = o.claim_id AND c.state <> '{ClaimState.VOID}' WHERE o.blind = p.blind) ORDER BY p.n"
)
_MORE = text(
    "SELECT p.n FROM claim_person p LEFT JOIN claim_person o ON o.claim_id = CAST(:rejected AS uuid)"
    " AND o.blind = p.blind WHERE p.claim_id = CAST(:id AS uuid) AND (o.blind IS NULL OR p.payable > o.payable"
    " OR p.allowance_cents > o.allowance_cents) ORDER BY p.n"
)
"""Lines of people who are not in the rejected version, or of whom it stated fewer hours or cents of the allowance."""
