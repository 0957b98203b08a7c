"""Bodies about a channel to the paying agency: why it is frozen, and until when."""

from models.bodies.operator import Why
from models.identifiers import Instant, Message


class FreezeBody(Message):
    """A freeze that the agency announced; without `until_at` it lasts until an operator ends it."""

    reason: Why
    until_at: Instant | None = None
