"""What a scenario can do with its case: only what an employer, an agent and an operator can do over HTTP, and wait.

Time is the exception: the clockwork of this machine moves it.
"""

import asyncio
import io
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from typing import Final

from pypdf import PdfWriter
from schwifty import IBAN
from temporalio.service import RPCError

from local.caller import Answer
from models.engine.names import draft_id
from scenarios.cast import Cast

STEP_TIMEOUT: Final = 90.0
"""Seconds that a step may take on a busy machine."""
POLL_INTERVAL: Final = 0.1
LAST_MINUTE: Final = timedelta(seconds=9)
"""Time left before the deadline: long enough for a signature to fail and park, short enough to wait for."""

View = dict[str, object]


class Stuck(Exception):
    """A scenario cannot continue; the message is a French sentence."""


class Dossier:
    """One case of one establishment, as its people see it."""

    def __init__(self, cast: Cast, siret: str) -> None:
        self.cast = cast
        self._siret = siret
        self.employer = cast.employer
        self.outage = cast.outage
        self.reference: str | None = None
        self.draft: str | None = None

    async def file(self, **overrides: object) -> None:
        """File a request and wait for its receipt."""
        await self.follow(await self.employer.post("/requests", request_body(self._siret, **overrides)))

    async def follow(self, answer: Answer) -> None:
        """Continue with the request that was just filed, once its receipt is issued."""
        self.reference = str(answer["reference"])
        await self.wait_for("receipt_issued")

    def another(self) -> "Dossier":
        """Return another case of the same establishment, with nothing filed."""
        return Dossier(self.cast, self._siret)

    async def open_draft(self, ground: str, placement_on: date) -> datetime:
        """Open a draft and wait for its process; returns the instant until which it may be filed."""
        body = {"siret": self._siret, "ground": ground, "placement_on": placement_on.isoformat()}
        answer = await self.employer.post("/drafts", body)
        self.draft = str(answer["id"])
        await self._wait_for_process(draft_id(self.draft))
        return datetime.fromisoformat(str(answer["accepted_until"]))

    async def file_draft(self, **overrides: object) -> None:
        """Complete the draft, file it, wait for the receipt."""
        body = request_body(self._siret, **overrides)
        await self.employer.patch(f"/drafts/{self.draft}", {k: v for k, v in body.items() if k != "siret"})
        await self.follow(await self.employer.post(f"/drafts/{self.draft}/filing"))

    async def opinion(self) -> dict[str, object]:
        """Upload a works-council opinion; returns the member of a request that refers to it."""
        file = await self.employer.upload("avis-du-cse.pdf", blank_pdf(), "application/pdf")
        return {"opinion": "favourable", "given_on": today().isoformat(), "file": file}

    async def decide(self, body: View, *, expect: tuple[int, ...] = (200, 202)) -> Answer:
        """Have the agent decide."""
        numbered = {"id": f"decision-{self.reference}"} | body
        return await self.cast.agent.post(f"/requests/{self.reference}/decision", numbered, expect=expect)

    async def attest(self) -> None:
        """Have the agent attest that the request is valid."""
        items = [{"code": "ground", "label": "Le motif est établi.", "attested": True}]
        await self.cast.agent.post(f"/requests/{self.reference}/checklist", {"items": items})

    async def request_pieces(self, due_on: date) -> Answer:
        """Have the agent request an indispensable piece."""
        piece = {"code": "circumstances", "label": "Précisions sur les circonstances"}
        body = {
            "id": f"pieces-{self.reference}",
            "pieces": [piece | {"text_reference": "R. 5122-2 du code du travail"}],
            "reasons": "Les circonstances ne sont pas assez décrites pour vérifier le motif.",
            "due_on": due_on.isoformat(),
        }
        return await self.cast.agent.post(f"/requests/{self.reference}/completion-requests", body)

    async def resume(self) -> None:
        """Have the operator resume whatever is parked in this case."""
        for incident in await self._incidents():
            await self.cast.operator.post(f"/incidents/{incident['id']}/resume", {"reason": "Horodatage rétabli."})

    async def wait_until_parked(self) -> None:
        """Wait until this case is parked on what is broken."""
        limit = time.monotonic() + STEP_TIMEOUT
        while not await self._incidents():
            await self.pause(limit, "un incident")

    async def _incidents(self) -> list[View]:
        items = (await self.cast.operator.get("/incidents"))["items"]
        listed = items if isinstance(items, list) else []
        return [incident for incident in listed if incident["subject"] == self.reference]

    async def view(self) -> View:
        """The case as its employer reads it."""
        return (await self.employer.get(f"/requests/{self.reference}")).body

    async def deadline(self) -> datetime:
        """The current instant of tacit acceptance."""
        clock = (await self.view())["clock"]
        if not isinstance(clock, Mapping) or clock["tacit_acceptance_at"] is None:
            raise Stuck(f"Le délai du dossier {self.reference} ne court pas.")
        return datetime.fromisoformat(str(clock["tacit_acceptance_at"]))

    async def wait_for(self, event: str) -> None:
        """Wait for an event of the case."""

        def happened(view: View) -> bool:
            events = view["events"]
            return isinstance(events, list) and any(each["type"] == event for each in events)

        await self.wait_until(happened, f"l’événement {event}")

    async def wait_until(self, condition: Callable[[View], bool], what: str) -> View:
        """Wait until the view of the case fulfils a condition."""
        limit = time.monotonic() + STEP_TIMEOUT
        while not condition(view := await self.view()):
            await self.pause(limit, what)
        return view

    async def advance(self, **by: float) -> None:
        """Let time pass for this case."""
        await self.cast.clock.advance(self._subject, timedelta(**by))

    async def advance_to(self, instant: datetime) -> None:
        """Let time pass for this case or draft up to an instant."""
        await self.cast.clock.advance_to(self._subject, instant)

    async def advance_on(self, day: date) -> None:
        """Let time pass for this case up to the noon of a day."""
        await self.advance_to(datetime.combine(day, clock_time(12), UTC))

    async def let_deadline_pass(self) -> None:
        """Let the deadline pass, and wait for the attestation."""
        await self.advance_to(await self.deadline() + timedelta(minutes=1))
        await self.wait_for("attestation_issued")

    @property
    def _subject(self) -> str:
        return self.reference or self.draft or ""

    async def _wait_for_process(self, process: str) -> None:
        limit = time.monotonic() + STEP_TIMEOUT
        while True:
            try:
                await self.cast.engine.get_workflow_handle(process).describe()
            except RPCError:
                await self.pause(limit, "son processus")
            else:
                return

    async def pause(self, limit: float, what: str) -> None:
        """Wait a moment; raises `Stuck` after an instant of the monotonic clock."""
        if time.monotonic() > limit:
            raise Stuck(f"Le dossier {self._subject} attend {what} depuis {STEP_TIMEOUT:.0f} s.")
        await asyncio.sleep(POLL_INTERVAL)


def today() -> date:
    """The day from which the dates of requests are computed."""
    return datetime.now(UTC).date()


def account_of(siret: str) -> str:
    """Return the IBAN of a firm that does not exist, which no other one gives."""
    return str(IBAN.generate("FR", bank_code="20041", branch_code="01005", account_code=f"{siret[:9]:0>11}"))


def request_body(siret: str, **overrides: object) -> dict[str, object]:
    """A complete request; `overrides` replaces some of its members."""
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
        "bank_account": {"iban": account_of(siret), "holder": "Ateliers Durand"},
        "works_council": {"not_required": "fewer_than_50"},
    }
    return body | overrides


def blank_pdf() -> bytes:
    """A small PDF, such as an employer may upload."""
    writer, written = PdfWriter(), io.BytesIO()
    writer.add_blank_page(210, 297)
    writer.write(written)
    return written.getvalue()
