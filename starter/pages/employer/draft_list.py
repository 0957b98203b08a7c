"""The drafts of an employer among its requests: what is being prepared, and until when it may be filed."""

from datetime import UTC, datetime
from typing import Final

from law.grounds import Ground
from law.texts import end_in_french, in_french
from starter.auth.credentials import PresentedCredential
from starter.context import Context
from starter.pages.components.time_left import time_left
from starter.services import requests
from starter.services.requests import DraftItem, Listing

MAX_DRAFTS: Final = 10
"""Drafts shown before the requests; the others are found by their state."""


def list_drafts(context: Context, visitor: PresentedCredential) -> list[dict[str, str]]:
    """Return open drafts of the account's establishments in words, nearest end first: one more than are shown."""
    _, listed = requests.list_requests(context, visitor, Listing(status="draft", limit=MAX_DRAFTS + 1))
    return [_row(each) for each in listed.items if isinstance(each, DraftItem)]


def _row(item: DraftItem) -> dict[str, str]:
    return {
        "href": f"/requests/new/{item.id}",
        "siret": item.siret,
        "ground": Ground.of(item.ground).label,
        "placement_on": in_french(item.placement_on),
        "until": end_in_french(item.accepted_until),
        "left": time_left(datetime.now(UTC), item.accepted_until),
    }
