"""Whether a channel to the paying agency is frozen: the agency announced that it takes and gives no file.

What waits stays queued, and says why. A freeze ends when an operator says so, or by itself at its end.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, text

from law.calendar import local
from law.directory import PARIS
from law.texts import instant_in_french
from models.engine.names import deposit_id
from models.identifiers import Instant
from models.store.agency import channels
from models.store.agency.channels import CHANNELS
from models.store.journal import outbox
from models.store.journal.events import Actor
from models.store.records import Record


class ChannelState(Record):
    """The state of a channel; `rows` wait for it, the oldest since `waiting_since`."""

    channel: str
    is_frozen: bool
    from_at: Instant | None
    until_at: Instant | None
    reason: str | None
    rows: int
    waiting_since: Instant | None

    @property
    def why_unsent(self) -> str | None:
        """Why a claim that waits for it does not leave, for employers and agents; None while it is open."""
        return self._frozen("ne reçoit aucun fichier", "la demande part dès qu’elle en reçoit de nouveau")

    @property
    def why_unanswered(self) -> str | None:
        """Why no answer to a claim is read, for employers and agents; None while it is open."""
        return self._frozen("ne donne aucune réponse", "celle de cette demande est lue dès qu’elle en donne de nouveau")

    def _frozen(self, what: str, then: str) -> str | None:
        if not self.is_frozen:
            return None
        until = f" jusqu’au {instant_in_french(local(self.until_at, PARIS))}" if self.until_at else ""
        return f"L’agence de paiement {what}{until} : {then}."


def list_all(connection: Connection) -> list[ChannelState]:
    """Return the state of every channel, in their order."""
    return ChannelState.all(connection, _STATES, {"channels": list(CHANNELS)})


def find(connection: Connection, channel: str) -> ChannelState:
    """Return the state of one channel: open unless somebody froze it."""
    return ChannelState.all(connection, _STATES, {"channels": [channel]})[0]


def freeze(connection: Connection, channel: str, reason: str, until_at: datetime | None, actor: Actor) -> None:
    """Freeze a channel, or say anew why and until when; its process, if it waits, asks again."""
    row = {"channel": channel, "reason": reason, "until": until_at, "by": actor.account_id}
    connection.execute(_FREEZE, row)
    until = until_at.isoformat() if until_at else ""
    channels.tell(connection, channel, "agency_frozen", actor, reason=reason, until=until)
    outbox.enqueue(connection, deposit_id(channel), "resume")  # it may wait for another end


def resume(connection: Connection, channel: str, actor: Actor) -> bool:
    """End a freeze and wake the process of the channel; False if it is not frozen."""
    if connection.execute(_RESUME, {"channel": channel, "by": actor.account_id}).first() is None:
        return False
    channels.tell(connection, channel, "agency_resumed", actor)
    outbox.enqueue(connection, deposit_id(channel), "resume")
    return True


def end_if_over(connection: Connection, channel: str) -> ChannelState:
    """End a freeze whose end has come, waking the process of the channel, and return the state of the channel."""
    if connection.execute(_OVER, {"channel": channel}).first() is not None:
        channels.tell(connection, channel, "agency_resumed")
        outbox.enqueue(connection, deposit_id(channel), "resume")
    return find(connection, channel)


_STATES: Final = text(
    "SELECT c.channel, coalesce(s.state = 'frozen' AND (s.until_at IS NULL OR s.until_at > clock_timestamp()), false)"
    " AS is_frozen, s.from_at, s.until_at, s.reason, count(w.key) AS rows, min(w.created_at) AS waiting_since"
    " FROM unnest(CAST(:channels AS text[])) WITH ORDINALITY AS c (channel, place)"
    " LEFT JOIN channel_state s ON s.channel = c.channel"
    " LEFT JOIN (deposit_row w LEFT JOIN deposit d ON d.id = w.deposit_id LEFT JOIN claim m ON m.id = w.claim_id)"
    "   ON w.channel = c.channel AND d.written_at IS NULL AND (d.id IS NOT NULL OR m.id IS NULL OR m.state = 'signed')"
    " GROUP BY c.channel, c.place, s.state, s.from_at, s.until_at, s.reason ORDER BY c.place"
)
_FREEZE: Final = text(
    "INSERT INTO channel_state AS s (channel, state, from_at, until_at, reason, changed_by)"
    " VALUES (:channel, 'frozen', clock_timestamp(), :until, :reason, CAST(:by AS uuid))"
    " ON CONFLICT (channel) DO UPDATE SET state = 'frozen', until_at = excluded.until_at, reason = excluded.reason,"
    "   from_at = CASE s.state WHEN 'frozen' THEN s.from_at ELSE excluded.from_at END,"
    "   changed_by = excluded.changed_by, changed_at = clock_timestamp()"
)
_OPEN = "UPDATE channel_state SET state = 'open', from_at = NULL, until_at = NULL, reason = NULL,"
_RESUME: Final = text(
    f"{_OPEN} changed_by = CAST(:by AS uuid), changed_at = clock_timestamp()"
    " WHERE channel = :channel AND state = 'frozen' RETURNING channel"
)
_OVER: Final = text(
    f"{_OPEN} changed_by = NULL, changed_at = clock_timestamp() WHERE channel = :channel AND state = 'frozen'"
    " AND until_at <= clock_timestamp() RETURNING channel"
)
