"""What operators read of the channels to the paying agency, and of one file of answers that was set aside."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection

from models.agency_diagnosis import LineFault, diagnose
from models.errors import Unknown
from models.settings import Settings
from models.store.agency import answer_files, channel_states, channel_traffic, files
from models.store.agency.answer_files import AnswerFileRecord
from models.store.agency.channel_states import ChannelState
from models.store.agency.channel_traffic import ChannelEvent, Rejection, Traffic
from models.store.agency.channels import CHANNELS, CLAIMS
from models.store.database import now
from models.store.operations import exceptional_acts, unanswered
from models.store.operations.exceptional_acts import ExceptionRecord
from models.store.operations.unanswered import UnansweredDeposit
from models.store.people import account_lists
from starter.auth.caller import as_uuid
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context

MAX_UNANSWERED: Final = 30
"""Files without their answers that are shown: the others come up as these are answered."""
Names = Mapping[str, tuple[str, str]]
"""Name and role of each account that is named, by its id."""


class ChannelReview(NamedTuple):
    """A channel: its state, what went through it, and when the next file may be put."""

    state: ChannelState
    traffic: Traffic
    opens_at: datetime | None
    """Null when a file may be put now, and while it is frozen without an end."""

    @property
    def is_answered(self) -> bool:
        """Whether the agency answers what is put there: claims alone, as far as anything public says."""
        return self.state.channel == CLAIMS


class ChannelReading(NamedTuple):
    """One channel, with the codes of rejections, its files that are set aside, and who did what."""

    review: ChannelReview
    rejections: list[Rejection]
    set_aside: list[AnswerFileRecord]
    events: list[ChannelEvent]
    names: Names
    unanswered: list[UnansweredDeposit]
    """The oldest files of claims that are not answered whole."""


class AnswerFileReading(NamedTuple):
    """A file of answers, what is wrong in it, and the acts that were requested about it, newest first."""

    file: AnswerFileRecord
    is_kept: bool
    """Whether its bytes are here; those of one that was too large stayed at the agency."""
    faults: list[LineFault]
    acts: list[ExceptionRecord]
    names: Names


def list_channels(context: Context, credential: PresentedCredential) -> list[ChannelReview]:
    """Return every channel, in their order."""
    with context.admit(credential, Verb.READ_CHANNELS) as caller:
        states = channel_states.list_all(caller.connection)
        return [_review(caller.connection, context.settings, each) for each in states]


def read_channel(context: Context, credential: PresentedCredential, channel: str) -> ChannelReading:
    """Return one channel; raises `Unknown`."""
    with context.admit(credential, Verb.READ_CHANNELS) as caller:
        if channel not in CHANNELS:
            raise Unknown(channel)
        connection = caller.connection
        events = channel_traffic.list_events(connection, channel)
        return ChannelReading(
            _review(connection, context.settings, channel_states.find(connection, channel)),
            channel_traffic.list_rejections(connection, channel),
            [each for each in answer_files.list_quarantined(connection) if each.channel == channel],
            events,
            account_lists.names(connection, {each.actor_id for each in events if each.actor_id}),
            unanswered.list_deposits(connection, channel, MAX_UNANSWERED),
        )


def read_answer_file(context: Context, credential: PresentedCredential, file_id: str) -> AnswerFileReading:
    """Return a file of answers and what is wrong in it; raises `Unknown`."""
    with context.admit(credential, Verb.READ_CHANNELS) as caller:
        connection = caller.connection
        file = channel_traffic.get_answer_file(connection, as_uuid(file_id))
        content = answer_files.content(connection, file, context.master)
        acts = exceptional_acts.list_about(connection, file.id)
        named = {who for act in acts for who in (act.asked_by, act.approved_by, act.refused_by) if who}
        sent = channel_traffic.find_sent_lines(connection, file.name)
        return AnswerFileReading(
            file,
            content is not None,
            diagnose(content, sent) if content is not None else [],
            acts,
            account_lists.names(connection, named),
        )


def _review(connection: Connection, settings: Settings, state: ChannelState) -> ChannelReview:
    return ChannelReview(state, channel_traffic.read(connection, state.channel), _opens_at(connection, settings, state))


def _opens_at(connection: Connection, settings: Settings, state: ChannelState) -> datetime | None:
    """Return when the next file may be put: in the next of its hours, once the channel is no longer frozen."""
    window, at = settings.window, now(connection)
    if state.is_frozen:
        return window.opens_at(state.until_at, 0) or state.until_at if state.until_at else None
    put = files.count_written(connection, state.channel, window.hour_of(at)) if window.hours else 0
    return window.opens_at(at, put)
