"""Lists are read forward by cursors, and back through the pages that were seen."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from starter.pages.components.page_links import MAX_TRAIL, TRAIL, PageLinks, list_part, page_links
from starter.pages.components.visitor import TARGET, safe_target

LIST = ["", *(f"r.17645472000000{n:02}.034AQHV{n:02}" for n in range(1, 15))]
"""The cursor of each page of a list: the first has none."""
KEPT = {"status": "refused", "q": "Lez"}


def at(address: str, cursor: str = "") -> PageLinks:
    """The links of the page at an address."""
    stated = dict(parse_qsl(urlsplit(address).query))
    assert stated.get("cursor", "") == cursor
    following = LIST[LIST.index(cursor) + 1] if cursor != LIST[-1] else None
    return page_links("/desk", KEPT, stated, following)


def test_one_goes_back_through_every_page_that_one_has_seen_with_the_same_filters() -> None:
    seen = ["/desk?status=refused&q=Lez"]
    for cursor in LIST[: MAX_TRAIL + 2]:
        seen.append(at(seen[-1], cursor).next)
    for place in range(MAX_TRAIL + 1, 0, -1):
        assert at(seen[place], LIST[place]).previous == seen[place - 1]
    assert at(seen[0]).previous == ""


def test_a_trail_stays_short_enough_to_be_kept_while_one_signs_in_and_ends_on_the_first_page() -> None:
    address = "/desk?status=refused&q=Lez"
    for cursor in LIST[:-1]:
        address = at(address, cursor).next
    assert safe_target(address) == address, TARGET
    assert at(address, LIST[-1]).next == ""
    back = 0
    while address:
        stated = dict(parse_qsl(urlsplit(address).query))
        address = at(address, stated.get("cursor", "")).previous
        back += bool(address)
    assert back == MAX_TRAIL + 1


@pytest.mark.parametrize("trail", ["", "~", "~~x y~", "<script>", "é"])
def test_a_trail_that_is_none_leads_to_the_first_page(trail: str) -> None:
    links = page_links("/audit", {}, {"after": "200", TRAIL: trail}, 400, "after")
    assert links == PageLinks("/audit", "/audit?after=400&trail=200")


def test_a_list_that_is_read_whole_is_shown_by_parts_that_lead_to_each_other() -> None:
    rows = list(range(25))
    kept = {"tokens": "20", "said": "done"}
    first = list_part(rows, "/account", kept, 10, "from", ("tokens",))
    assert (first.rows, first.links) == (rows[:10], PageLinks("", "/account?tokens=20&from=10"))
    middle = list_part(rows, "/account", {"from": "10"}, 10, "from")
    assert (middle.rows, middle.links) == (rows[10:20], PageLinks("/account", "/account?from=20"))
    last = list_part(rows, "/account", {"from": "20"}, 10, "from")
    assert (last.rows, last.links) == (rows[20:], PageLinks("/account?from=10", ""))
    assert list_part(rows[:10], "/account", {}, 10, "from").links == PageLinks("", "")


@pytest.mark.parametrize("written", ["-1", "x", "25", "9999999", "²", "1e3", ""])
def test_a_part_that_is_none_is_the_first(written: str) -> None:
    assert list_part([1] * 25, "/unit", {"from": written}, 10, "from").rows == [1] * 10
    assert list_part([], "/unit", {"from": written}, 10, "from").links == PageLinks("", "")
