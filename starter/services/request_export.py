"""A list of requests as a table for spreadsheets, which must execute nothing of it."""

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Final

from law.grounds import Ground
from law.texts import in_french, number_in_french
from models.store.paging import MAX_PAGE_SIZE
from starter.auth.credentials import PresentedCredential
from starter.context import Context
from starter.services import requests
from starter.services.requests import DraftItem, Listing, RequestItem

MAX_PAGES: Final = 50
"""Pages of the list that one table holds: ten thousand requests."""
BYTE_ORDER_MARK: Final = "\ufeff"
"""Without it, French spreadsheets do not read UTF-8."""
FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")
COLUMNS: Final = ("Référence", "SIRET", "Établissement", "État", "Motif", "Reçue le", "Acceptation implicite", "Lien")


def table(context: Context, credential: PresentedCredential, listing: Listing, site: str) -> str:
    """Return the requests of a list, from its first page on, as CSV that French spreadsheets open."""
    written = StringIO()
    written.write(BYTE_ORDER_MARK)
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for item in _items(context, credential, listing):
        cells = _cells(item, site.rstrip("/")) if item else _cut_short()
        writer.writerow([guarded(each) for each in cells])
    return written.getvalue()


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell


def _items(
    context: Context, credential: PresentedCredential, listing: Listing
) -> Iterator[RequestItem | DraftItem | None]:
    """Yield the items of a list, whatever the size of its pages, and None last when more of them remain."""
    page = listing.model_copy(update={"cursor": None, "limit": MAX_PAGE_SIZE})
    for _ in range(MAX_PAGES):
        listed = requests.list_requests(context, credential, page).page
        yield from listed.items
        if listed.next is None:
            return
        page = page.model_copy(update={"cursor": listed.next})
    yield None


def _cut_short() -> tuple[str, ...]:
    held = number_in_french(MAX_PAGES * MAX_PAGE_SIZE)
    told = f"Ce tableau s’arrête à {held} lignes et la liste continue : filtrez-la par SIRET ou par état."
    return (told, *[""] * (len(COLUMNS) - 1))


def _cells(item: RequestItem | DraftItem, site: str) -> tuple[str, ...]:
    ground = Ground.of(item.ground).label
    if isinstance(item, DraftItem):
        return (item.id, item.siret, "", "Brouillon", ground, "", "", f"{site}/drafts/{item.id}")
    silence = item.tacit_acceptance_at
    return (
        item.reference,
        item.siret,
        item.name,
        item.label,
        ground,
        in_french(item.received_at.date()),
        silence.isoformat(sep=" ", timespec="minutes") if silence and item.outcome is None else "",
        f"{site}/requests/{item.reference}",
    )
