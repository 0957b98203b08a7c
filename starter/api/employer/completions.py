"""What an employer supplies after filing: missing pieces, and an opinion of the works council that was to follow."""

import json
from collections.abc import Iterator
from datetime import date, datetime

from fastapi import APIRouter

from law.calendar import local
from law.opinion import OpinionForm, opinion_objections
from law.silence import Rule
from models.bodies.completion import Completion
from models.bodies.filing import Opinion
from models.identifiers import Message
from models.store.cases import completions, opinions, requests
from models.store.cases.records import ReasonRecord, RequestRecord
from models.store.database import case_now
from starter.auth.caller import Caller
from starter.auth.permissions import Verb
from starter.context import AppContext, Credential
from starter.http.openapi import accepts
from starter.http.problems import Fault, InvalidRequest, of_law
from starter.http.request_body import IdempotencyKey, JsonBody
from starter.services.filing import unknown_file

router = APIRouter(tags=["Employeur"])


class NewReceipt(Message):
    """A reception that makes the whole delay run again (CRPA L. 114-5)."""

    version: int
    received_at: datetime
    rule: Rule
    last_day_on: date
    tacit_acceptance_at: datetime
    why: tuple[ReasonRecord, ...]


class Supplied(Message):
    """What is still missing; without anything missing, the new receipt."""

    reference: str
    missing: tuple[str, ...]
    receipt: NewReceipt | None


@router.post(
    "/requests/{reference}/completion", openapi_extra=accepts(Completion), summary="Fournir des pièces"
)
def complete(
    context: AppContext, credential: Credential, reference: str, sent: JsonBody, key: IdempotencyKey = None
) -> Supplied:
    """Fournir tout ou partie des pièces demandées ; la dernière fait repartir le délai entier."""
    with context.admit(credential, Verb.SUPPLY_PIECES) as caller:
        found = caller.request(reference)
        answer = caller.remembered(key, sent.digest)
        if answer is None:
            answer = _supply(caller, found, sent.read(Completion))
            caller.remember(key, answer)
        return _supplied(caller, found, answer)


def _supply(caller: Caller, found: RequestRecord, body: Completion) -> str:
    """Keep the pieces; returns what the answer is made from, as it is remembered under a key."""
    if faults := [*_faults(caller, found, body)]:
        raise InvalidRequest(faults)
    at = requests.received_now(caller.connection, found.clock_offset)
    missing, receipt = completions.supply(caller.connection, found.reference, body, caller.actor, at)
    return json.dumps({"missing": missing, "version": receipt.version if receipt else None})


def _faults(caller: Caller, found: RequestRecord, body: Completion) -> Iterator[Fault]:
    pending = completions.find_pending(caller.connection, found.reference)
    asked = {piece.code for piece in pending.pieces} if pending and pending.notified_at else None
    seen: set[str] = set()
    for at, piece in enumerate(body.pieces):
        if asked is not None and piece.code not in asked:
            message = "Cette pièce n’est pas demandée dans ce dossier."
            yield Fault(pointer=f"/pieces/{at}/code", code="piece-not-asked", message=message)
        if piece.code in seen:
            message = "La même pièce est fournie deux fois."
            yield Fault(pointer=f"/pieces/{at}/code", code="piece-repeated", message=message)
        seen.add(piece.code)
        if (piece.file is None) == (piece.text is None):
            message = "Fournissez un fichier ou un texte, l’un des deux."
            yield Fault(pointer=f"/pieces/{at}", code="file-or-text", message=message)
        if piece.file is not None:
            yield from unknown_file(caller, piece.file, f"/pieces/{at}/file")


def _supplied(caller: Caller, found: RequestRecord, answer: str) -> Supplied:
    kept = json.loads(answer)
    receipt = None
    if kept["version"]:
        record = requests.list_receipts(caller.connection, found.reference)[kept["version"] - 1]
        instants = {
            name: local(getattr(record, name), found.department)
            for name in ("received_at", "tacit_acceptance_at")
        }
        receipt = NewReceipt.model_validate(record.model_dump() | instants)
    return Supplied(reference=found.reference, missing=tuple(kept["missing"]), receipt=receipt)


class OpinionReceived(Message):
    """An opinion that followed the request."""

    reference: str
    opinion: str
    given_on: date


@router.post(
    "/requests/{reference}/works-council-opinion",
    openapi_extra=accepts(Opinion),
    summary="Fournir l’avis du CSE",
)
def supply_opinion(
    context: AppContext, credential: Credential, reference: str, sent: JsonBody, key: IdempotencyKey = None
) -> OpinionReceived:
    """Fournir l’avis du CSE qui devait suivre la demande (R. 5122-2)."""
    with context.admit(credential, Verb.SUPPLY_OPINION) as caller:
        found = caller.request(reference)
        version = caller.remembered(key, sent.digest)
        if version is None:
            version = _supply_opinion(caller, found, sent.read(Opinion))
            caller.remember(key, version)
        kept = opinions.list_versions(caller.connection, found.reference)[int(version) - 1]
    return OpinionReceived.model_validate(
        {"reference": found.reference, "opinion": kept.form, "given_on": kept.given_on}
    )


def _supply_opinion(caller: Caller, found: RequestRecord, given: Opinion) -> str:
    if faults := [*_opinion_faults(caller, found, given)]:
        raise InvalidRequest(faults)
    return str(opinions.supply(caller.connection, found.reference, given, caller.actor))


def _opinion_faults(caller: Caller, found: RequestRecord, given: Opinion) -> Iterator[Fault]:
    today = local(case_now(caller.connection, found.reference), found.department).date()
    for fault in of_law(opinion_objections(found.opinion_duty, OpinionForm.OPINION, given.given_on, today)):
        yield fault.model_copy(update={"pointer": fault.pointer.removeprefix("/works_council")})
    yield from unknown_file(caller, given.file, "/file")
