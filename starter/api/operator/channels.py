"""Channels to the paying agency: freeze and resume them; files of answers that were set aside."""

from datetime import date, datetime

from fastapi import APIRouter

from models.bodies.channel import FreezeBody
from models.bodies.operator import ExceptionKind, ResumeBody
from models.identifiers import Message
from models.store.agency.answer_files import AnswerFileRecord
from models.store.agency.channel_states import ChannelState
from starter.context import AppContext, Credential
from starter.http.openapi import accepts
from starter.http.request_body import IdempotencyKey, JsonBody
from starter.services import channel_review, channels, unanswered
from starter.services.channel_review import ChannelReview
from starter.services.unanswered import UnansweredFile

router = APIRouter(tags=["Exploitation"])


class ChannelView(Message):
    """A channel to the paying agency, and what waits for it."""

    name: str
    state: str
    """`open` or `frozen`."""
    from_at: datetime | None
    until_at: datetime | None
    """End of the freeze; null when an operator ends it."""
    reason: str | None
    waiting: int
    """Rows that no written file holds."""
    waiting_since: datetime | None


class ReviewedChannel(ChannelView):
    """The same, with what went through it."""

    deposited_at: datetime | None
    """When the last file was put."""
    answered_at: datetime | None
    """When the last file of answers was applied."""
    unanswered: int
    """Rows that were put and are not answered; only claims are answered."""
    unanswered_since: datetime | None
    opens_at: datetime | None
    """When the next file may be put; null when it may be now, and while a freeze has no end."""


class Channels(Message):
    """All channels."""

    items: tuple[ReviewedChannel, ...]


class UnansweredClaim(Message):
    """A row of a file without a final answer, and the claim that it hands over."""

    line: int
    claim: str
    """Its id, the `subject` of an act `reject_claim`."""
    reference: str
    month: date
    """First day of the month claimed."""
    part: int
    version: int


class UnansweredFileView(Message):
    """A file of claims that the agency has not answered whole."""

    id: str
    """The `subject` of an act `resend_deposit`."""
    name: str
    put_at: datetime | None
    put_again_at: datetime | None
    """When it was last put again: once after a day, then whenever two operators want it."""
    asked_again_at: datetime | None
    """When two operators last had it put again."""
    rows: int
    """All rows of the file."""
    waiting: int
    """All rows without a final answer."""
    unanswered: tuple[UnansweredClaim, ...]
    """The first of these, 500 at most."""


class UnansweredFiles(Message):
    """Files that the agency has not answered whole, oldest first."""

    items: tuple[UnansweredFileView, ...]


class SetAsideFile(Message):
    """A file of answers that was set aside."""

    id: str
    channel: str
    name: str
    state: str
    """`quarantined`; `replayed` or `discarded` once an act about it is done."""
    tries: int
    fault: str | None
    """Why it could not be applied, in French."""
    seen_at: datetime


class SetAsideFiles(Message):
    """Files of answers that are set aside, oldest first."""

    items: tuple[SetAsideFile, ...]


class SetAsideAct(SetAsideFile):
    """A file of answers about which an act was requested."""

    awaits_approval: str | None
    """Id of the exceptional act that another operator must approve; null when it is done."""


@router.get("/channels", summary="Lister les flux vers l’ASP")
def list_channels(context: AppContext, credential: Credential) -> Channels:
    """Lister les flux vers l’ASP : ouverts ou gelés, ce qui attend, ce qui est sans réponse, le prochain dépôt."""
    return Channels(items=tuple(_reviewed(each) for each in channel_review.list_channels(context, credential)))


@router.post("/channels/{name}/freeze", openapi_extra=accepts(FreezeBody), summary="Geler un flux vers l’ASP")
def freeze_channel(
    context: AppContext, credential: Credential, name: str, body: JsonBody, key: IdempotencyKey = None
) -> ChannelView:
    """Geler un flux pendant que l’ASP ne prend pas de fichier ; il reprend de lui-même à `until_at`, s’il est dit."""
    return _channel(channels.freeze(context, credential, name, body.submission(FreezeBody, key)))


