"""Missing pieces supplied by an employer: the last one makes the whole delay run again (CRPA L. 114-5)."""

import json
from collections.abc import Iterator
from datetime import date, datetime

from law.calendar import local
from law.silence import Rule
from models.bodies.completion import Completion, CompletionPiece
from models.explanations import ReasonRecord
from models.identifiers import Message
from models.store.cases import completions, requests
from models.store.cases.records import RequestRecord
from starter.auth.caller import Caller
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import Fault, InvalidRequest
from starter.http.request_body import Submission
from starter.services.files import file_faults


class NewReceipt(Message):
    """A reception that makes the whole delay run again (CRPA L. 114-5)."""

    version: int
    received_at: datetime
    rule: Rule
    last_day_on: date
    tacit_acceptance_at: datetime
    why: tuple[ReasonRecord, ...]


class Supplied(Message):
    """The pieces still missing, or the new receipt when none is."""

    reference: str
    missing: tuple[str, ...]
    receipt: NewReceipt | None


def supply_pieces(
    context: Context, credential: PresentedCredential, reference: str, submission: Submission[Completion]
) -> Supplied:
    """Supply all or some of the requested pieces; raises `InvalidRequest` with every fault, `Conflict`."""
    with context.admit(credential, Verb.SUPPLY_PIECES) as caller:
        request = caller.request(reference)
        outcome = caller.once(submission.key, submission.digest, lambda: _supply(caller, request, submission.read()))
        return _supplied(caller, request, outcome)


def _supply(caller: Caller, request: RequestRecord, body: Completion) -> str:
    """Store the pieces; returns the outcome, as the idempotency key remembers it."""
    if faults := [*_faults(caller, request, body)]:
        raise InvalidRequest(faults)
    at = requests.received_now(caller.connection, request.clock_offset)
    missing, receipt = completions.supply(caller.connection, request.reference, body, caller.actor, at)
    return json.dumps({"missing": missing, "version": receipt.version if receipt else None})


def _faults(caller: Caller, request: RequestRecord, body: Completion) -> Iterator[Fault]:
    pending = completions.find_pending(caller.connection, request.reference)
    requested = {piece.code for piece in pending.pieces} if pending and pending.notified_at else None
    seen: set[str] = set()
    for at, piece in enumerate(body.pieces):
        yield from _piece_faults(piece, f"/pieces/{at}", requested, seen)
        seen.add(piece.code)
        if piece.file is not None:
            yield from file_faults(caller, piece.file, f"/pieces/{at}/file")


def _piece_faults(piece: CompletionPiece, pointer: str, requested: set[str] | None, seen: set[str]) -> Iterator[Fault]:
    if requested is not None and piece.code not in requested:
        message = "Cette pièce n’est pas demandée dans ce dossier."
        yield Fault(pointer=f"{pointer}/code", code="piece-not-asked", message=message)
    if piece.code in seen:
        message = "La même pièce est fournie deux fois."
        yield Fault(pointer=f"{pointer}/code", code="piece-repeated", message=message)
    if (piece.file is None) == (piece.text is None):
        message = "Fournissez un fichier ou un texte, l’un des deux."
        yield Fault(pointer=pointer, code="file-or-text", message=message)


def _supplied(caller: Caller, request: RequestRecord, outcome: str) -> Supplied:
    remembered, receipt = json.loads(outcome), None
    if remembered["version"]:
        record = requests.list_receipts(caller.connection, request.reference)[remembered["version"] - 1]
        instants = {
            name: local(getattr(record, name), request.department) for name in ("received_at", "tacit_acceptance_at")
        }
        receipt = NewReceipt.model_validate(record.model_dump() | instants)
    return Supplied(reference=request.reference, missing=tuple(remembered["missing"]), receipt=receipt)
