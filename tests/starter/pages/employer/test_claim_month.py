"""A month of an authorization in pages: what can be claimed, where its claim is, its people, how it is cancelled."""

import html
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import text

from law.calendar import local
from law.correction import corrected_until
from law.texts import in_french
from local.postgres import Postgres
from models.agency_advice import advise
from models.claim_labels import ClaimEvent, ClaimState
from models.store.claims import ends
from models.store.database import Database, case_now
from models.store.journal.events import SYSTEM
from tests.cases import Employer
from tests.models.store.agency.builders import answered, queue, sign
from tests.models.store.agency.builders import hand_over as put
from tests.models.store.claims.builders import LAST_WEEK, WEEK, admit, authorize, claim, hand_over
from tests.models.store.claims.real_lines import SENTINEL_NAME, a_line, stage_real
from tests.starter.claimed import authorized_for
from tests.starter.conftest import one_register
from tests.starter.pages.browsing import form_token
from tests.starter.people import Person

pytestmark = pytest.mark.usefixtures("unhurried")


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture
def reference(chief: Person, database: Database) -> str:
    return authorized_for(database, chief.who)


@pytest.fixture
def month(reference: str) -> str:
    return f"/requests/{reference}/claims/2026-12"


async def shown(browser: httpx.AsyncClient, chief: Person, at: str) -> str:
    answer = await browser.get(at, headers=chief.headers)
    assert answer.status_code == 200, answer.text
    return answer.text.replace("\u00a0", " ")


async def test_months_are_listed_in_the_case_and_among_what_is_to_be_done(
    browser: httpx.AsyncClient, chief: Person, reference: str, month: str
) -> None:
    case = await shown(browser, chief, f"/requests/{reference}")
    assert f'<a href="{month}">Demander l’indemnisation de décembre 2026</a>' in case
    assert "Dernier jour pour demander" in case
    todo = await shown(browser, chief, "/requests")
    assert f'href="{month}"' in todo
    assert "Demander l’indemnisation de janvier 2027" in todo


async def test_a_claimed_month_shows_its_state_and_waits_no_longer(
    browser: httpx.AsyncClient, chief: Person, database: Database, reference: str, month: str
) -> None:
    sent = admit(database, stage_real(database, reference))
    assert f'href="{month}"' not in await shown(browser, chief, "/requests")
    case = await shown(browser, chief, f"/requests/{reference}")
    assert ClaimState.ADMITTED.label in case
    assert "1 salarié, 7 heures" in case
    page = await shown(browser, chief, month)
    for told in ("7 heures", "Corriger cette demande", "Annuler cette demande", "Demande d’indemnisation reçue"):
        assert told in page
    with database.begin() as connection:
        ends.end(connection, sent.id, ClaimState.VOID, SYSTEM)
    assert ClaimEvent.VOIDED.label not in await shown(browser, chief, month)
    assert f'href="{month}">Demander de nouveau l’indemnisation de décembre 2026' in await shown(
        browser, chief, "/requests"
    )


async def test_people_are_named_for_their_employer_and_each_amount_is_explained(
    browser: httpx.AsyncClient, chief: Person, database: Database, reference: str, month: str
) -> None:
    admit(database, stage_real(database, reference, a_line(1), a_line(2)))
    people = await shown(browser, chief, f"{month}/people")
    assert people.count(SENTINEL_NAME) == 2
    person = await shown(browser, chief, f"{month}/people/2")
    for told in (SENTINEL_NAME, "7 heures", "D’où vient ce montant ?", "Semaine du 7 décembre 2026"):
        assert told in person
    for line in ("9", "0"):
        assert (await browser.get(f"{month}/people/{line}", headers=chief.headers)).status_code in (404, 422)


async def test_a_claim_is_cancelled_after_a_question_and_not_once_it_is_handed_over(
    browser: httpx.AsyncClient, chief: Person, database: Database, reference: str, month: str
) -> None:
    admit(database, stage_real(database, reference))
    question = await shown(browser, chief, f"{month}/cancellation")
    token = {"form_token": form_token(question)}
    answers = [await browser.post(f"{month}/cancellation", data=token, headers=chief.headers) for _ in range(2)]
    assert [each.status_code for each in answers] == [303, 303]
    page = await shown(browser, chief, answers[0].headers["location"])
    assert "La demande d’indemnisation est annulée." in page
    assert "Déposer de nouveau" in page
    again = admit(database, stage_real(database, reference))
    hand_over(database, again.id)
    assert (await browser.get(f"{month}/cancellation", headers=chief.headers)).status_code == 303
    gone = await shown(browser, chief, month)
    assert ClaimState.HANDED.label in gone
    assert "Annuler cette demande" not in gone
    assert "Envoyer et vérifier" not in gone


