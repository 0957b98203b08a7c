"""The whole way in a real browser, by two people: enrol, activate, file, decide, read, as docs/parcours-*.md tell."""

import re
from collections.abc import Iterable
from pathlib import Path

import pymupdf
import pytest
from playwright.async_api import FilePayload, Page, expect

from cli.accounts import open_account, trial_delegation
from docs import walk_through
from docs.walk_through import FIFTY_OR_MORE, Firm
from local.company_kinds import in_montpellier
from local.world import World
from models.labels import Outcome
from models.store.database import Database
from tests.architecture.repository import ROOT
from tests.browser.conftest import OpenPage
from tests.browser.screens import Screens
from tests.cases import a_siret

pytestmark = pytest.mark.asyncio(loop_scope="session")

TOLD = [(ROOT / "docs" / f"parcours-{who}.md").read_text("utf-8") for who in ("employeur", "agent")]


def an_agent_known_by_the_provider(database: Database, world: World) -> str:
    """Open the account of a signatory of Hérault who may sign in at the provider; return its subject there."""
    subject = "nadia.perrin"
    open_account(
        database,
        "agent",
        "Nadia Perrin",
        f"{subject}@service-034.invalid",
        departments=("34",),
        delegation=trial_delegation("agent", ("34",)),
        issuer=world.identities.address,
        subject=subject,
    )
    return subject


async def is_authentic(page: Page, document: bytes) -> bool:
    """Whether the public page of verification recognises a document."""
    await page.goto("/verification")
    sent = FilePayload(name="document.pdf", mimeType="application/pdf", buffer=document)
    await page.set_input_files("#file", sent)
    await page.click("main form button")
    await page.wait_for_selector("main .verdict")
    return await page.get_by_role("heading", name="Ce document est authentique").is_visible()


def printed_address(document: bytes) -> str:
    """The address under which a document says that it can be verified: what its QR code holds."""
    with pymupdf.Document(stream=document, filetype="pdf") as pages:  # type: ignore[no-untyped-call]
        return str(re.findall(r"https?://\S+/verification/\S+", pages[0].get_text())[0])


def told(pattern: str) -> list[str]:
    """What the written walk-through says in this form, in its order."""
    return [each for text in TOLD for each in re.findall(pattern, text)]


def unseen(labels: Iterable[str], texts: Iterable[str]) -> list[str]:
    """Labels that stand on none of these pages."""
    shown = " ".join(" ".join(texts).split())
    return [each for each in labels if each not in shown]


async def test_a_firm_enrols_and_files_then_an_agent_decides_and_the_firm_reads_the_decision(
    open_page: OpenPage, world: World, database: Database, screens: Screens
) -> None:
    firm = Firm(a_siret(), "direction@ateliers.invalid")
    world.companies.describe(in_montpellier(firm.siret, band=FIFTY_OR_MORE))
    employer, agent, stranger = await open_page(), await open_page(), await open_page()
    mailbox = Path(world.folder / "mail")
    seen: dict[str, str] = {}

    async def look(page: Page, name: str) -> None:
        seen[name] = await page.inner_text("main")

    await walk_through.enrol(employer, firm, look)
    await walk_through.activate(employer, firm, mailbox, look)
    reference = await walk_through.file(employer, look)
    receipt = await walk_through.follow(employer, look)
    assert await is_authentic(stranger, receipt)
    await stranger.goto(printed_address(receipt))
    await expect(stranger.locator("h1")).to_have_text("Ce document a été émis par le service")
    await screens.check(stranger, "document-code")

    await walk_through.enter_as_agent(agent, an_agent_known_by_the_provider(database, world), look)
    await walk_through.examine(agent, reference, look)
    await walk_through.grant(agent, reference, look)

    decision = await walk_through.read_decision(employer, firm, mailbox, look)
    assert employer.url == f"{world.site}/requests/{reference}"
    await expect(employer.locator("#etat")).to_have_text(Outcome.GRANTED.label)
    assert await is_authentic(stranger, decision)

    assert sorted(told(r"\(pictures/walk-([\w-]+)\.png\)")) == sorted(seen)
    assert unseen(told(r"\*\*(.+?)\*\*"), seen.values()) == []
