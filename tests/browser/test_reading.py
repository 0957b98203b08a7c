"""How requests end, as their employer reads it in every way: by silence, by a grant in part, by a refusal."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page

from law.calendar import local
from law.courts import appeal
from law.remedies import remedies
from law.texts import in_french
from local.caller import Caller
from local.engine import NAMESPACE
from local.time_travel import TimeTravel
from local.world import World
from models.engine.client import connect
from models.engine.keys import MasterKey
from models.labels import DocumentKind, Outcome
from models.store.database import Database
from models.store.journal.keys import StoredKeys
from scenarios.cast import Cast, Outage
from scenarios.dossier import Dossier
from starter.services.case_standing import PARTIAL
from tests.browser.conftest import IN_EVERY_WAY, OpenPage
from tests.builders import Credentials, employer, staff
from tests.cases import DEPARTMENT, GROUNDS

pytestmark = pytest.mark.asyncio(loop_scope="session")

ASKED, GRANTED = {"employees": 12, "hours": "3000"}, {"employees": 8, "hours": "2000"}
FEW = ASKED | {"other_employees": True}
"""A third of the firm, and others than those of its other requests."""


@dataclass(frozen=True)
class Ended:
    """An employer, and the references of its requests, by the document with which each ended."""

    boss: Credentials
    references: dict[DocumentKind, str]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def ended(world: World, database: Database) -> Ended:
    """File three requests; let the delay of the first pass, and have an agent decide on the others."""
    boss = employer(database)
    engine = await connect(world.engine.address, NAMESPACE, StoredKeys(database, MasterKey(world.master_key)))
    cast = Cast(
        employer=Caller(world.site, boss.token),
        agent=Caller(world.site, staff(database).token),
        operator=Caller(world.site, ""),
        clock=TimeTravel(database, engine),
        engine=engine,
        outage=Outage(world.authorities.folder, 1),
        agency=world.agency.folder,
    )
    silent, partial, refused = [Dossier(cast, boss.siret) for _ in range(3)]
    for each in (silent, partial, refused):
        await each.file(**FEW)
    await partial.decide({"outcome": "grant", "grounds": GROUNDS, **GRANTED})
    await refused.decide({"outcome": "refusal", "grounds": GROUNDS})
    await silent.let_deadline_pass()
    await asyncio.gather(partial.wait_for("decision_notified"), refused.wait_for("decision_notified"))
    ends = {DocumentKind.ATTESTATION: silent, DocumentKind.PARTIAL_GRANT: partial, DocumentKind.REFUSAL: refused}
    return Ended(boss, {kind: str(each.reference) for kind, each in ends.items()})


def notified_on() -> date:
    """The day on which decisions of this run are notified, by the legal time of their département."""
    return local(datetime.now(UTC), DEPARTMENT).date()


async def text_of(part: Locator) -> str:
    """What a part of a page says, on one line."""
    return " ".join((await part.inner_text()).split())


async def open_case(page: Page, case: Ended, kind: DocumentKind, label: str) -> str:
    """Find a request in the list by how it ended, open it, and return what it says."""
    await page.goto("/requests")
    rows = page.get_by_role("listitem").filter(has_text=case.references[kind])
    row = rows.last  # what is to be done about it stands above
    assert label in await text_of(row)
    await row.get_by_role("link").first.click()
    await page.wait_for_url(f"**/requests/{case.references[kind]}")
    assert label in await text_of(page.locator("#etat"))
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return await text_of(page.locator("main"))


async def fetched(page: Page, kind: DocumentKind) -> bytes:
    """The document of a case, under the address of its link."""
    link = page.get_by_role("link", name=kind.label, exact=True)
    return await (await page.context.request.get(str(await link.get_attribute("href")))).body()


async def remedies_of(page: Page) -> str:
    """What the page of a refusal says of how it may be contested, once its details are open."""
    await page.get_by_text("Voies et délais de recours, en détail").click()
    await page.locator("details[open]").wait_for()
    said = await text_of(page.locator("main"))
    assert [each for each in (*GROUNDS, *remedies(notified_on(), DEPARTMENT)) if each not in said] == []
    return said


@IN_EVERY_WAY
async def test_silence_is_read_as_acceptance_with_its_attestation(
    script: bool, width: int, open_page: OpenPage, ended: Ended
) -> None:
    page = await open_page(ended.boss.account_id, script=script, width=width)
    said = await open_case(page, ended, DocumentKind.ATTESTATION, Outcome.TACIT.label)
    assert "Aucune décision ne vous a été notifiée à temps : l’acceptation est acquise depuis le" in said
    assert "Ce qui est autorisé" in said
    assert "Contester cette décision" not in said
    assert (await fetched(page, DocumentKind.ATTESTATION)).startswith(b"%PDF-")


@IN_EVERY_WAY
async def test_a_grant_in_part_is_read_beside_what_was_asked_with_reasons_and_remedies(
    script: bool, width: int, open_page: OpenPage, ended: Ended
) -> None:
    page = await open_page(ended.boss.account_id, script=script, width=width)
    await open_case(page, ended, DocumentKind.PARTIAL_GRANT, PARTIAL)
    compared = page.get_by_role("table", name="Ce que vous avez demandé et ce qui vous est accordé")
    rows = [await text_of(each) for each in await compared.get_by_role("row").all()]
    assert "Salariés 12 8" in rows
    assert "Heures 3 000 h 2 000 h" in rows
    said = await remedies_of(page)
    assert "Motifs du refus partiel" in said
    assert f"au plus tard le {in_french(appeal(notified_on(), DEPARTMENT).last_day_on)}" in said
    assert (await fetched(page, DocumentKind.PARTIAL_GRANT)).startswith(b"%PDF-")


@IN_EVERY_WAY
async def test_a_refusal_is_read_with_its_reasons_its_court_and_the_last_day(
    script: bool, width: int, open_page: OpenPage, ended: Ended
) -> None:
    page = await open_page(ended.boss.account_id, script=script, width=width)
    await open_case(page, ended, DocumentKind.REFUSAL, Outcome.REFUSED.label)
    said, contest = await remedies_of(page), appeal(notified_on(), DEPARTMENT)
    assert "Vous ne pouvez pas placer de salariés en activité partielle au titre de cette demande." in said
    assert f"Vous pouvez saisir le {contest.court} au plus tard le {in_french(contest.last_day_on)}" in said
    assert await page.get_by_role("link", name="Télérecours citoyens").get_attribute("href") == contest.online
    assert "Un message envoyé ici n’est pas un recours." in said
    assert (await fetched(page, DocumentKind.REFUSAL)).startswith(b"%PDF-")
