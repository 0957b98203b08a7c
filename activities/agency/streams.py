"""What each channel deposits: the rows that wait for it, how they are written, and what is asked of them before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Generic, Protocol, TypeVar

from sqlalchemy import Connection

from activities.agency.authorization_lines import AMENDMENT_LINES, AUTHORIZATION_LINES
from activities.agency.claim_lines import CLAIM_LINES
from activities.agency.layout import RowLayout, lay_out, name, pays
from models.messages.deposit import Deposit
from models.settings import Settings
from models.store.agency import claim_rows, files, rows
from models.store.agency.channels import AMENDMENTS, AUTHORIZATIONS, CLAIMS
from models.store.agency.claim_rows import ClaimRow
from models.store.agency.files import Keyed
from models.store.agency.rows import Row
from models.store.journal.facts import Changed

RowT = TypeVar("RowT", bound=Keyed)


class RowsMoved(Exception):
    """Between the examination of some rows and their lock, one was taken back or changed: they are examined again."""


class Stream(Protocol):
    """A channel, whatever its rows are."""

    def reserve(
        self, connection: Connection, settings: Settings, tell: Callable[[Connection, Changed], None]
    ) -> Deposit | None:
        """Reserve the next file within the caps, if rows wait; `tell` hears of cases that changed, and are held."""

    def is_intact(self, connection: Connection, deposit_id: str, content: bytes) -> bool:
        """Whether the bytes of a file pay what the register and its events say; of a sent one, what they said then."""


@dataclass(frozen=True)
class RowStream(Generic[RowT]):
    """A channel of one kind of rows."""

    channel: str
    layout: RowLayout[RowT]
    list_ready: Callable[[Connection, int], list[RowT]]
    hold_changed: Callable[[Connection, Sequence[RowT]], list[Changed]]
    hold: Callable[[Connection, Sequence[RowT]], None]
    """Locks what the rows are about, once they are examined."""
    list_reserved: Callable[[Connection, str], list[RowT]]
    is_unchanged: Callable[[Connection, Sequence[RowT]], bool]
    is_stated: Callable[[Connection, Sequence[RowT]], bool]
    """Whether the digest of a file that was sent is still that of the events of its rows."""

    def reserve(
        self, connection: Connection, settings: Settings, tell: Callable[[Connection, Changed], None]
    ) -> Deposit | None:
        """Reserve a file of the oldest rows; raises `RowsMoved` if one of them is not what was examined any more."""
        waiting = self._examine(connection, settings.agency_rows, tell)
        if not waiting:
            return None
        self.hold(connection, waiting)
        ready = {each.key: each for each in self.list_ready(connection, settings.agency_rows)}
        if any(ready.get(each.key) != each for each in waiting):
            raise RowsMoved
        file = lay_out(self.layout, waiting, settings.agency_rows, settings.agency_bytes)
        named = partial(name, settings.prefix_of(self.channel))
        return files.reserve(connection, self.channel, named, file.content, waiting[: file.rows])

    def _examine(
        self, connection: Connection, most: int, tell: Callable[[Connection, Changed], None]
    ) -> Sequence[RowT]:
        """Return rows for a file, each examined: those held leave their place to others, examined in their turn."""
        examined: Sequence[RowT] | None = None
        while (waiting := self.list_ready(connection, most)) != examined:
            for each in self.hold_changed(connection, waiting):
                tell(connection, each)
            examined = waiting
        return waiting

    def is_intact(self, connection: Connection, deposit_id: str, content: bytes) -> bool:
        """Whether the bytes of a file pay what the register and its events say; of a sent one, what they said then."""
        reserved = self.list_reserved(connection, deposit_id)
        if files.is_written(connection, deposit_id):
            return self.is_stated(connection, reserved)
        return self.is_unchanged(connection, reserved) and pays(self.layout, content, reserved)


def _of_authorizations(channel: str, layout: RowLayout[Row]) -> RowStream[Row]:
    return RowStream(
        channel=channel,
        layout=layout,
        list_ready=lambda connection, most: rows.list_ready(connection, channel, most),
        hold_changed=rows.hold_changed,
        hold=rows.hold_all,
        list_reserved=rows.list_reserved,
        is_unchanged=rows.is_unchanged,
        is_stated=rows.is_unchanged,
    )


STREAMS: Final[Mapping[str, Stream]] = {
    AUTHORIZATIONS: _of_authorizations(AUTHORIZATIONS, AUTHORIZATION_LINES),
    AMENDMENTS: _of_authorizations(AMENDMENTS, AMENDMENT_LINES),
    CLAIMS: RowStream[ClaimRow](
        channel=CLAIMS,
        layout=CLAIM_LINES,
        list_ready=claim_rows.list_ready,
        hold_changed=claim_rows.hold_changed,
        hold=claim_rows.hold_all,
        list_reserved=claim_rows.list_reserved,
        is_unchanged=claim_rows.is_unchanged,
        is_stated=claim_rows.is_stated,
    ),
}
"""Channel → what it deposits."""
