"""The pages on which agents look at claims in a real browser: read by anybody, used with and without scripts."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from models.claim_labels import ClaimSignal, ClaimState
from models.store.claims import steps
from models.store.claims.records import ClaimRecord
from models.store.database import Database
from tests.browser.conftest import IN_EVERY_WAY, OpenPage
from tests.browser.screens import Screens
from tests.builders import employer, staff
from tests.cases import Employer
from tests.models.store.claims import builders, reviewed
from tests.starter.files import a_pdf

pytestmark = pytest.mark.asyncio(loop_scope="session")


def waiting(database: Database, department: str, *signals: ClaimSignal) -> ClaimRecord:
    """A claim that waits for a visa, whether or not the process that controls claims came first."""
    boss = employer(database, department=department)
    reference = builders.authorize(database, employer=Employer(boss.account_id, boss.siret, department))
    claim = builders.claim(database, reference)
    with database.begin() as connection:
        steps.take(connection, claim.id, ClaimState.UNDER_REVIEW, signals=signals)
    return claim


async def test_claims_can_be_read_by_anybody(open_page: OpenPage, database: Database, screens: Screens) -> None:
    page = await open_page(staff(database, "agent", "48").account_id)
    await page.goto("/claims")
    await screens.check(page, "claims-empty")
    plain, signalled = waiting(database, "48"), waiting(database, "48", ClaimSignal.DSN_TOTAL)
    for name, address in {
        "claims": "/claims",
        "claims-wrong-filters": "/claims?state=late",
        "claim": f"/claims/{signalled.id}",
        "claim-visas-signalled": f"/claims/visas?claim={plain.id}&claim={signalled.id}",
    }.items():
        await page.goto(address)
        await screens.check(page, name)
    await page.goto(f"/claims/{plain.id}/refusal")
    await screens.send_empty(page, "claim-refusal")
    await page.goto("/claims/instructions")
    await page.uncheck("#departments")
    await screens.send_empty(page, "claim-instructions")
    await page.goto("/claims/quota-exceptions")
    await screens.send_empty(page, "claim-quota-exceptions")
    await page.goto(f"/claims/visas?claim={plain.id}")
    await page.uncheck("#demandes")
    await screens.send_empty(page, "claim-visas")


@IN_EVERY_WAY
async def test_claims_are_agreed_to_and_refused_in_every_way(
    script: bool, width: int, open_page: OpenPage, database: Database, look: Screens
) -> None:
    page = await open_page(staff(database, "agent", "15").account_id, script=script, width=width)
    first, second = waiting(database, "15"), waiting(database, "15")
    await page.goto(f"/claims?q={first.reference}")
    await page.check(f"[value='{first.id}']")
    await page.click("text=Donner l’accord aux demandes cochées")
    await page.check(f"[value='{first.id}']")  # other firms gave the same account since: it is not ticked yet
    await page.click("button:has-text('Donner l’accord')")
    await expect(page.locator("main")).to_contain_text("1 sur 1 est agréée")
    await look.check(page, "claim-visas-given")
    await page.goto(f"/claims/{second.id}")
    await page.click("text=Refuser")
    await page.fill("#in_law", reviewed.CLAIM_GROUNDS[0])
    await page.fill("#in_fact", reviewed.CLAIM_GROUNDS[1])
    await page.click("text=Continuer")
    await look.check(page, "claim-refusal-check")
    await page.click("text=Signer et notifier le refus")
    await expect(page.locator("[role=status]")).to_contain_text("Le refus est enregistré")


async def test_an_instruction_is_given_and_revoked(open_page: OpenPage, database: Database, screens: Screens) -> None:
    page = await open_page(staff(database, "agent", "12").account_id)
    await page.goto("/claims/instructions")
    day = str(reviewed.today(database))
    for name, value in {"ceiling": "5000", "from_on": day, "to_on": day}.items():
        await page.fill(f"#{name}", value)
    await page.click("text=Donner cette instruction")
    await expect(page.locator("[role=status]")).to_contain_text("L’instruction est enregistrée.")
    await page.click("text=Retirer")
    await screens.check(page, "claim-instruction-revocation")
    await page.click("button:has-text('Retirer cette instruction')")
    await expect(page.locator("[role=status]")).to_contain_text("L’instruction est retirée")


async def test_a_decision_that_raises_a_quota_is_shown_then_recorded_and_ended(
    open_page: OpenPage, database: Database, screens: Screens, tmp_path: Path
) -> None:
    page = await open_page(staff(database, "agent", "12").account_id)
    place, file = employer(database, department="12"), tmp_path / "decision.pdf"
    file.write_bytes(a_pdf())
    await page.goto("/claims/quota-exceptions")
    await page.check("text=Les ministres")
    day = reviewed.today(database)
    typed = {"about": place.siret, "decided_on": str(day), "year": str(day.year), "hours": "1200"}
    for name, value in typed.items():
        await page.fill(f"#{name}", value)
    await page.set_input_files("#file", file)
    await page.click("text=Continuer")
    await screens.check(page, "claim-quota-exception-check")
    await page.click("text=Inscrire cette décision")
    await expect(page.locator("[role=status]")).to_contain_text("La décision est inscrite")
    await screens.check(page, "claim-quota-exception-listed")
    await page.click("text=Mettre fin à la décision")
    await screens.send_empty(page, "claim-quota-exception-end")
    await page.fill("#reason", "Erreur de saisie du nombre d’heures par salarié.")
    await page.click("button:has-text('Mettre fin à la décision')")
    await expect(page.locator("[role=status]")).to_contain_text("La décision a pris fin")
