"""From an incident to the file that the agency does not answer, and from there to the acts that two operators do."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from local.postgres import Postgres
from models.claim_labels import ClaimState
from models.engine.names import deposit_id
from models.settings import Settings
from models.store.agency.channels import CLAIMS
from models.store.database import Database
from models.store.operations import answer_incidents, incidents, unanswered
from tests.builders import employer, staff
from tests.models.store.agency.builders import a_queued_claim, done_by_two, hand_over, silent_since, unanswered_twice
from tests.models.store.claims import builders
from tests.starter.conftest import a_setting, one_register
from tests.starter.pages.browsing import form_token
from tests.starter.pages.operator.conftest import Browse
from tests.starter.pages.operator.test_channels import plain, send

WHY = "L’agence confirme par lettre qu’elle ne l’a pas prise."


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    return a_setting(database, tmp_path, profile="production")


@pytest.fixture
def browser(browse: Browse, database: Database) -> httpx.AsyncClient:
    return browse(staff(database, "operator"))


async def test_an_operator_goes_from_the_incident_to_the_act_and_another_approves_it(
    database: Database, browse: Browse
) -> None:
    claim, other = a_queued_claim(database), a_queued_claim(database, person=2)
    deposit, _ = unanswered_twice(database, claim, other, second=41)
    with database.begin() as connection:
        answer_incidents.watch(connection, CLAIMS, overdue=True)
        [incident] = [each for each in incidents.list_open(connection) if each.workflow_id == deposit_id(CLAIMS)]
        lines = {each.claim_id: each.line for each in unanswered.list_rows(connection, deposit)}
    first, second = (browse(staff(database, "operator")) for _ in range(2))
    assert "/operations/channels/claims#sans-reponse" in (await first.get(f"/operations/incidents/{incident.id}")).text
    address = f"/operations/deposits/{deposit}"
    listed = (await first.get("/operations/channels/claims")).text
    assert f'href="{address}"' in listed
    assert "2 lignes sur 2 sans réponse" in plain(listed)
    shown = plain((await first.get(address)).text)
    assert claim.reference in shown
    assert other.reference in shown

    asked = await send(first, address, kind="reject_claim", line=str(lines[claim.id]), reason=WHY)
    act = asked.headers["location"].partition("?")[0]
    assert f"ligne {lines[claim.id]}" in plain((await first.get(address)).text)
    page = await second.get(act)
    assert f"dossier {claim.reference}" in plain(page.text)
    assert f"dossier {claim.reference}" in plain((await second.get("/operations")).text)
    done = await second.post(act, data={"form_token": form_token(page.text), "do": "approve"})
    assert done.headers["location"] == "/operations?fait=approuve"
    assert builders.state(database, claim.id) == ClaimState.REJECTED
    assert claim.reference not in plain((await first.get(address)).text)

    late = await send(first, address, kind="resend_deposit", reason=WHY)
    assert (late.status_code, "pourrait la faire payer" in plain(late.text)) == (422, True)
    done_by_two(database, "reject_claim", other.id)
    ended = plain((await first.get(address)).text)
    assert "Toutes les lignes ont leur réponse." in ended
    assert "Demander l’acte" not in ended


async def test_a_file_is_asked_for_again_and_says_so(database: Database, browser: httpx.AsyncClient) -> None:
    hand_over(database, a_queued_claim(database), second=42)
    address = f"/operations/deposits/{silent_since(database, put=timedelta(hours=1))}"
    assert "Il part de nouveau de lui-même" in plain((await browser.get(address)).text)
    asked = await send(browser, address, kind="resend_deposit", reason=WHY)
    page = (await browser.get(asked.headers["location"])).text
    assert f'href="{address}"' in page
    assert "À approuver" in (await browser.get(address)).text
    done_by_two(database, "resend_deposit", unanswered_twice(database, a_queued_claim(database), second=43)[0])
    with database.begin() as connection:
        [again] = [each.id for each in unanswered.list_deposits(connection, CLAIMS) if each.is_asked_again]
    assert "Il part de nouveau dès que le flux est ouvert." in (await browser.get(f"/operations/deposits/{again}")).text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Choisissez l’acte."),
        ({"kind": "resend_deposit"}, "Dites pourquoi, en une phrase."),
        ({"kind": "reject_claim", "reason": WHY}, "Indiquez la ligne de la demande d’indemnisation."),
        ({"kind": "reject_claim", "reason": WHY, "line": "9"}, "Ce fichier n’a pas cette ligne."),
        ({"kind": "reject_claim", "reason": WHY, "line": "un"}, "Un nombre entier est attendu."),
    ],
)
async def test_what_is_wrong_stands_beside_its_field(
    database: Database, browser: httpx.AsyncClient, typed: dict[str, str], sentence: str
) -> None:
    with database.begin() as connection:
        deposits = unanswered.list_deposits(connection, CLAIMS)
    deposit = deposits[0].id if deposits else unanswered_twice(database, a_queued_claim(database), second=44)[0]
    refused = await send(browser, f"/operations/deposits/{deposit}", **typed)
    assert refused.status_code == 422
    assert 'class="error"' in refused.text
    assert plain(sentence) in plain(refused.text)


async def test_only_operators_of_every_department_read_a_file(database: Database, browse: Browse) -> None:
    deposit, _ = unanswered_twice(database, a_queued_claim(database), second=45)
    for who in (employer(database), staff(database, "head"), staff(database, "auditor")):
        assert (await browse(who).get(f"/operations/deposits/{deposit}")).status_code == 403
    unknown = await browse(staff(database, "operator")).get("/operations/deposits/01a22a88-f8b4-7721-be3f-256ee4620001")
    assert unknown.status_code == 404
