"""Messages about a draft: its window, and how it ended."""

from models.identifiers import Instant, Message
from models.labels import DraftStatus


class Draft(Message):
    """Input of the process of one draft: until when it may be filed (R. 5122-3)."""

    id: str
    department: str
    closes_at: Instant
    accepted_until: Instant


class DraftEnd(Message):
    """State of a draft: still open, filed under a reference, lapsed, or deleted."""

    status: DraftStatus
    reference: str | None = None
    accepted_until: Instant
    seconds_left: float
    """Until `accepted_until`, by the register's clock."""
