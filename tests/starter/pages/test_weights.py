"""Every list at its longest stays within what a page may transfer; `browsing` refuses any page that exceeds it.

One of each thing is made in the register; services return it many times, under long names.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, Final, NamedTuple

import pytest
from fastapi import FastAPI

from law.quota import Authority
from local.postgres import Postgres
from models.agency_answers import AnswerFault
from models.bodies.messages import MAX_TEXT
from models.claim_labels import ClaimSignal
from models.examination.drawings import MAX_CELL, MAX_COLUMNS, MAX_ROWS, TableDrawing
from models.roles import ROLES, Role
from models.settings import Settings
from models.store.agency import answer_files
from models.store.cases import messages
from models.store.database import Database
from models.texts import MAX_PROSE
from starter.pages.agent import attached_files, claim_list
from starter.pages.components.messages import PAGE_SIZE
from starter.services import (
    access_log,
    account,
    account_lists,
    assignments,
    batches,
    case_content,
    case_review,
    channels,
    claim_desk,
    desk,
    draft_review,
    establishments,
    exceptional_acts,
    mandate_acceptance,
    operations,
    quota_exceptions,
    requests,
    standing_instructions,
    to_do,
    units,
)
from starter.services.requests import DraftItem
from tests.starter.conftest import a_setting, one_register
from tests.starter.http.test_heads import addresses, people_of, visiting
from tests.starter.pages.browsing import PAGE_BUDGET, weight
from tests.starter.people import Door, unhurry

NAME: Final = 'Société d\'exploitation des "Ateliers de mécanique générale" Durand & Fils, établissement secondaire'
"""As long as names of establishments are."""
PERSON: Final = "Marie-Christine Lefebvre-Beauregard"
PROSE: Final = (
    "L'activité de l'atelier \"A & B\" dépend d'un client, dont les commandes sont arrêtées à cause d’une inondation. "
)
SIRET: Final = "00000005900014"
UUID: Final = "0" * 36
SOON: Final = datetime(2027, 1, 13, 23, 0, tzinfo=UTC)
TO_COME: Final = {"outcome": None, "tacit_acceptance_at": SOON}
REGION: Final = ("09", "11", "12", "30", "31", "32", "34", "46", "48", "65", "66", "81", "82")
"""The départements of a large region."""
SIGNS: Final = "\"&'"
"""Signs that a page writes in five."""
TICKED: Final = "&".join(f"reference=075AAAA{number:02}" for number in range(batches.MAX_CASES))
"""As many cases as a batch takes, ticked on other pages of the desk."""
CLAIMS_TICKED: Final = "&".join(f"claim=01a22a88-f8b4-7721-be3f-256ee46200{at}" for at in range(10, 60))
"""The same for claims."""
REVIEWED: Final = tuple(each for each in ClaimSignal if not each.holds)
"""Signals that a claim may have under review."""
Found = Any
"""What a service returns: a value of another type for each."""


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    return a_setting(database, tmp_path, site="http://door")


def many(rows: Sequence[Found], count: int, **changes: object) -> tuple[Found, ...]:
    """Repeat the first row of a list, changed."""
    return (rows[0].model_copy(update=changes),) * count


def mandate() -> SimpleNamespace:
    period = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31), "in_force": False}
    own = {"id": UUID, "name": PERSON, "email": f"{'x' * 40}@tacite.invalid", "siret": SIRET}
    return SimpleNamespace(**own, **period, revoked_at=None, accepted_at=None)


def establishment() -> SimpleNamespace:
    return SimpleNamespace(name=NAME, siret=SIRET, department="34", address=f"12, rue de l’Église, {PERSON}")


def long_desk(found: Found, wanted: desk.DeskFilter) -> Found:
    rows = many(found.page.rows, wanted.limit, name=NAME, assigned_name=PERSON, seconds_left=10**6, **TO_COME)
    reader = found.reader.model_copy(update={"departments": REGION})
    page = found.page._replace(rows=rows)
    return found._replace(reader=reader, page=page, colleagues=many([reader], 50, id=UUID, name=PERSON))


def long_claims(found: Found, *_: object) -> Found:
    rows = many(found.page.rows, claim_list.PAGE_ROWS, name=NAME, signals=REVIEWED, part=9, version=9)
    reader = found.reader.model_copy(update={"departments": REGION})
    return found._replace(reader=reader, page=found.page._replace(rows=rows))


def long_choice(found: Found, *_: object) -> Found:
    rows = many(found.page.rows, claim_list.MAX_TICKED, name=NAME, signals=REVIEWED, part=9, version=9)
    return found._replace(page=found.page._replace(rows=rows))


def many_instructions(found: Found) -> Found:
    given = SimpleNamespace(id=UUID, given_by=UUID, name=PERSON, departments=REGION, ceiling="999999.99")
    given.from_on, given.to_on = date(2026, 1, 1), date(2026, 12, 31)
    return found._replace(instructions=[given] * 300)


def many_quotas(found: Found) -> Found:
    given = SimpleNamespace(reference="034AQHV02", siret=SIRET, establishment=NAME, year=2026, hours="1200.00")
    given.id, given.file, given.name = UUID, UUID, PERSON
    given.authority, given.decided_on, given.given_at = Authority.PREFECT, date(2026, 1, 1), SOON
    given.ended_at, given.end_reason = SOON, "x" * 500
    return found._replace(exceptions=[given] * 300)


def long_requests(found: Found, wanted: requests.Listing) -> Found:
    rows = found.page.items
    changes = {} if isinstance(rows[0], DraftItem) else {"name": NAME, **TO_COME}
    return found._replace(page=found.page.model_copy(update={"items": many(rows, wanted.limit, **changes)}))


def much_to_do(found: Found) -> Found:
    thing = SimpleNamespace(kind="pieces", reference="034AAAA01", siret=SIRET, name=NAME, due_on=date(2026, 12, 31))
    return found._replace(items=(thing,) * 100, mandates=3)


def long_messages(found: Found, _: object) -> Found:
    record = found[0].record.model_copy(update={"author": PERSON})
    return [found[0]._replace(record=record, text=(SIGNS * MAX_TEXT)[:MAX_TEXT])] * PAGE_SIZE


def long_case(found: Found, _: str) -> Found:
    case = found.case
    changes = {"name": NAME, "circumstances": (PROSE * MAX_PROSE)[:MAX_PROSE], "events": many(case.events, 60)}
    if hasattr(case, "establishment_history"):
        other = case_content.earlier_request(found.record, case.received_at)
        changes |= {"establishment_history": (other,) * 50, "signals": (PROSE,) * 6}
        found = found._replace(colleagues=many(found.colleagues, 60, id=UUID, name=PERSON))
    return found._replace(case=case.model_copy(update=changes))


def many_mandates(found: Found) -> Found:
    return found._replace(waiting=(SimpleNamespace(mandate=mandate(), establishment=establishment()),) * 300)


def long_account(found: Found) -> Found:
    part, proven = found.overview.establishments[0][1:]
    overview = found.overview._replace(establishments=((establishment(), part, proven),) * 400)
    return replace(found, overview=overview, tokens=many(found.tokens, 100, label=PERSON))


def many_members(found: Found, _: str) -> Found:
    return replace(found, members=many(found.members, 100, name=PERSON, joined_at=None), mandates=(mandate(),) * 100)


def many_establishments(found: Found, *_: object) -> Found:
    return replace(found, chosen=None, own=(SimpleNamespace(establishment=establishment(), proven=True),) * 250)


def long_unit(found: Found) -> Found:
    return found[0], found[1].model_copy(update={"items": many(found[1].items, 300, name=PERSON, deadline_at=SOON)})


def long_load(found: Found) -> Found:
    load = SimpleNamespace(name=PERSON, open_requests=99, deadline_at=SOON, department="34", account_id=UUID)
    return found._replace(load=[load] * 300)


def many_references(found: Found, *_: object) -> Found:
    return found._replace(references=found.references * 200)


def long_batch(found: Found, *_: object) -> Found:
    case = replace(found[0].case, name=NAME, signals=(PROSE,))
    return [replace(found[0], case=case, obstacle="", decision=None)] * batches.MAX_CASES


def many_accounts(found: Found, _: object) -> Found:
    return found._replace(items=many(found.items, 50, name=PERSON))


def long_log(found: Found, _: object, size: int) -> Found:
    record = next(each for each in found.records if each.actor_id)
    data = {"verb": "read_case", "about": f"034AAAA01/{UUID}", "account": record.actor_id}
    names = {record.actor_id: (PERSON, "signatory")}
    return found._replace(records=many([record], size, data=data), names=names, next=9)


def many_parked(found: Found) -> Found:
    return found._replace(parked=found.parked * 200)


def many_set_aside(_: Found) -> Found:
    fault = AnswerFault.UNKNOWN_LINE
    name = "TACITE_DI_20261201091530_FichierRetour.json"
    return [SimpleNamespace(id=UUID, name=name, fault=fault, seen_at=SOON)] * answer_files.MAX_LISTED


def many_acts(found: Found) -> Found:
    return found._replace(items=found.items * 200)


class LongList(NamedTuple):
    """Who sees a list, where, the service that reads it, and what makes its result long."""

    role: Role
    address: str
    module: ModuleType
    function: str
    lengthen: Callable[..., Found]


LISTS: Final = (
    LongList("signatory", f"/desk?limit=200&{TICKED}", desk, "read", long_desk),
    LongList("signatory", f"/claims?limit=200&{CLAIMS_TICKED}", claim_desk, "read_desk", long_claims),
    LongList("signatory", "/claims/visas?claim={claim_id}", claim_desk, "read_named", long_choice),
    LongList("signatory", "/claims/instructions", standing_instructions, "read", many_instructions),
    LongList("signatory", "/claims/quota-exceptions", quota_exceptions, "read", many_quotas),
    LongList("employer", "/requests", requests, "list_requests", long_requests),
    LongList("employer", "/requests", to_do, "read", much_to_do),
    LongList("employer", "/requests/{reference}/messages", messages, "list_page", long_messages),
    LongList("signatory", "/desk/requests/{reference}/messages", messages, "list_page", long_messages),
    LongList("employer", "/requests/{reference}", requests, "read_request", long_case),
    LongList("signatory", "/desk/requests/{reference}", case_review, "open_case", long_case),
    LongList("employer", "/mandates", mandate_acceptance, "read_waiting", many_mandates),
    LongList("employer", "/account", account, "read_details", long_account),
    LongList("employer", "/establishments/{siret}", establishments, "read_establishment", many_members),
    LongList("employer", "/requests/new", draft_review, "read_opening", many_establishments),
    LongList("head", "/unit", units, "read", long_unit),
    LongList("head", "/desk/load", desk, "read_load", long_load),
    LongList("head", "/unit/reassignment?reference={reference}", assignments, "read", many_references),
    LongList("signatory", "/desk/batch?reference={reference}", batches, "read_batch", long_batch),
    LongList("signatory", "/desk/batch/B1?reference={reference}", batches, "read_batch", long_batch),
    LongList("operator", "/operations/accounts", account_lists, "list_accounts", many_accounts),
    LongList("auditor", "/audit", access_log, "search", long_log),
    LongList("operator", "/operations/channels", channels, "list_set_aside", many_set_aside),
    LongList("operator", "/operations", operations, "read_overview", many_parked),
    LongList("operator", "/operations", exceptional_acts, "list_named", many_acts),
)
"""Every list of a page."""


def longer(read: Callable[..., Found], lengthen: Callable[..., Found]) -> Callable[..., Found]:
    """A service that returns more than it found; what is asked follows its context and credential."""
    return lambda *call, **named: lengthen(read(*call, **named), *call[2:])


async def test_no_list_makes_a_page_too_heavy(
    app: FastAPI, door: Door, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    unhurry(database, monkeypatch)
    people = dict(zip(ROLES, people_of(database), strict=True))
    known = await addresses(app, door, database, people["employer"])
    place = {"reference": known["/requests/{reference}"][0].rpartition("/")[2], "siret": people["employer"].who.siret}
    place["claim_id"] = known["/claims/{claim_id}"][0].rpartition("/")[2]
    for module, name, lengthen in {each[2:] for each in LISTS}:
        monkeypatch.setattr(module, name, longer(getattr(module, name), lengthen))
    found = {}
    for each in LISTS:
        async with visiting(app, each.address, people[each.role]) as client:
            shown = await client.get(each.address.format(**place))
        assert shown.status_code == 200, (each.address, shown.text)
        found[each.address] = weight(shown)
    assert min(found.values()) > PAGE_BUDGET // 2, f"a list is not long: {found}"


def test_a_table_is_shown_as_far_as_a_page_may_weigh() -> None:
    for sign, length, written in (("é", MAX_CELL, "é"), ('"', 99, "&#34;"), ("&", 99, "&amp;"), ("'", 99, "&#39;")):
        shown = attached_files._table(TableDrawing(rows=((sign * length,) * MAX_COLUMNS,) * MAX_ROWS))
        rows = shown["table"]
        assert isinstance(rows, list)
        assert 0 < sum(len((written * length).encode()) for row in rows for _ in row) <= attached_files.MAX_TABLE_BYTES
        assert shown["whole"] is False
    small = TableDrawing(rows=(("a", "b"),) * MAX_ROWS)
    assert attached_files._table(small) == {"table": list(small.rows), "whole": True, "pages": 0, "number": 0}
