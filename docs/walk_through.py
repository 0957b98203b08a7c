"""The whole way through the pages: a firm enrols and files, an agent decides, the firm reads the decision.

`docs/parcours-employeur.md` and `docs/parcours-agent.md` tell it, `make screenshots` takes its pictures
(`docs/walk_pictures.py`), and `tests/browser/test_whole_way.py` follows it. Steps are in the order of a case; each
leaves its page where the next one takes it. `Look` is called wherever a picture is due, with its name.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Final

import pymupdf
from playwright.async_api import FilePayload, Page, expect

from local.mail import received
from models.labels import DocumentKind

Look = Callable[[Page, str], Awaitable[object]]
"""Called with a page and the name of its picture."""

PASSWORD: Final = "une phrase que personne ne devine"  # noqa: S105  # of somebody who does not exist
IBAN: Final = "FR7630006000011234567890189"
FIFTY_OR_MORE: Final = "21"
"""Headcount of the firm in the register of establishments: 50 to 99."""
CIRCUMSTANCES: Final = (
    "Un incendie a détruit l’atelier de peinture dans la nuit du 24 novembre. La ligne de finition est à l’arrêt : "
    "l’assureur estime la remise en état à deux mois, et aucun sous-traitant ne peut reprendre ces commandes."
)
OPINION: Final = """<h2>Comité social et économique – réunion extraordinaire</h2>
<p>Point unique : mise en activité partielle de l’atelier de finition.</p>
<p>Après présentation des motifs, de la période, du nombre de salariés et des heures, le comité rend un avis
favorable.</p>"""
TIMEOUT: Final = 60.0
"""Seconds for a mail or a signature on a busy machine."""
POLL_INTERVAL: Final = 0.2
STYLE_OF_THE_PROVIDER: Final = "**/cdn.jsdelivr.net/**"
"""Where the identity provider of `local/` loads its style sheet from: blocked, so that nothing leaves the machine."""
LINK: Final = re.compile(r"(?m)^https?://\S+")


@dataclass(frozen=True)
class Firm:
    """Who files: the SIRET of an establishment that the register lists, and an address of our own mailbox."""

    siret: str
    email: str


async def enrol(page: Page, firm: Firm, look: Look) -> None:
    """Enrol from the home page; the register fills in the establishment."""
    await page.goto("/")
    await look(page, "home")
    await page.get_by_role("link", name="Adhérez au service").click()
    await page.fill("#siret", firm.siret)
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#name")
    for name, text in {"person": "Jeanne Martin", "quality": "gérante", "email": firm.email}.items():
        await page.fill(f"#{name}", text)
    await page.check("#accepted")
    await look(page, "enrolment")
    await _press(page, "Adhérer")
    await page.wait_for_url("**/enrolment/received")


async def activate(page: Page, firm: Firm, mailbox: Path, look: Look) -> None:
    """Follow the link of the mail, which fills in the code; choose a password."""
    await page.goto(await mailed_link(mailbox, firm.email, "code d’activation"))
    await page.fill("#password", PASSWORD)
    await look(page, "activation")
    await _press(page, "Activer")
    await page.wait_for_url("**/welcome")
    await look(page, "welcome")


async def file(page: Page, look: Look) -> str:
    """Answer every question of a request, with the opinion of the council attached; return its reference."""
    await page.get_by_role("link", name="Déposer une demande").click()
    await page.get_by_label("Autre circonstance de caractère exceptionnel").check()
    await _fill(page, placement_on=_on(2), start_on=_on(2), end_on=_on(60))
    await page.locator("#fenetre").get_by_text("il reste").wait_for()
    await look(page, "ground")
    await _go_on(page, "figures")
    await _fill(page, headcount="64", employees="18", hours="3 600")
    await look(page, "figures")
    await _go_on(page, "circumstances")
    await page.get_by_label("Fermeture temporaire d’une partie de l’établissement").check()
    await _fill(page, circumstances=CIRCUMSTANCES)
    await look(page, "circumstances")
    await _go_on(page, "council")
    await page.get_by_label("Oui : il a donné un avis favorable").check()
    await look(page, "council")
    await _go_on(page, "opinion**")
    await _fill(page, given_on=_on(-2))
    opinion = FilePayload(name="avis-du-cse.pdf", mimeType="application/pdf", buffer=opinion_pdf())
    await page.set_input_files("#file", opinion)
    await look(page, "opinion")
    await _go_on(page, "account", "Joindre et continuer")
    await _fill(page, iban=IBAN, holder="Ateliers Durand SAS")
    await page.get_by_label("À l’entreprise, qui verse").check()
    await look(page, "bank-account")
    await _go_on(page, "check")
    await look(page, "check")
    await _press(page, "Déposer la demande")
    await page.wait_for_url("**/filed")
    await look(page, "filed")
    return await page.locator(".reference").inner_text()


async def follow(page: Page, look: Look) -> bytes:
    """Open the page of the request that was just filed, and return its receipt."""
    await page.get_by_role("link", name="Suivre ma demande").click()
    receipt = await document(page, DocumentKind.RECEIPT)
    await look(page, "request")
    return receipt


async def enter_as_agent(page: Page, subject: str, look: Look) -> None:
    """Sign in by the identity provider as this person, whom it knows; the desk opens."""
    await page.route(STYLE_OF_THE_PROVIDER, lambda route: route.abort())
    await page.goto("/sign-in")
    await look(page, "sign-in")
    await page.get_by_role("link", name="Agent de l’administration").click()
    await page.fill("[name=sub]", subject)
    await page.click("button:has-text('Authorize')")
    await page.wait_for_url("**/desk")


async def examine(page: Page, reference: str, look: Look) -> None:
    """Find a case on the desk, take it in charge and read the opinion attached to it."""
    await look(page, "desk")
    await page.fill("#q", reference)
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**/desk?q={reference}**")
    await page.get_by_role("link", name=reference, exact=True).click()
    await look(page, "case")
    await _press(page, "Prendre ce dossier")
    await expect(page.locator("[role=status]")).to_contain_text("Vous avez pris ce dossier en charge.")
    await page.get_by_role("link", name="lire l’avis").click()
    await expect(page.locator("main img")).to_be_visible()
    await page.wait_for_function("document.querySelector('main img').naturalWidth > 100")
    await look(page, "file")


async def grant(page: Page, reference: str, look: Look) -> None:
    """Attest the validity of a request, then grant, check and sign."""
    await page.goto(f"/desk/requests/{reference}/checklist")
    for point in await page.locator("input[name=point]").all():
        await point.check()
    await look(page, "checklist")
    await _press(page, "Attester")
    await page.goto(f"/desk/requests/{reference}/grant")
    await look(page, "grant")
    await _press(page, "Continuer")
    await expect(page.locator("h1")).to_have_text("Vérifiez votre décision")
    await look(page, "decision-check")
    await _press(page, "Signer et notifier l’autorisation")
    await expect(page.locator("h1")).to_have_text("Décision notifiée", timeout=TIMEOUT * 1000)
    await look(page, "decision-notified")


async def read_decision(page: Page, firm: Firm, mailbox: Path, look: Look) -> bytes:
    """Follow the link of the mail to the request, and return the decision."""
    await page.goto(await mailed_link(mailbox, firm.email, "autorisée"))
    decision = await document(page, DocumentKind.GRANT)
    await look(page, "granted")
    return decision


async def document(page: Page, kind: DocumentKind) -> bytes:
    """Return the document of this kind that the page of a case lists, once it is delivered; raises TimeoutError."""
    link = page.get_by_role("link", name=kind.label, exact=True)
    async with asyncio.timeout(TIMEOUT):
        while not await link.count():
            await asyncio.sleep(POLL_INTERVAL)
            await page.reload()
    answer = await page.context.request.get(str(await link.get_attribute("href")))
    return await answer.body()


async def mailed_link(mailbox: Path, address: str, words: str) -> str:
    """Wait for the mail to an address whose subject has these words; return its link. Raises TimeoutError."""
    async with asyncio.timeout(TIMEOUT):
        while True:
            if mails := await asyncio.to_thread(_mails, mailbox, address, words):
                return str(LINK.findall(mails[-1].get_content())[0])
            await asyncio.sleep(POLL_INTERVAL)


def _mails(mailbox: Path, address: str, words: str) -> list[EmailMessage]:
    return [mail for mail in received(mailbox) if mail["to"] == address and words in str(mail["subject"])]


def opinion_pdf() -> bytes:
    """A page of minutes, which agents see as an image."""
    with pymupdf.Document() as written:  # type: ignore[no-untyped-call]
        written.new_page().insert_htmlbox((72, 72, 523, 700), OPINION)
        return bytes(written.tobytes())


def _on(days: int) -> str:
    """A day from today, as a date field takes it."""
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


async def _fill(page: Page, **answers: str) -> None:
    for name, text in answers.items():
        await page.fill(f"#{name}", text)


async def _press(page: Page, label: str) -> None:
    await page.get_by_role("button", name=label, exact=True).click()


async def _go_on(page: Page, step: str, label: str = "Enregistrer et continuer") -> None:
    await _press(page, label)
    await page.wait_for_url(f"**/{step}")
