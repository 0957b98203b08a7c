"""Every cell of the access table for tokens of agents' tools, through HTTP."""

from collections.abc import Iterator
from typing import Final

import pytest

from local.postgres import Postgres
from models.labels import TokenScope
from models.roles import AGENTS
from models.store.database import Database
from models.store.people import tokens
from starter.auth.permissions import Verb
from tests.builders import Credentials, staff
from tests.starter.auth.test_permissions import knock
from tests.starter.conftest import one_register
from tests.starter.doors import DOORS
from tests.starter.people import Door

TOOLS: Final = (TokenScope.READ, TokenScope.INSTRUCT, TokenScope.DECIDE)
GIVEN: Final = {
    TokenScope.INSTRUCT: {Verb.SEND_FILE, Verb.SEND_MESSAGE, Verb.ASSIGN, Verb.REASSIGN, Verb.ATTEST, Verb.ASK_PIECES},
    TokenScope.DECIDE: {
        *(Verb.DECIDE, Verb.CANCEL_DECISION, Verb.CANCEL_PIECES),
        *(Verb.AGREE_CLAIM, Verb.REFUSE_CLAIM, Verb.INSTRUCT_STANDING, Verb.EXCEED_QUOTA),
    },
}
"""Acts that a scope adds to those before it: never delegations, mandates, validations, releases or approvals."""

pytestmark = pytest.mark.usefixtures("unhurried")


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.mark.parametrize("access", TOOLS)
async def test_a_token_of_an_agents_tool_has_what_its_scope_and_the_role_give_and_no_more(
    access: TokenScope, door: Door, database: Database
) -> None:
    wrong = []
    for role in AGENTS:
        who = staff(database, role, "34")
        with database.begin() as connection:
            secret, _ = tokens.issue(connection, who.account_id, "Outil", access, None)
        client = door(Credentials(who.account_id, secret))
        for verb, doors in DOORS.items():
            has = verb.rule.scope(role) is not None and not verb.rule.in_person
            given = not verb.rule.acts or any(verb in GIVEN[each] for each in TOOLS[1 : TOOLS.index(access) + 1])
            for method, address in doors:
                if (await knock(client, method, address) == 403) == (has and given):
                    wrong.append((role, verb.name, address))
    assert wrong == []
