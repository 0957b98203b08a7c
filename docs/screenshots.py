"""`make screenshots`: Temporal’s user interface, mails, documents and our pages, taken from a running system.

    python -m docs.screenshots

The cases are scenarios of the demonstration: everything is fictional. Pictures go to `docs/pictures/`; they need
Debian's chromium (`apt install chromium`).
"""

import asyncio
import json
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Final

import pymupdf
from playwright.async_api import FilePayload, Page, async_playwright

from docs import claim_pictures, space, walk_pictures
from local import enrolment, people
from local.engine import NAMESPACE
from local.world import World
from models.engine.names import authorization_id
from models.store.database import Database
from scenarios import scenes
from scenarios.cast import Cast
from scenarios.dossier import Dossier
from scenarios.scenes import Play

PICTURES: Final = Path(__file__).with_name("pictures")
BROWSER: Final = "/usr/bin/chromium"
FLAGS: Final = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
WIDTH, HEIGHT = 1440, 640
SETTLING: Final = 4.0
"""Seconds given to a page of Temporal to render; it keeps polling, so it is never idle."""
COLUMNS: Final = ("Status", "Workflow ID", "CaseStatus", "DeadlineAt", "Outcome", "Department")
"""Columns of the list of cases in Temporal."""
DOTS_PER_INCH: Final = 80
"""Resolution of the picture of a document's page."""
CASE_LIFETIME: Final = timedelta(days=600)
"""Longer than a request of two months stays open."""

SILENT: Final = "silence"
STORIES: Final[dict[str, tuple[Play, tuple[str, ...]]]] = {
    SILENT: (scenes.silence(), ("receipt", "attestation")),
    "grant": (scenes.grant, ("grant",)),
    "partial_grant": (scenes.partial_grant, ("partial_grant",)),
    "refusal": (scenes.refusal, ("refusal",)),
    "completion": (scenes.completion, ("completion_request", "completion_receipt")),
    "overtaken": (scenes.refusal_not_notified, ("void_notice",)),
}
"""Scenarios that are played, and the documents drawn from each. The last one breaks time-stamping for all."""


async def photograph_everything(world: World, database: Database) -> None:
    """Play every scenario, draw its documents, take the pages."""
    places = [people.fictional(number, "34") for number in range(1, len(STORIES) + 1)]
    cast = await Cast.assemble(world, database, places, issuer=world.identities.address)
    _draw("enrolment_receipt", await enrolment.get_receipt(cast.employer, places[0].siret))
    cases = {name: Dossier(cast, place.siret) for name, place in zip(STORIES, places, strict=True)}
    for name, (play, kinds) in STORIES.items():
        await play(cases[name])
        for kind in kinds:
            _draw(kind, await _document(cases[name], kind))
    await walk_pictures.photograph(world, PICTURES)
    await claim_pictures.photograph(world, database, cases[SILENT], PICTURES)
    await _photograph(world, cases[SILENT])
    await space.photograph(world, database, str(cases[SILENT].reference), places[0].siret, PICTURES)


async def _document(case: Dossier, kind: str) -> bytes:
    listed = (await case.view())["documents"]
    found = next(each["id"] for each in listed if each["kind"] == kind) if isinstance(listed, list) else ""
    return (await case.employer.get(f"/requests/{case.reference}/documents/{found}")).raw


def _draw(kind: str, content: bytes) -> None:
    """Draw the first page of a document."""
    with pymupdf.Document(stream=content, filetype="pdf") as document:  # type: ignore[no-untyped-call]
        document[0].get_pixmap(dpi=DOTS_PER_INCH).save(PICTURES / f"document-{kind.replace('_', '-')}.png")


async def _photograph(world: World, case: Dossier) -> None:
    """Take the engine’s pages of one case, at its silence then when it is closed, and the mailbox."""
    cases = f"{world.engine_pages}/namespaces/{NAMESPACE}/workflows"
    one = f"{cases}/{authorization_id(str(case.reference))}"
    columns = json.dumps({NAMESPACE: [{"label": label} for label in COLUMNS]})
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=BROWSER, args=list(FLAGS))
        page = await browser.new_page(locale="fr-FR", timezone_id="Europe/Paris")
        await page.add_init_script(f"localStorage['namespace-workflow-table-columns'] = '{columns}'")
        await _take(page, cases, "engine-cases")
        await _take(page, one, "engine-details", "User Metadata", height=700)
        await _take(page, world.mail.url, "mails")
        await page.locator("table a", has_text="acceptée implicitement").last.click()
        await _take(page, page.url, "mail", height=500)
        await _verify(page, world.site, await _document(case, "attestation"))
        await case.advance(days=CASE_LIFETIME.days)
        await _take(page, one, "engine-timeline", "Descending", height=1400)
        await browser.close()


async def _verify(page: Page, site: str, content: bytes) -> None:
    """Take the page on which anybody verifies a document, and its verdict."""
    await page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    await page.goto(f"{site}/verification")
    await page.screenshot(path=PICTURES / "verification.png")
    sent = FilePayload(name="attestation.pdf", mimeType="application/pdf", buffer=content)
    await page.set_input_files("input[type=file]", sent)
    await page.click("form button")
    await page.get_by_role("heading", name="Détail").wait_for()
    await page.screenshot(path=PICTURES / "verdict.png", full_page=True)


async def _take(page: Page, url: str, picture: str, click: str = "", height: int = HEIGHT) -> None:
    await page.set_viewport_size({"width": WIDTH, "height": height})
    await page.goto(url)
    await asyncio.sleep(SETTLING)
    if click:
        await page.get_by_text(click).first.click()
        await asyncio.sleep(SETTLING)
    await page.screenshot(path=PICTURES / f"{picture}.png")


def main() -> None:
    """Take every picture."""
    PICTURES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="tacite-") as folder,
        World(Path(folder), say=print) as world,
        Database(world.postgres.dsn, size=4) as database,
    ):
        asyncio.run(photograph_everything(world, database))


if __name__ == "__main__":
    main()
