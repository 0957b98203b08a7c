"""Messages about deposits with the paying agency (ASP)."""

from models.identifiers import Instant, Message


class Channel(Message):
    """One stream of files towards the agency: `authorizations`, `amendments` or `claims`, one process each."""

    name: str


class Opening(Message):
    """Whether files may be put in a channel now: `opens_at` is when to ask again, None when nobody knows."""

    open: bool
    opens_at: Instant | None = None
    frozen: bool = False


class Deposit(Message):
    """A file whose name, rows and bytes are stored in the register before it is sent."""

    id: str
    name: str
    rows: int
    sha256: str


class NextFile(Message):
    """The rows and bytes of a file."""

    rows: int
    bytes: int


class ChannelPreview(Message):
    """A channel, whether files may be put in it now, and the next one."""

    name: str
    frozen: bool
    reason: str | None
    opens_at: Instant | None
    """When files may be put again; null if they may be put now, or if nobody knows."""
    waiting: int
    changed: tuple[str, ...]
    """Cases that would be held, because they changed without an event."""
    next: NextFile | None
