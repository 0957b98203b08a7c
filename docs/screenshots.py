"""`make screenshots`: what a person sees of a world that runs: the engine’s pages, mails, documents.

    python -m docs.screenshots

Everything is fictional. Pictures go to `docs/pictures/`; they need Debian's chromium (`apt install chromium`).
"""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Final

import httpx
import pymupdf
from playwright.sync_api import Page, sync_playwright

from local.clockwork import Clockwork
from local.world import World
from models.engine import connect
from models.keys import MasterKey
from models.store import accounts
from models.store.accounts import Establishment
from models.store.keys import StoredKeys
from models.store.register import Register
from models.wire import authorization_id

PICTURES: Final = Path(__file__).with_name("pictures")
BROWSER: Final = "/usr/bin/chromium"
FLAGS: Final = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
WIDTH, HEIGHT = 1280, 900
DOTS: Final = 80
"""Per inch, of a document’s page."""
PATIENCE: Final = 60.0
"""Seconds given to a document before we give up."""
SETTLING: Final = 4.0
"""Seconds in which a page of the engine draws itself; it goes on asking, and is never idle."""
ELAPSED: Final = timedelta(days=17)
"""More than any delay of silence."""
LAST_DAYS: Final = timedelta(days=11)
PLACES: Final = (
    ("12345678200010", "Ateliers du Lez"),
    ("12345678200028", "Verrerie des Garrigues"),
    ("12345678200036", "Imprimerie de l’Écusson"),
    ("12345678200044", "Transports Rivet"),
    ("12345678200051", "Menuiserie du Pic"),
    ("12345678200069", "Conserverie de Thau"),
)
"""Fictional establishments, one a case."""
REASONS: Final = (
    "L’établissement ne relève d’aucun des motifs énumérés à l’article R. 5122-1 du code du travail.",
    "Le carnet de commandes produit montre une activité supérieure à celle des deux exercices précédents.",
)
CHECKLIST: Final = (
    ("identity", "L’établissement existe et son SIRET est actif"),
    ("ground", "Le motif invoqué est établi par les pièces"),
    ("works_council", "L’avis du comité social et économique est joint"),
)


@dataclass(frozen=True)
class Actors:
    """Who speaks at the doors of a world, and the hand that makes time pass."""

    world: World
    employer: httpx.Client
    agent: httpx.Client
    operator: httpx.Client

    def file(self, siret: str) -> str:
        """File a request of the smallest kind for an establishment; returns its reference."""
        opinion = self.employer.post("/files", files={"file": ("avis.pdf", _opinion(), "application/pdf")})
        return str(
            _said(self.employer.post("/requests", json=_request(siret, str(_said(opinion)["id"]))))[
                "reference"
            ]
        )

    def say(self, reference: str, call: str, **body: object) -> None:
        """Post what an agent says of a case."""
        _said(self.agent.post(f"/requests/{reference}/{call}", json=body))

    def advance(self, reference: str, by: timedelta) -> None:
        """Let time pass for one case."""
        asyncio.run(_advance(self.world, reference, by))

    def document(self, reference: str, kind: str) -> bytes:
        """Wait for a document of a case and read it."""
        limit = monotonic() + PATIENCE
        while monotonic() < limit:
            for found in _list(_said(self.employer.get(f"/requests/{reference}"))["documents"]):
                if found["kind"] == kind:
                    return self.employer.get(f"/requests/{reference}/documents/{found['id']}").content
            sleep(0.2)
        raise TimeoutError(f"{reference}: {kind}")


def tell_stories(actors: Actors) -> tuple[str, dict[str, bytes]]:
    """Live through one case of each kind; returns the silent one’s reference, and a document of each kind."""
    silent, granted, partly, refused, incomplete, overtaken = (actors.file(siret) for siret, _ in PLACES)
    shown = {"receipt": actors.document(silent, "receipt")}
    checked = [{"code": code, "label": label, "attested": True} for code, label in CHECKLIST]
    actors.say(granted, "checklist", items=checked)
    actors.say(granted, "decision", id="grant", outcome="grant")
    actors.say(partly, "decision", id="partial", outcome="grant", hours="6000", grounds=REASONS)
    actors.say(refused, "decision", id="refusal", outcome="refusal", grounds=REASONS)
    for reference, kind in ((granted, "grant"), (partly, "partial_grant"), (refused, "refusal")):
        shown[kind] = actors.document(reference, kind)
    shown |= _completed(actors, incomplete)
    shown["void_notice"] = _overtaken(actors, overtaken)
    actors.advance(silent, ELAPSED)
    shown["attestation"] = actors.document(silent, "attestation")
    return silent, shown


def _completed(actors: Actors, reference: str) -> dict[str, bytes]:
    """A piece is missing, is asked for, and comes."""
    code = "commitments"
    piece = {"code": code, "label": "Engagements de l’employeur", "text_reference": "R. 5122-9"}
    actors.say(
        reference,
        "completion-requests",
        id="pieces",
        pieces=[piece],
        reasons="Des salariés de l’établissement ont déjà été placés en activité partielle depuis trois ans.",
        due_on=(date.today() + LAST_DAYS).isoformat(),  # noqa: DTZ011
    )
    asked = actors.document(reference, "completion_request")
    supplied = {"pieces": [{"code": code, "text": "Maintien dans l’emploi des trente salariés concernés."}]}
    _said(actors.employer.post(f"/requests/{reference}/completion", json=supplied))
    return {
        "completion_request": asked,
        "completion_receipt": actors.document(reference, "completion_receipt"),
    }


