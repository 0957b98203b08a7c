"""What cannot be done at this moment: the register says so, the doors answer 409 and name what stands."""

from typing import Literal

Slug = Literal[
    "deadline-passed",
    "already-decided",
    "decision-id-reused",
    "completion-pending",
    "nothing-pending",
    "overlapping-grant",
    "case-open",
    "draft-ended",
    "requests-exhausted",
    "opinion-not-awaited",
    "not-parked",
    "last-contact",
    "already-protected",
    "act-waiting",
    "act-ended",
    "four-eyes",
    "identity-taken",
]


class Conflict(Exception):
    """The right thing at the wrong moment. `detail` is a French sentence naming what stands."""

    def __init__(self, slug: Slug, detail: str) -> None:
        super().__init__(detail)
        self.slug = slug
        self.detail = detail


class Unknown(Exception):
    """No such thing for this account: unknown and foreign are the same answer."""


class Repeated(Exception):
    """The same idempotency key came with the same body: answer as the first time."""

    def __init__(self, answer: str) -> None:
        super().__init__(answer)
        self.answer = answer


class KeyReused(Exception):
    """The same idempotency key came with another body."""
