"""The navigation of every role leads to pages, and the footer to what the law requires."""

import pytest
from fastapi.routing import APIRoute

from models.roles import ROLES
from starter.app import PAGES
from starter.pages.components.navigation import ENTRIES, FOOTER, VISITORS, navigation

ADDRESSES = {each.path for router in PAGES for each in router.routes if isinstance(each, APIRoute)}
DESCRIPTION = "/api/v1/openapi.json"


def test_every_role_has_its_navigation_and_nobody_else_has() -> None:
    assert set(ENTRIES) == set(ROLES)
    assert navigation(None) == navigation("nobody") == VISITORS


@pytest.mark.parametrize("entries", [VISITORS, *ENTRIES.values(), FOOTER])
def test_every_entry_leads_to_a_page(entries: tuple[tuple[str, str], ...]) -> None:
    assert [address for _, address in entries if address not in ADDRESSES | {DESCRIPTION}] == []
