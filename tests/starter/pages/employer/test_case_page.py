"""The page of a case: where it is, who acts next, until when, what was filed, what may be done."""

import re
from collections.abc import Iterator

import httpx
import pytest

from local.postgres import Postgres
from models.labels import Outcome
from models.store.database import Database
from starter.pages.components.typography import iban_in_groups, siret_in_groups
from tests.builders import Credentials, staff
from tests.cases import GROUNDS, ask_for_pieces, let_silence_accept, notify_a_decision
from tests.starter.conftest import one_register
from tests.starter.files import PNG, send
from tests.starter.pages.browsing import filed
from tests.starter.people import Door, Person, readings, sign_in, with_password

pytestmark = pytest.mark.usefixtures("unhurried")


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


def plain(text: str) -> str:
    """The same text with ordinary spaces."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


async def words(browser: httpx.AsyncClient, person: Person, address: str) -> str:
    """The text of a page, on one line."""
    answer = await browser.get(address, headers=person.headers)
    assert answer.status_code == 200, answer.text
    main = plain(answer.text.partition("<main")[2])
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", main))


async def test_a_running_case_says_who_acts_next_until_when_and_for_whom(
    browser: httpx.AsyncClient, chief: Person, door: Door
) -> None:
    reference = await filed(door, chief)
    view = (await door(chief.who).get(f"/requests/{reference}")).json()
    shown = await words(browser, chief, f"/requests/{reference}")
    for said in (
        f"{view['name']}, SIRET {plain(siret_in_groups(chief.who.siret))}",
        "C’est au service d’agir",
        "à minuit",
        "Il reste 15 jours.",
        "DDETS de l’Hérault",
        view["service"]["phone"],
        "Ajouter à mon agenda",
        "Renoncer à cette demande",
        "Pourquoi ce délai ?",
        plain(iban_in_groups(view["bank_account"]["iban"])),
        view["circumstances"][:40],
        "12 000 h",
    ):
        assert said in shown, said
    calendar = await browser.get(f"/requests/{reference}/calendar.ics", headers=chief.headers)
    assert calendar.headers["content-disposition"] == f'attachment; filename="{reference}.ics"'
    assert "BEGIN:VALARM" in calendar.text


async def test_attached_files_are_listed_with_their_digest_and_saved_as_they_came(
    browser: httpx.AsyncClient, chief: Person, door: Door, database: Database
) -> None:
    file = (await send(door(chief.who), PNG)).json()
    opinion = {"opinion": "favourable", "given_on": "2026-11-20", "file": file["id"]}
    reference = await filed(door, chief, works_council=opinion)
    shown = await words(browser, chief, f"/requests/{reference}")
    assert file["sha256"] in shown
    assert "favorable, rendu le 20 novembre 2026" in shown
    saved = await browser.get(f"/files/{file['id']}", headers=chief.headers)
    assert saved.content == PNG
    assert saved.headers["content-disposition"].startswith("attachment")
    assert saved.headers["content-security-policy"] == "sandbox"
    stranger = with_password(database, staff(database, "instructor", "75"))
    await sign_in(door(), stranger)
    unseen = await browser.get(f"/files/{file['id']}", headers=stranger.headers)
    assert unseen.status_code == 404


async def test_a_partial_grant_never_looks_like_a_whole_one(
    browser: httpx.AsyncClient, chief: Person, door: Door, database: Database
) -> None:
    reference = await filed(door, chief)
    notify_a_decision(database, reference, employees=18, hours="3600", grounds=GROUNDS)
    shown = await words(browser, chief, f"/requests/{reference}")
    assert "Autorisée en partie" in shown
    assert re.search(r"Salariés 42 18 Heures 12 000 h 3 600 h", shown)
    assert Outcome.GRANTED.label not in shown
    for said in (*GROUNDS, "tribunal administratif de Montpellier", "au plus tard le", "Télérecours citoyens"):
        assert said in shown, said


async def test_a_refusal_is_read_with_its_reasons_its_court_and_the_last_day(
    browser: httpx.AsyncClient, chief: Person, door: Door, database: Database
) -> None:
    reference = await filed(door, chief)
    notify_a_decision(database, reference, outcome="refusal", grounds=GROUNDS)
    shown = await words(browser, chief, f"/requests/{reference}")
    for said in (Outcome.REFUSED.label, "Motifs du refus", *GROUNDS, "Contester cette décision", "recours gracieux"):
        assert said in shown, said
    assert "Renoncer à cette demande" not in shown
    assert "Ajouter à mon agenda" not in shown


async def test_a_tacit_acceptance_says_what_is_authorized(
    browser: httpx.AsyncClient, chief: Person, door: Door, database: Database
) -> None:
    reference = await filed(door, chief)
    let_silence_accept(database, reference)
    shown = await words(browser, chief, f"/requests/{reference}")
    assert "l’acceptation est acquise depuis le" in shown
    assert "Heures : 12 000 h" in shown


async def test_a_stopped_clock_says_why_it_is_stopped_and_promises_no_acceptance(
    browser: httpx.AsyncClient, chief: Person, door: Door, database: Database
) -> None:
    reference = await filed(door, chief)
    ask_for_pieces(database, reference)
    shown = await words(browser, chief, f"/requests/{reference}")
    for said in (
        "C’est à vous d’agir",
        "Pièces à fournir au plus tard le",
        "Fournir les pièces demandées",
        "Arrêté depuis",
    ):
        assert said in shown, said
    assert "acceptée implicitement" not in shown


async def test_an_agent_reads_the_page_without_the_employers_acts_and_the_reading_is_logged(
    browser: httpx.AsyncClient, chief: Person, door: Door, database: Database
) -> None:
    reference = await filed(door, chief)
    ask_for_pieces(database, reference)
    who: Credentials = staff(database)
    agent = with_password(database, who)
    await sign_in(door(), agent)
    shown = await words(browser, agent, f"/requests/{reference}")
    assert "Fournir les pièces demandées" not in shown
    assert "Renoncer" not in shown
    assert readings(database, who) == [reference]
