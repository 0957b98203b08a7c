"""What the two receipts share: a reception and the silence that follows from it."""

from activities.documents.compose import CaseFile, reasons
from activities.documents.filed import filed
from models.person_names import printed_name
from models.store.cases import requests


def reception_fields(case: CaseFile, rank: str) -> dict[str, object]:
    """Return the fields of `ReceptionContent` for the reception of this rank, from 1."""
    receipt = case.receipts()[int(rank) - 1]
    return case.heading | {
        "author": printed_name(requests.get_nominal(case.connection, case.request.reference).author),
        "received_at": case.local(receipt.received_at),
        "tacit_acceptance_at": case.local(receipt.tacit_acceptance_at),
        "last_day_on": receipt.last_day_on,
        "asked": case.requested(),
        "filed": filed(case),
        "why": reasons(receipt),
    }
