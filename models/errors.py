"""Refusals by the register: wrong moment (HTTP 409), unlawful act (422), unknown subject (404), no power (403)."""

from collections.abc import Iterable
from typing import Literal

from law.texts import Objection

Slug = Literal[
    "deadline-passed",
    "already-decided",
    "decision-id-reused",
    "completion-pending",
    "nothing-pending",
    "nothing-held",
    "hand-over-blocked",
    "overlapping-grant",
    "overlapping-request",
    "not-authorized",
    "amendment-pending",
    "amendments-exhausted",
    "case-closed",
    "case-open",
    "draft-ended",
    "opinion-not-awaited",
    "opinion-not-missing",
    "not-parked",
    "not-frozen",
    "not-set-aside",
    "answer-not-awaited",
    "deposit-due-again",
    "deposit-settled",
    "channel-frozen",
    "last-contact",
    "own-offer",
    "other-party",
    "already-protected",
    "act-waiting",
    "act-ended",
    "four-eyes",
    "identity-taken",
    "already-proven",
    "several-accounts",
    "several-establishments",
    "claim-settled",
    "letter-waiting",
    "letter-printed",
    "letter-impossible",
    "upload-being-read",
    "upload-not-read",
    "people-erased",
    "upload-ended",
    "too-many-profiles",
]


class Conflict(Exception):
    """A valid act at the wrong moment. `detail` is a French sentence naming the outcome or act in force."""

    def __init__(self, slug: Slug, detail: str) -> None:
        super().__init__(detail)
        self.slug = slug
        self.detail = detail


class NotAllowed(Exception):
    """An act that this account may not do. `detail` is a French sentence saying who may."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class QuotaReached(Exception):
    """A valid act that exceeds a daily quota. `detail` is a French sentence that says which, and until when."""

    def __init__(self, detail: str, retry_after: int) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after = retry_after
        """Seconds until the quota is whole again."""


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
    """The idempotency key was used before: with another body or, as its French sentence says, for what has ended."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
