"""The page of one claim: figures, signals, versions, documents, history, answers; what an agent may do with it."""

from collections.abc import Iterator
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from law.calendar import local
from law.texts import count_in_french, in_french, instant_in_french
from models.claim_files.fields import Category
from models.claim_labels import ClaimState, claimed_month
from models.labels import DocumentKind
from models.store.claims.visas import BEFORE_AGREEMENT
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import AppContext
from starter.pages.agent.claim_list import PATH
from starter.pages.components import claim_answers, claim_words
from starter.pages.components.rendering import page
from starter.pages.components.visitor import SessionRequired, visitor_fields
from starter.services import claim_desk
from starter.services.claim_desk import ClaimReading
from starter.services.claim_schemas import AnswerView
from starter.services.claim_visas import SENTENCES

router = APIRouter(include_in_schema=False)

DONE: Final[dict[str, str]] = {
    **{str(result): sentence for result, sentence in SENTENCES.items()},
    "refusal": "Le refus est enregistré : sa signature et sa notification suivent.",
}
"""What is said after an act, by the parameter `done`."""
SHOWN_RATES: Final = 40
"""Rates of a claim that are shown; its document states all of them."""


@router.get(f"{PATH}/{{claim_id}}")
def claim_page(
    context: AppContext, request: Request, visitor: SessionRequired, claim_id: str, done: str = ""
) -> Response:
    """Show one claim; numbers only, never a person."""
    read = claim_desk.read(context, visitor, claim_id)
    return page(request, "claim", content(read, visitor) | {"said": DONE.get(done, "")})


def content(read: ClaimReading, visitor: PresentedCredential) -> dict[str, object]:
    """Return what the pages of a claim show of it."""
    listed, record = read.listed, read.record
    return (
        visitor_fields(read.reader, visitor)
        | _told(read)
        | {
            "claim": listed,
            "address": f"{PATH}/{listed.id}",
            "named": claimed_month(listed.month, listed.part, listed.version),
            "state": claim_words.tag(listed.state),
            "due": in_french(listed.due_on),
            "waits": read.waits,
            "figures": list(_figures(read)),
            "sums": _sums(read),
            "rates": _rates(read),
            "other_rates": max(len(read.rates) - SHOWN_RATES, 0),
            "signals": claim_desk.list_signals(read),
            "visa": _visa(read),
            "agrees": _may(read, Verb.AGREE_CLAIM, "claim") and record.state is ClaimState.UNDER_REVIEW,
            "refuses": _may(read, Verb.REFUSE_CLAIM, "claim_refusal") and record.state in BEFORE_AGREEMENT,
        }
    )


def _sums(read: ClaimReading) -> list[tuple[str, ...]]:
    return [
        (
            Category.of(each.category).label.capitalize() if each.category else "Non précisée",
            str(each.people),
            claim_words.hours(each.hours),
            claim_words.hourly(each.least, each.most),
            claim_words.euros(each.allowance_cents),
        )
        for each in read.sums
    ]


def _rates(read: ClaimReading) -> list[tuple[str, ...]]:
    return [
        (
            claim_words.hourly(each.hourly, each.hourly) if each.hourly is not None else "Taux non retrouvé",
            claim_words.hours(each.hours),
            claim_words.euros(each.allowance_cents),
        )
        for each in read.rates[:SHOWN_RATES]
    ]


def _told(read: ClaimReading) -> dict[str, object]:
    """Return what became of a claim so far: its versions, documents, answers of the paying agency, events."""
    where = read.listed.department
    return {
        "versions": [
            (each.id, f"Version {each.version}", *claim_words.tag(each.state), each.id == read.record.id)
            for each in read.versions
        ],
        "documents": [
            (each.id, DocumentKind.of(each.kind).label, each.serial, in_french(local(each.signed_at, where).date()))
            for each in read.documents
        ],
        "answers": claim_answers.rows(AnswerView.of(each, where) for each in read.answers),
        "history": [(claim_words.event_label(each), instant_in_french(local(each.at, where))) for each in read.history],
    }


def _figures(read: ClaimReading) -> Iterator[tuple[str, str]]:
    listed, record = read.listed, read.record
    yield "Établissement", listed.name
    yield "Mois", claimed_month(listed.month, listed.part, listed.version)
    yield "Reçue le", instant_in_french(local(listed.received_at, listed.department))
    yield "À payer au plus tard le", in_french(listed.due_on)
    yield "Salariés", count_in_french(listed.people, "salarié")
    yield "Heures indemnisables", claim_words.hours(listed.hours)
    yield "Allocation", claim_words.euros(listed.allowance_cents)
    yield "dont État", claim_words.euros(record.state_cents)
    yield "dont Unédic", claim_words.euros(record.unedic_cents)
    yield "Indemnité versée aux salariés", claim_words.euros(record.indemnity_cents)
    yield from claim_words.stated(record)
    if record.regularisation:
        yield "Régularisation", "demandée après la date limite ordinaire"


def _visa(read: ClaimReading) -> dict[str, object] | None:
    given = read.visa
    if given is None:
        return None
    return {
        "refused": given.outcome == "refused",
        "name": given.name,
        "at": instant_in_french(local(given.given_at, read.listed.department)),
        "by_instruction": given.instruction_id is not None,
        "grounds": given.reasons,
    }


def _may(read: ClaimReading, verb: Verb, outcome: str) -> bool:
    return verb.rule.scope(read.reader.role) is not None and outcome in read.powers and read.visa is None
