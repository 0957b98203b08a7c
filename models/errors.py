"""Refusals by the register: wrong moment (HTTP 409), unlawful act (422), unknown subject (404)."""

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
    """A valid act at the wrong moment. `detail` is a French sentence naming the outcome or act in force."""

    def __init__(self, slug: Slug, detail: str) -> None:
        super().__init__(detail)
        self.slug = slug
        self.detail = detail


class Unlawful(Exception):
    """An act that the law does not allow, with every objection."""

    def __init__(self, objections: Iterable[Objection]) -> None:
        super().__init__()
        self.objections = tuple(objections)


class Unknown(Exception):
    """It does not exist for this account: the same answer for unknown and for another account's."""


class Repeated(Exception):
    """The idempotency key was used before with the same body: repeat the first answer."""

    def __init__(self, answer: str) -> None:
        super().__init__(answer)
        self.answer = answer


class KeyReused(Exception):
    """The idempotency key was used before with another body."""
