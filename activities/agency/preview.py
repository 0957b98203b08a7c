"""What the next file of each channel would hold, if it were reserved now: nothing is written."""

from sqlalchemy import Connection

from activities.agency.streams import STREAMS
from models.messages.deposit import ChannelPreview, NextFile
from models.settings import Settings
from models.store.agency import channel_states, channels, files
from models.store.database import Database, now
from models.store.journal.facts import Changed


def preview(database: Database, settings: Settings) -> list[ChannelPreview]:
    """Return what each channel would deposit next, in a transaction of which nothing remains."""
    with database.trial() as connection:
        return [_preview(connection, settings, channel) for channel in channels.CHANNELS]


def _preview(connection: Connection, settings: Settings, channel: str) -> ChannelPreview:
    state, changed = channel_states.find(connection, channel), list[str]()

    def tell(_connection: Connection, found: Changed) -> None:
        changed.append(found.subject)

    at, window = now(connection), settings.window
    put = files.count_written(connection, channel, window.hour_of(at)) if window.hours else 0
    reserved = files.find_reserved(connection, channel) or STREAMS[channel].reserve(connection, settings, tell)
    return ChannelPreview(
        name=channel,
        frozen=state.is_frozen,
        reason=state.reason if state.is_frozen else None,
        opens_at=state.until_at if state.is_frozen else window.opens_at(at, put),
        waiting=state.rows,
        changed=tuple(changed),
        next=NextFile(rows=reserved.rows, bytes=len(files.content(connection, reserved.id))) if reserved else None,
    )
