"""The desk of claims: listing, reading, agreeing to claims and refusing them; standing instructions."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response

from law.amounts import of_cents
from law.calendar import local
from models.bodies.claims_review import ClaimRefusalBody, InstructionBody, VisasBody
from models.claim_labels import ClaimSignal, ClaimState
from models.identifiers import Message
from models.store.claims.liquidation import RateTotal
from models.store.claims.lists import ClaimSum, ListedClaim
from starter.context import AppContext, Credential
from starter.http.openapi import PDF, accepts
from starter.http.request_body import BatchBody, IdempotencyKey, JsonBody
from starter.http.responses import locate, pdf
from starter.services import claim_desk, claim_visas, standing_instructions
from starter.services.claim_desk import ClaimFilter, ClaimReading
from starter.services.claim_visas import GivenVisa, RegisteredRefusal
from starter.services.standing_instructions import Instruction

router = APIRouter(tags=["Visa des demandes d’indemnisation"])


class ClaimItem(Message):
    """One version of a claim on the desk: figures, no person."""

    id: str
    reference: str
    month: str
    part: int
    version: int
    siret: str
    name: str
    """Of the establishment."""
    department: str
    people: int
    hours: str
    allowance: str
    received_at: datetime
    due_on: date
    days_late: int
    """Days since `due_on`, while nobody has answered it."""
    signals: tuple[str, ...]
    signal_labels: tuple[str, ...]
    """The same in French."""
    signals_digest: str
    """To give back in `seen` with a visa: a claim whose signals changed meanwhile is not agreed to."""
    state: ClaimState


class ClaimDesk(Message):
    """A page of the desk of claims; `next` is the cursor of the following page."""

    items: tuple[ClaimItem, ...]
    next: str | None


class ClaimCategory(Message):
    """People of one category in a claim; `least` and `most` are the allowance of an hour, in euros."""

    category: str | None
    people: int
    hours: str
    allowance: str
    indemnity: str
    least: str | None
    most: str | None


class ClaimRate(Message):
    """Hours of a claim at one hourly allowance, in euros; None for hours whose rate cannot be found again."""

    hourly: str | None
    hours: str
    allowance: str


class ClaimVisa(Message):
    """The visa that stands: who gave it, when, and whether a standing instruction did."""

    outcome: str
    given_by: str
    given_at: datetime
    instruction: str | None
    grounds: tuple[str, ...]


class ClaimWarning(Message):
    """What its employer was told of some lines when they were checked: its signal, how many, and the first lines."""

    signal: ClaimSignal
    total: int
    lines: tuple[int, ...]


class ClaimDetail(ClaimItem):
    """A claim with its sums, its visa, its other versions and its events; numbers only."""

    indemnity: str
    sums: tuple[ClaimCategory, ...]
    rates: tuple[ClaimRate, ...]
    """None for a claim of more than a thousand people: its document states them."""
    visa: ClaimVisa | None
    warnings: tuple[ClaimWarning, ...]
    case_signals: tuple[str, ...]
    """Signals that the case of the authorization has now, in French."""
    versions: tuple[str, ...]
    """Ids of the versions of its month and part, oldest first."""
    events: tuple[str, ...]
    """Types of its events, in order."""


class GivenVisas(Message):
    """What became of each claim of a batch."""

    items: tuple[GivenVisa, ...]


class Instructions(Message):
    """Standing instructions in force or to come."""

    items: tuple[Instruction, ...]


class InstructionId(Message):
    """The id of an instruction that was given or revoked."""

    id: str


@router.get("/desk/claims", summary="Lister les demandes d’indemnisation à agréer")
def list_desk_claims(
    context: AppContext, credential: Credential, parameters: Annotated[ClaimFilter, Query()]
) -> ClaimDesk:
    """Lister les demandes d’indemnisation de ses départements, par jour de paiement ; jamais une personne."""
    rows, following = claim_desk.list_claims(context, credential, parameters)
    return ClaimDesk(items=tuple(ClaimItem.model_validate(_item(row)) for row in rows), next=following)


@router.get("/desk/claims/{claim_id}", summary="Lire une demande d’indemnisation")
def read_claim(context: AppContext, credential: Credential, claim_id: str) -> ClaimDetail:
    """Lire une demande d’indemnisation : chiffres, signaux, visa, versions ; jamais une personne."""
    return _detail(claim_desk.read(context, credential, claim_id))


@router.post("/claims/visas", openapi_extra=accepts(VisasBody), summary="Agréer des demandes d’indemnisation")
async def agree(context: AppContext, credential: Credential, body: BatchBody) -> GivenVisas:
    """Donner son accord à des demandes d’indemnisation : un résultat par identifiant, l’une n’empêche pas l’autre."""
    return GivenVisas(items=tuple(await claim_visas.agree_all(context, credential, body.submission(VisasBody))))


@router.post(
    "/claims/{claim_id}/refusal",
    status_code=202,
    openapi_extra=accepts(ClaimRefusalBody),
    summary="Refuser une demande d’indemnisation",
)
def refuse(context: AppContext, credential: Credential, claim_id: str, body: JsonBody) -> RegisteredRefusal:
    """Refuser une demande d’indemnisation, en droit et en fait ; signature et notification suivent."""
    return claim_visas.refuse(context, credential, claim_id, body.submission(ClaimRefusalBody))


@router.get("/standing-instructions", summary="Lister les instructions permanentes")
def list_instructions(context: AppContext, credential: Credential) -> Instructions:
    """Lister ses instructions permanentes et celles de ses départements, en vigueur ou à venir."""
    return Instructions(items=tuple(standing_instructions.read(context, credential).instructions))


@router.post(
    "/claims/{claim_id}/refusal/preview",
    response_class=Response,
    openapi_extra=accepts(ClaimRefusalBody),
    responses={200: PDF},
    summary="Voir un refus avant de l’enregistrer",
)
async def preview_refusal(context: AppContext, credential: Credential, claim_id: str, body: JsonBody) -> Response:
    """Composer le refus tel qu’il serait signé, marqué « PROJET » ; rien n’est enregistré."""
    case, content = await claim_visas.preview_refusal(context, credential, claim_id, body.submission(ClaimRefusalBody))
    return pdf(content, f"{case}-projet.pdf")


@router.post(
    "/standing-instructions",
    status_code=201,
    openapi_extra=accepts(InstructionBody),
    summary="Donner une instruction permanente",
)
def give_instruction(
    context: AppContext, credential: Credential, body: JsonBody, response: Response, key: IdempotencyKey = None
) -> InstructionId:
    """Agréer d’avance les demandes d’indemnisation sans signal, jusqu’à un plafond, dans sa délégation."""
    given = standing_instructions.give(context, credential, body.submission(InstructionBody, key))
    locate(response, f"/standing-instructions/{given}")
    return InstructionId(id=given)


@router.delete("/standing-instructions/{instruction_id}", summary="Retirer une instruction permanente")
def revoke_instruction(context: AppContext, credential: Credential, instruction_id: str) -> InstructionId:
    """Retirer une instruction : ce qu’elle a agréé et qui n’est pas signé revient à l’examen."""
    return InstructionId(id=standing_instructions.revoke(context, credential, instruction_id))


def _item(row: ListedClaim) -> dict[str, object]:
    return row.model_dump(exclude={"allowance_cents", "case_now", "case_signals"}) | {
        "signals_digest": row.signals_digest,
        "days_late": row.days_late,
        "signal_labels": [each.label for each in row.signals],
        "month": f"{row.month:%Y-%m}",
        "hours": f"{row.hours:.2f}",
        "allowance": f"{row.allowance:.2f}",
        "received_at": local(row.received_at, row.department),
    }


def _euros(cents: int) -> str:
    return f"{of_cents(cents):.2f}"


def _detail(read: ClaimReading) -> ClaimDetail:
    visa = read.visa and ClaimVisa(
        outcome=read.visa.outcome,
        given_by=read.visa.account_id,
        given_at=local(read.visa.given_at, read.case.department),
        instruction=read.visa.instruction_id,
        grounds=read.visa.reasons,
    )
    more = {
        "indemnity": _euros(read.record.indemnity_cents or 0),
        "sums": [_category(each) for each in read.sums],
        "rates": [_rate(each) for each in read.rates],
        "visa": visa,
        "warnings": [each._asdict() for each in read.warned],
        "case_signals": read.listed.case_signals,
        "versions": [each.id for each in read.versions],
        "events": [each.type for each in read.history],
    }
    return ClaimDetail.model_validate(_item(read.listed) | more)


def _category(total: ClaimSum) -> dict[str, object]:
    return {
        "category": total.category,
        "people": total.people,
        "hours": f"{total.hours:.2f}",
        "allowance": _euros(total.allowance_cents),
        "indemnity": _euros(total.indemnity_cents),
        "least": total.least and f"{total.least:.2f}",
        "most": total.most and f"{total.most:.2f}",
    }


def _rate(total: RateTotal) -> dict[str, object]:
    return {
        "hourly": total.hourly and f"{total.hourly:.2f}",
        "hours": f"{total.hours:.2f}",
        "allowance": _euros(total.allowance_cents),
    }
