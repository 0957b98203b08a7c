"""The tone of a status, with which its tag is drawn; the word alone says what it is."""

from typing import Final

from models.labels import Status

TONES: Final[dict[Status, str]] = {
    Status.UNDER_REVIEW: "info",
    Status.AWAITING_COMPLETION: "doubt",
    Status.AUTHORIZED: "good",
    Status.TACITLY_AUTHORIZED: "good",
    Status.REFUSED: "bad",
    Status.DESISTED: "off",
    Status.WITHDRAWN: "bad",
    Status.CLOSED: "off",
}
"""Green for what is acquired, red for what is lost, amber for what somebody must do, grey for what is over."""


def tag(status: Status) -> tuple[str, str]:
    """Return the label and the tone of a status, for `ui.tag`."""
    return status.label, TONES[status]