def _overtaken(actors: Actors, reference: str) -> bytes:
    """A decision is registered while no time-stamp can be had; silence comes first."""
    broken = actors.world.authorities
    with broken.fault("refuse-first"), broken.fault("refuse-second"):
        actors.say(reference, "decision", id="late", outcome="refusal", grounds=REASONS)
        actors.advance(reference, ELAPSED)
    for incident in _list(_said(actors.operator.get("/incidents"))["items"]):
        resumed = actors.operator.post(
            f"/incidents/{incident['id']}/resume", json={"reason": "Horodatage rétabli"}
        )
        resumed.raise_for_status()
    return actors.document(reference, "void_notice")


def draw_documents(shown: dict[str, bytes]) -> None:
    """Draw the first page of each document."""
    for kind, content in shown.items():
        with pymupdf.Document(stream=content, filetype="pdf") as document:  # type: ignore[no-untyped-call]
            document[0].get_pixmap(dpi=DOTS).save(PICTURES / f"document-{kind.replace('_', '-')}.png")


def photograph(world: World, reference: str) -> None:
    """Take the engine’s pages of one case, and the mailbox."""
    engine = f"{world.engine.ui}/namespaces/default/workflows"
    case = f"{engine}/{authorization_id(reference)}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=list(FLAGS))
        page = browser.new_page(locale="fr-FR", timezone_id="Europe/Paris")
        _take(page, engine, "engine-cases")
        _take(page, case, "engine-timeline", height=1300)
        _take(page, page.url.replace("/timeline", "/user-metadata"), "engine-details", height=620)
        _take(page, page.url.replace("/user-metadata", "/search-attributes"), "engine-attributes", height=620)
        _take(page, world.mail.url, "mails", height=700)
        page.locator("table a").first.click()
        _take(page, page.url, "mail", height=560)
        browser.close()


def _take(page: Page, url: str, picture: str, height: int = HEIGHT) -> None:
    page.set_viewport_size({"width": WIDTH, "height": height})
    page.goto(url)
    sleep(SETTLING)
    page.screenshot(path=PICTURES / f"{picture}.png")


@contextmanager
def actors(world: World) -> Iterator[Actors]:
    """Make one account of each role, and open its connection to the doors."""
    with Register(world.postgres.dsn, size=1) as register, register.begin() as connection:
        people = {
            "employer": accounts.create(
                connection, "employer", "Inès Marchetti, gérante", "ines@lez.example"
            ),
            "agent": accounts.create(
                connection, "agent", "Jeanne Rivière", "jeanne@ddets.example", departments=("34",)
            ),
            "operator": accounts.create(
                connection, "operator", "Exploitation", "exploitation@tacite.example"
            ),
        }
        for number, (siret, name) in enumerate(PLACES, start=1):
            place = Establishment(
                siret=siret,
                department="34",
                name=name,
                address=f"{number}, rue des Étuves, 34000 Montpellier",
            )
            accounts.enrol(connection, people["employer"], place)
        tokens = {role: accounts.issue_token(connection, person) for role, person in people.items()}
    address = f"{world.site}/api/v1"
    clients = {
        role: httpx.Client(base_url=address, headers={"Authorization": f"Bearer {secret}"}, timeout=30)
        for role, secret in tokens.items()
    }
    yield Actors(world, clients["employer"], clients["agent"], clients["operator"])
    for client in clients.values():
        client.close()


async def _advance(world: World, reference: str, by: timedelta) -> None:
    with Register(world.postgres.dsn, size=2) as register:
        keys = StoredKeys(register, MasterKey(world.master_key))
        client = await connect(world.engine.address, "default", keys)
        await Clockwork(register, client).advance(reference, by)


def _request(siret: str, opinion: str) -> dict[str, object]:
    start_on = date.today() + timedelta(days=3)  # noqa: DTZ011
    return {
        "siret": siret,
        "ground": "economic_conditions",
        "circumstances": "Baisse durable des commandes du principal client.",
        "perimeter": "partial_reduction",
        "period": {"start_on": start_on.isoformat(), "end_on": (start_on + timedelta(days=75)).isoformat()},
        "headcount": 120,
        "employees": 30,
        "hours": "9000",
        "bank_account": {"iban": "FR7630006000011234567890189", "holder": "Ateliers du Lez"},
        "works_council": {"opinion": "favourable", "given_on": date.today().isoformat(), "file": opinion},  # noqa: DTZ011
    }


def _opinion() -> bytes:
    """A page that stands for the minutes of a works council."""
    with pymupdf.Document() as document:  # type: ignore[no-untyped-call]
        document.new_page().insert_text((72, 72), "Avis favorable du comité social et économique")
        return bytes(document.tobytes())


def _said(answer: httpx.Response) -> dict[str, object]:
    answer.raise_for_status()
    return dict(answer.json())


def _list(value: object) -> list[dict[str, str]]:
    return value if isinstance(value, list) else []


def main() -> None:
    """Take every picture."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, World(Path(folder), say=print) as world:
        with actors(world) as present:
            silent, shown = tell_stories(present)
        draw_documents(shown)
        photograph(world, silent)


if __name__ == "__main__":
    main()
