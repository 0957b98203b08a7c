"""What every page of a draft shows: its steps, the countdown of its filing window, where an ended one leads."""

import json
from collections.abc import Mapping
from hashlib import sha256

from fastapi import Request
from starlette.responses import Response

from law.directory import department
from law.texts import end_in_french, in_french
from models.store.people.accounts import Account
from starter.auth.credentials import PresentedCredential
from starter.http.problems import TITLES
from starter.pages.components.rendering import INTERACTIVE_HEADERS, page
from starter.pages.components.time_left import time_left
from starter.pages.components.visitor import redirect, visitor_fields
from starter.pages.employer import filing_steps as steps
from starter.services.draft_review import DraftReading, OwnEstablishment, WindowReading

INVALID = TITLES["invalid-input"][0]
ENDED = TITLES["draft-ended"][0]


def base(draft_id: str) -> str:
    """Return the address of a draft's pages."""
    return f"/requests/new/{draft_id}"


def ended(request: Request, visitor: PresentedCredential, reading: DraftReading) -> Response | None:
    """Return where a draft that is no longer open leads: its request, or why it has lapsed; None while it is open."""
    draft = reading.draft
    if draft.status == "filed":
        return redirect(f"/requests/{draft.reference}/filed")
    if draft.status == "lapsed":
        content = {"until": end_in_french(draft.accepted_until), "legal_time": _legal_time(reading.own)}
        return page(request, "filing/lapsed", visitor_fields(reading.reader, visitor) | content, ENDED)
    return None


def asks_commitments(reading: DraftReading) -> bool:
    """Whether the step of commitments is shown: the law asks for them, or some are stated."""
    required = reading.commitments is not None and reading.commitments.required
    return required or bool(reading.draft.content.get("commitments"))


def step_names(reading: DraftReading | None) -> list[str]:
    """Return the steps of a draft in their order; before it is opened, those of most drafts."""
    shown = reading is not None and asks_commitments(reading)
    return [each for each in steps.ORDER if each != steps.COMMITMENTS or shown]


def framed(
    reader: Account,
    own: OwnEstablishment,
    window: WindowReading | None,
    visitor: PresentedCredential,
    name: str,
    reading: DraftReading | None = None,
) -> dict[str, object]:
    """Return the content of every page of a step."""
    names = step_names(reading)
    return visitor_fields(reader, visitor) | {
        "base": base(reading.draft.id) if reading else "",
        "labels": [*(steps.ORDER[each][0] for each in names), "Vérification"],
        "number": names.index(name) + 1 if name in names else len(names) + 1,
        "label": steps.ORDER[name][0] if name in steps.ORDER else "Vérifiez vos réponses",
        "names": steps.NAMES,
        "own": own.establishment,
        "proven": own.proven,
        "window": window and window_words(window, own),
    }


def window_words(window: WindowReading, own: OwnEstablishment) -> dict[str, object]:
    """Return a filing window in words: until when, how long is left, why it is too late, and the rules."""
    return {
        "until": end_in_french(window.accepted_until),
        "legal_time": _legal_time(own),
        "left": time_left(window.now, window.accepted_until),
        "closed": window.closed,
        "today": in_french(window.now.date()),
        "why": window.why,
    }


def show(
    request: Request, template: str, content: Mapping[str, object], fields: Mapping[str, str], wrong: Mapping[str, str]
) -> Response:
    """Render a step, with what was typed and what is wrong."""
    status = INVALID if wrong else 200
    shown = {**content, "fields": fields, "wrong": wrong}
    return page(request, f"filing/{template}", shown, status, INTERACTIVE_HEADERS)


def digest(content: Mapping[str, object], members: tuple[str, ...] | None = None) -> str:
    """Return a short digest of members of a draft, all by default: a form sends back that of what it showed."""
    stated = {name: value for name, value in content.items() if members is None or name in members}
    return sha256(json.dumps(stated, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _legal_time(own: OwnEstablishment) -> str:
    return department(own.establishment.department).legal_time
