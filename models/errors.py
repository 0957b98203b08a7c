"""What the register refuses: the wrong moment (HTTP 409), an act that the law does not admit (422), unknown (404)."""

from collections.abc import Iterable
from typing import Literal

from law.texts import Objection

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
    """The right thing at the wrong moment. `detail` is a French sentence naming the outcome or act in force."""

    def __init__(self, slug: Slug, detail: str) -> None:
        super().__init__(detail)
        self.slug = slug
        self.detail = detail


class Unlawful(Exception):
    """An act that the law does not admit, with every objection."""

    def __init__(self, objections: Iterable[Objection]) -> None:
        super().__init__()
        self.objections = tuple(objections)


class Unknown(Exception):
    """No such thing for this account: unknown and foreign are the same answer."""


class Repeated(Exception):
    """The same idempotency key came with the same body: answer as the first time."""

    def __init__(self, answer: str) -> None:
        super().__init__(answer)
        self.answer = answer


class KeyReused(Exception):
    """The same idempotency key came with another body."""