@router.post("/channels/{name}/resume", openapi_extra=accepts(ResumeBody), summary="Reprendre un flux vers l’ASP")
def resume_channel(
    context: AppContext, credential: Credential, name: str, body: JsonBody, key: IdempotencyKey = None
) -> ChannelView:
    """Reprendre un flux gelé : ce qui attend part aussitôt, dans les heures de dépôt."""
    return _channel(channels.resume(context, credential, name, body.submission(ResumeBody, key)))


@router.get("/channels/{name}/unanswered", summary="Lister les fichiers sans réponse de l’ASP")
def list_unanswered(context: AppContext, credential: Credential, name: str) -> UnansweredFiles:
    """Lister les fichiers déposés auxquels l’ASP n’a pas répondu, avec leurs lignes sans réponse."""
    return UnansweredFiles(items=tuple(_unanswered(each) for each in unanswered.list_files(context, credential, name)))


@router.get("/quarantine", summary="Lister les fichiers de retours mis de côté")
def list_quarantine(context: AppContext, credential: Credential) -> SetAsideFiles:
    """Lister les fichiers de retours de l’ASP que trois lectures n’ont pas pu appliquer."""
    return SetAsideFiles(items=tuple(_file(each) for each in channels.list_set_aside(context, credential)))


@router.post(
    "/quarantine/{file_id}/replay",
    status_code=202,
    openapi_extra=accepts(ResumeBody),
    summary="Rejouer un fichier de retours",
)
def replay_answers(
    context: AppContext, credential: Credential, file_id: str, body: JsonBody, key: IdempotencyKey = None
) -> SetAsideAct:
    """Demander de rejouer un fichier mis de côté ; un autre exploitant doit l’approuver (`awaits_approval`)."""
    return _request(context, credential, "replay_answers", file_id, body, key)


@router.post(
    "/quarantine/{file_id}/discard",
    status_code=202,
    openapi_extra=accepts(ResumeBody),
    summary="Écarter un fichier de retours",
)
def discard_answers(
    context: AppContext, credential: Credential, file_id: str, body: JsonBody, key: IdempotencyKey = None
) -> SetAsideAct:
    """Demander d’écarter un fichier mis de côté ; un autre exploitant doit l’approuver (`awaits_approval`)."""
    return _request(context, credential, "discard_answers", file_id, body, key)


def _request(
    context: AppContext,
    credential: Credential,
    kind: ExceptionKind,
    file_id: str,
    body: JsonBody,
    key: IdempotencyKey,
) -> SetAsideAct:
    submission = body.submission(ResumeBody, key)
    file, act_id = channels.request_act(context, credential, kind, file_id, submission)
    return SetAsideAct(**_file(file).model_dump(), awaits_approval=act_id)


def _reviewed(review: ChannelReview) -> ReviewedChannel:
    traffic = review.traffic
    return ReviewedChannel(
        **_channel(review.state).model_dump(),
        deposited_at=traffic.deposited_at,
        answered_at=traffic.answered_at,
        unanswered=traffic.unanswered if review.is_answered else 0,
        unanswered_since=traffic.unanswered_since if review.is_answered else None,
        opens_at=review.opens_at,
    )


def _channel(state: ChannelState) -> ChannelView:
    return ChannelView(
        name=state.channel,
        state="frozen" if state.is_frozen else "open",
        from_at=state.from_at if state.is_frozen else None,
        until_at=state.until_at if state.is_frozen else None,
        reason=state.reason if state.is_frozen else None,
        waiting=state.rows,
        waiting_since=state.waiting_since,
    )


def _unanswered(found: UnansweredFile) -> UnansweredFileView:
    file = found.file
    return UnansweredFileView(
        id=file.id,
        name=file.name,
        put_at=file.written_at,
        put_again_at=file.resent_at,
        asked_again_at=file.asked_again_at,
        rows=file.rows,
        waiting=file.unanswered,
        unanswered=tuple(
            UnansweredClaim(claim=each.claim_id, **each.model_dump(exclude={"claim_id"})) for each in found.rows
        ),
    )


def _file(file: AnswerFileRecord) -> SetAsideFile:
    return SetAsideFile(
        id=file.id,
        channel=file.channel,
        name=file.name,
        state=file.state,
        tries=file.tries,
        fault=file.fault.label if file.fault else None,
        seen_at=file.seen_at,
    )