async def test_a_second_part_is_cancelled_from_its_own_page_and_said_there(
    browser: httpx.AsyncClient, chief: Person, database: Database, reference: str, month: str
) -> None:
    claim(database, reference, part=2)
    at = f"{month}/cancellation?part=2"
    ended = await browser.post(at, data={"form_token": "none"})
    assert f'<form method="post" action="{at}">' in ended.text
    stale = await browser.post(at, data={"form_token": "of another session"}, headers=chief.headers)
    assert (stale.status_code, stale.headers["location"]) == (303, at)
    token = {"form_token": form_token(await shown(browser, chief, at))}
    done = await browser.post(at, data=token, headers=chief.headers)
    assert done.headers["location"].startswith(f"{month}?part=2&said=")
    assert "La demande d’indemnisation est annulée." in await shown(browser, chief, done.headers["location"])


async def test_a_month_out_of_the_authorization_and_another_employers_are_not_found(
    browser: httpx.AsyncClient, chief: Person, reference: str
) -> None:
    for at in (f"/requests/{reference}/claims/2028-01", "/requests/034ZZZZ99/claims/2026-12"):
        assert (await browser.get(at, headers=chief.headers)).status_code == 404


async def test_a_month_to_come_cannot_be_claimed_yet(
    browser: httpx.AsyncClient, chief: Person, database: Database
) -> None:
    early = authorize(database, employer=Employer(chief.who.account_id, chief.who.siret, "34"))
    page = await shown(browser, chief, f"/requests/{early}/claims/2027-02")
    assert "Aucune demande ne peut être déposée pour ce mois" in page
    assert "Envoyer et vérifier" not in page


@pytest.mark.parametrize("end", [ClaimState.REFUSED, ClaimState.REJECTED])
async def test_a_claim_that_ended_badly_is_filed_again_until_the_last_day_and_nothing_is_promised_after_it(
    browser: httpx.AsyncClient, chief: Person, database: Database, reference: str, month: str, end: ClaimState
) -> None:
    sent = admit(database, stage_real(database, reference))
    if end is ClaimState.REJECTED:
        hand_over(database, sent.id)
    with database.begin() as connection:
        assert ends.end(connection, sent.id, end, SYSTEM)
        at = case_now(connection, reference)
    told = "Vous pouvez déposer une demande corrigée"
    assert f"{told} jusqu’au 31 août 2027." in await shown(browser, chief, month)
    with database.begin() as connection:
        connection.execute(text("UPDATE entitlement SET forfeited_on = '2026-12-31'"))
    until = in_french(corrected_until(local(at, "34").date(), "34")[0])
    page = await shown(browser, chief, month)
    assert f"{told} jusqu’au {until}. Après le 30 décembre 2026, elle n’ajoute ni salarié, ni heure, ni indemn" in page
    assert "Corriger la demande de décembre 2026" in page
    assert f"Vous pouvez la corriger jusqu’au {until}." in await shown(browser, chief, f"/requests/{reference}")
    assert f"Au plus tard le {until}" in await shown(browser, chief, "/requests")
    with database.begin() as connection:
        connection.execute(text("UPDATE request SET closed_at = clock_timestamp()"))
    for address in (month, f"/requests/{reference}", "/requests"):
        assert until not in await shown(browser, chief, address)
    assert "Corriger la demande" not in await shown(browser, chief, month)
    with database.begin() as connection:
        connection.execute(text("UPDATE request SET closed_at = NULL, clock_offset = clock_offset + '90 days'"))
    late = await shown(browser, chief, month)
    assert told not in late
    assert "Régulariser la demande" in late
    assert until not in await shown(browser, chief, f"/requests/{reference}")


async def test_a_rejection_says_its_code_whom_it_is_about_and_what_to_do(
    browser: httpx.AsyncClient, chief: Person, database: Database, reference: str, month: str
) -> None:
    """Two people of two weeks each, at the lines 2 and 3: line 4 of the nominal file is of the second."""
    lines = [a_line(person, week, line=person + 1) for person in (1, 2) for week in (WEEK, LAST_WEEK)]
    sent = admit(database, stage_real(database, reference, *lines))
    sign(database, sent)
    assert queue(database, sent.id) == []
    answered(database, put(database, sent), "3417", rejected=[4])
    page = await shown(browser, chief, month)
    for told in ("Commune inconnue (code 3417)", f'<a href="{month}/people/3">3</a>', advise("3417")):
        assert told in html.unescape(page)
