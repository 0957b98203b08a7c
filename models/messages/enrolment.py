"""Messages about an enrolment (R. 5122-26, I): instants and statuses, never a name."""

from typing import Final, Literal

from models.identifiers import Instant, Message

Status = Literal["open", "activated", "lapsed"]
"""`open` until the credentials are used or expire."""
Listed = Literal["active", "ceased", "unknown", "undisclosed", "away", "unasked"]
"""Answer of the register of establishments; `undisclosed`: it exists, and nothing may be said of it; `away`: no answer
yet, ask again; `unasked`: no register is configured."""

REPORTED_TO_AGENTS: Final = frozenset[Listed]({"ceased", "unknown", "away"})
"""Answers that are reported to agents."""


class Enrolment(Message):
    """Input of the process of one enrolment: its id and its instants."""

    id: str
    siret: str
    department: str
    requested_at: Instant
    alert_at: Instant
    due_at: Instant


class EnrolmentState(Message):
    """State of an enrolment in the register, by its own clock."""

    id: str
    status: Status
    listed: Listed | None
    sent_at: Instant | None
    """When the first credentials were sent."""
    watch_at: Instant | None
    """Next instant at which unsent credentials are checked: the alert, then the limit; None afterwards."""
    issued_at: Instant | None
    expires_at: Instant | None
    """When the last credentials issued expire."""
    now: Instant
    refused: bool = False
    """Whether the credentials do not leave because of their own mailbox, which refuses them or had its mails of
    the day, or because strangers' mails wait: no operator can mend it."""
