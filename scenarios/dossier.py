"""What a scenario of the demonstration can do: only what an employer, an agent and an operator can, and wait.

Everything goes through the doors over HTTP. Time alone is moved by hand, by the clockwork of this machine.
"""

import asyncio
import io
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final

from pypdf import PdfWriter
from temporalio.service import RPCError

from local.caller import Answer
from models.engine.names import draft_id
from scenarios.cast import Cast

SECONDS_TO_WAIT: Final = 90.0
"""Seconds that a step may take on a busy machine."""
SECONDS_BETWEEN_LOOKS: Final = 0.1
LAST_MINUTE: Final = timedelta(seconds=9)
"""Before the instant: long enough for a signature to be tried and parked, short enough to be waited for."""

View = dict[str, object]


class Stuck(Exception):
    """A scenario did not go on; a French sentence."""


class Dossier:
    """One case of one establishment, from the outside."""

    def __init__(self, cast: Cast, siret: str) -> None:
        self._cast = cast
        self._siret = siret
        self.employer = cast.employer
        self.outage = cast.outage
        self.reference: str | None = None
        self.draft: str | None = None

    async def file(self, **stated: object) -> None:
        """File a request and wait for its receipt."""
        await self.filed(await self.employer.post("/requests", a_request(self._siret, **stated)))

    async def filed(self, answer: Answer) -> None:
        """Go on with the request that was just filed."""
        self.reference = str(answer["reference"])
        await self.until("receipt_issued")

    async def open_draft(self, ground: str, placement_on: date) -> datetime:
        """Open a draft, wait for its process, return until when it may be filed."""
        body = {"siret": self._siret, "ground": ground, "placement_on": placement_on.isoformat()}
        answer = await self.employer.post("/drafts", body)
        self.draft = str(answer["id"])
        await self._started(draft_id(self.draft))
        return datetime.fromisoformat(str(answer["accepted_until"]))

    async def file_draft(self, **stated: object) -> None:
        """Complete the draft, file it, wait for the receipt."""
        body = a_request(self._siret, **stated)
        await self.employer.patch(f"/drafts/{self.draft}", {k: v for k, v in body.items() if k != "siret"})
        await self.filed(await self.employer.post(f"/drafts/{self.draft}/filing"))

    async def opinion(self) -> dict[str, object]:
        """Send a works-council opinion; returns what a request says of it."""
        file = await self.employer.upload("avis-du-cse.pdf", a_page(), "application/pdf")
        return {"opinion": "favourable", "given_on": today().isoformat(), "file": file}

    async def decide(self, body: View, *, expect: tuple[int, ...] = (200, 202)) -> Answer:
        """Have the agent decide."""
        sent = {"id": f"decision-{self.reference}"} | body
        return await self._cast.agent.post(f"/requests/{self.reference}/decision", sent, expect=expect)

    async def attest(self) -> None:
        """Have the agent attest that the request is valid."""
        items = [{"code": "ground", "label": "Le motif est établi.", "attested": True}]
        await self._cast.agent.post(f"/requests/{self.reference}/checklist", {"items": items})

    async def ask_for_pieces(self, due_on: date) -> Answer:
        """Have the agent ask for an indispensable piece."""
        piece = {"code": "circumstances", "label": "Précisions sur les circonstances"}
        body = {
            "id": f"pieces-{self.reference}",
            "pieces": [piece | {"text_reference": "R. 5122-2 du code du travail"}],
            "reasons": "Les circonstances ne sont pas assez décrites pour vérifier le motif.",
            "due_on": due_on.isoformat(),
        }
        return await self._cast.agent.post(f"/requests/{self.reference}/completion-requests", body)

    async def resume(self) -> None:
        """Have the operator resume whatever is parked in this case."""
        for incident in await self._incidents():
            await self._cast.operator.post(
                f"/incidents/{incident['id']}/resume", {"reason": "Horodatage rétabli."}
            )

    async def parked(self) -> None:
        """Wait until this case is parked on what is broken."""
        limit = time.monotonic() + SECONDS_TO_WAIT
        while not await self._incidents():
            await self._pause(limit, "un incident")

    async def _incidents(self) -> list[View]:
        items = (await self._cast.operator.get("/incidents"))["items"]
        listed = items if isinstance(items, list) else []
        return [incident for incident in listed if incident["subject"] == self.reference]

    async def view(self) -> View:
        """The case as its employer reads it."""
        return (await self.employer.get(f"/requests/{self.reference}")).body

    async def deadline(self) -> datetime:
        """The instant of acceptance, as it stands."""
        clock = (await self.view())["clock"]
        if not isinstance(clock, Mapping) or clock["tacit_acceptance_at"] is None:
            raise Stuck(f"Le délai du dossier {self.reference} ne court pas.")
        return datetime.fromisoformat(str(clock["tacit_acceptance_at"]))

    async def until(self, event: str) -> None:
        """Wait for an event of the case."""

        def happened(view: View) -> bool:
            events = view["events"]
            return isinstance(events, list) and any(each["type"] == event for each in events)

        await self.until_view(happened, f"l’événement {event}")

    async def until_view(self, is_so: Callable[[View], bool], what: str) -> View:
        """Wait until the case is as expected."""
        limit = time.monotonic() + SECONDS_TO_WAIT
        while not is_so(view := await self.view()):
            await self._pause(limit, what)
        return view

    async def advance(self, **by: float) -> None:
        """Let time pass for this case."""
        await self._cast.clock.advance(self._subject, timedelta(**by))

    async def advance_to(self, instant: datetime) -> None:
        """Let time pass for this case or draft up to an instant."""
        await self._cast.clock.advance_to(self._subject, instant)

    async def past_deadline(self) -> None:
        """Let the delay run out, and wait for the attestation."""
        await self.advance_to(await self.deadline() + timedelta(minutes=1))
        await self.until("attestation_issued")

    @property
    def _subject(self) -> str:
        return self.reference or self.draft or ""

    async def _started(self, process: str) -> None:
        limit = time.monotonic() + SECONDS_TO_WAIT
        while True:
            try:
                await self._cast.engine.get_workflow_handle(process).describe()
            except RPCError:
                await self._pause(limit, "son processus")
            else:
                return

    async def _pause(self, limit: float, what: str) -> None:
        if time.monotonic() > limit:
            raise Stuck(f"Le dossier {self._subject} attend {what} depuis {SECONDS_TO_WAIT:.0f} s.")
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


def today() -> date:
    """The day that requests of the demonstration count from."""
    return datetime.now(UTC).date()


def a_request(siret: str, **stated: object) -> dict[str, object]:
    """A whole request, with whatever a scenario states otherwise."""
    start_on = today() + timedelta(days=9)
    body: dict[str, object] = {
        "siret": siret,
        "ground": "exceptional_circumstances",
        "circumstances": "Incendie d’un atelier voisin : les accès sont fermés jusqu’à nouvel ordre.",
        "perimeter": "partial_closure",
        "period": {
            "start_on": start_on.isoformat(),
            "end_on": (start_on + timedelta(days=59)).isoformat(),
        },
        "headcount": 42,
        "employees": 30,
        "hours": "6000",
        "bank_account": {"iban": "FR1420041010050500013M02606", "holder": "Ateliers Durand"},
        "works_council": {"not_required": "fewer_than_50"},
    }
    return body | stated


def a_page() -> bytes:
    """A small PDF, as an employer would send one."""
    writer, written = PdfWriter(), io.BytesIO()
    writer.add_blank_page(210, 297)
    writer.write(written)
    return written.getvalue()
