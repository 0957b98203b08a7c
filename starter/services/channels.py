"""Channels to the paying agency: frozen and resumed by an operator; files of answers that were set aside."""

from models.bodies.channel import FreezeBody
from models.bodies.operator import ExceptionBody, ExceptionKind, ResumeBody
from models.errors import Conflict, Unknown
from models.store.agency import answer_files, channel_states
from models.store.agency.answer_files import AnswerFileRecord
from models.store.agency.channel_states import ChannelState
from models.store.agency.channels import CHANNELS
from models.store.database import now
from models.store.operations import exceptional_acts
from models.store.people import access_log
from starter.auth.caller import Caller, as_uuid
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import fault
from starter.http.request_body import Submission
from starter.services import set_aside


def freeze(
    context: Context, credential: PresentedCredential, channel: str, submission: Submission[FreezeBody]
) -> ChannelState:
    """Freeze a channel, or say anew why and until when, once for a key; raises `Unknown`, `InvalidRequest`."""
    with context.admit(credential, Verb.FREEZE_CHANNEL) as caller:

        def do() -> str:
            body = submission.read()
            if body.until_at is not None and body.until_at <= now(caller.connection):
                raise fault("/until_at", "already-past", "Cet instant est déjà passé.")
            channel_states.freeze(caller.connection, _known(channel), body.reason, body.until_at, caller.actor)
            access_log.write(caller.connection, "agency_frozen", caller.actor, channel=channel, reason=body.reason)
            return channel

        return channel_states.find(caller.connection, caller.once(submission.key, submission.digest, do))


def resume(
    context: Context, credential: PresentedCredential, channel: str, submission: Submission[ResumeBody]
) -> ChannelState:
    """End the freeze of a channel, once for a key; raises `Unknown`, `InvalidRequest`, `Conflict` if it is open."""
    with context.admit(credential, Verb.FREEZE_CHANNEL) as caller:

        def do() -> str:
            body = submission.read()
            if not channel_states.resume(caller.connection, _known(channel), caller.actor):
                raise Conflict("not-frozen", "Ce flux n’est pas gelé.")
            access_log.write(caller.connection, "agency_resumed", caller.actor, channel=channel, reason=body.reason)
            return channel

        return channel_states.find(caller.connection, caller.once(submission.key, submission.digest, do))


def list_set_aside(context: Context, credential: PresentedCredential) -> list[AnswerFileRecord]:
    """Return the files of answers that are set aside, the oldest first."""
    with context.admit(credential, Verb.READ_CHANNELS) as caller:
        return answer_files.list_quarantined(caller.connection)


def request_act(
    context: Context,
    credential: PresentedCredential,
    kind: ExceptionKind,
    file_id: str,
    submission: Submission[ResumeBody],
) -> tuple[AnswerFileRecord, str | None]:
    """Ask to replay or discard a file that is set aside, once for a key; returns it, and the act that awaits approval.

    Under the development profile the act is approved at once. Raises `Unknown`, `InvalidRequest`, `Conflict`.
    """
    with context.admit(credential, Verb.ASK_EXCEPTION) as caller:
        _refuse_partial(caller, file_id)
        named, alone = as_uuid(file_id), context.settings.profile == "development"

        def request() -> str:
            body = ExceptionBody(kind=kind, subject=named, reason=submission.read().reason)
            act = exceptional_acts.request(caller.connection, body, caller.actor)
            if alone:
                performers = set_aside.performers(context.master)
                exceptional_acts.approve(caller.connection, act.id, caller.actor, alone=True, performers=performers)
            return act.id

        act_id = caller.once(submission.key, submission.digest, request)
        return answer_files.hold(caller.connection, named), None if alone else act_id


def _refuse_partial(caller: Caller, file_id: str) -> None:
    """A channel is everybody’s: operators in charge of some départements see none."""
    if caller.account.departments:
        raise Unknown(file_id)


def _known(channel: str) -> str:
    if channel not in CHANNELS:
        raise Unknown(channel)
    return channel
