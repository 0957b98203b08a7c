"""The form of a request for pieces: its fields as the body of the act, and the sentence beside each wrong one."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import TypeAdapter

from law.completion import Piece
from models.bodies.completion import CompletionRequestBody
from models.store.journal.idempotency import digest
from starter.http.problems import Fault
from starter.http.request_body import Submission, read
from starter.http.responses import API
from starter.pages.agent.decision_forms import as_typed
from starter.pages.components.forms import french_days, typed_sentence
from starter.pages.components.resumption import TypedForm

MISSING: Final[Mapping[str, str]] = {
    "due_on": "Indiquez le dernier jour laissé à l’employeur.",
    "reasons": "Expliquez, en une phrase sur ce dossier, pourquoi ces pièces sont indispensables.",
    "pieces": "Choisissez au moins une pièce.",
}
"""What to do about a field that was left empty."""
_EMPTY: Final = ("missing", "empty", "too-few", "no-piece")
_PIECE: Final = re.compile(r"/pieces/([0-9]+)(?:/(\w+))?")


def chosen(form: TypedForm, offered: Sequence[Piece]) -> list[Piece]:
    """Return the pieces that were chosen, among those that may be requested."""
    values = form.values("pieces")
    return [each for each in offered if each.value in values]


def precision(piece: str) -> str:
    """Return the name of the field that says more of a piece."""
    return f"precision-{piece}"


def submission(reference: str, form: TypedForm, pieces: Sequence[Piece]) -> Submission[CompletionRequestBody]:
    """Return the form as the act of the API, with the digest that the same body has there."""
    typed = french_days(form.fields, ("due_on",))
    body: dict[str, object] = {
        "id": typed.get("id", ""),
        "pieces": [
            {
                "code": each.value,
                "label": as_typed(typed.get(precision(each.value), each.label)),
                "text_reference": f"{each.article} du code du travail",
            }
            for each in pieces
        ],
    }
    body |= {name: as_typed(typed[name]) for name in ("reasons", "due_on") if name in typed}
    return Submission(
        lambda: read(TypeAdapter(CompletionRequestBody), body),
        lambda: digest([f"{API}/requests/{reference}/completion-requests", body]),
    )


def wrong(faults: Sequence[Fault], pieces: Sequence[Piece]) -> dict[str, str]:
    """Return the sentence of each wrong field; errors about no field are under `form`."""
    found: dict[str, str] = {}
    for each in faults:
        name = _field(each.pointer, pieces)
        asked = MISSING.get(name) if each.code in _EMPTY else None
        found.setdefault(name, asked or typed_sentence(each))
    order = ["pieces", *map(precision, (each.value for each in pieces)), "reasons", "due_on", "form"]
    return dict(sorted(found.items(), key=lambda item: order.index(item[0])))


def _field(pointer: str, pieces: Sequence[Piece]) -> str:
    found = _PIECE.fullmatch(pointer)
    if found and found[2] == "label":
        return precision(pieces[int(found[1])].value)
    if pointer.startswith("/pieces"):
        return "pieces"
    return pointer[1:] if pointer in ("/reasons", "/due_on") else "form"
