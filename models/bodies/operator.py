"""Bodies of operators' requests: the reason to resume a process, and an exceptional act to be approved."""

from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from models.identifiers import Department, Message, Siret, compact, find_reference, find_uuid
from models.texts import MIN_SIGNS, MIN_WORDS, TextForm, says_something

ExceptionKind = Literal[
    "resume", "erase", "evict", "relocate", "replay_answers", "discard_answers", "resend_deposit", "reject_claim"
]
"""`resume`: make a parked process try again; `erase`: destroy the key of a closed case's history; `evict`: remove an
account from an establishment; `relocate`: correct the département of an establishment for requests to come;
`replay_answers` and `discard_answers`: apply a file of answers of the agency that was set aside, or do without it;
`resend_deposit`: put a file that the agency did not answer whole once more; `reject_claim`: hold a claim that it never
answered to be rejected."""
ANSWER_KINDS: Final[tuple[ExceptionKind, ...]] = ("replay_answers", "discard_answers")
"""Acts about a file of answers."""
DEPOSIT_KINDS: Final[tuple[ExceptionKind, ...]] = ("resend_deposit", "reject_claim")
"""Acts about what the agency does not answer: a file of ours, a claim in one."""
ESTABLISHMENT_KINDS: Final[tuple[ExceptionKind, ...]] = ("evict", "relocate")
"""Acts about an establishment."""


def _reason(written: str) -> str:
    if says_something(written):
        return written
    message = f"Dites pourquoi, en {MIN_WORDS} mots différents et {MIN_SIGNS} lettres au moins."
    raise PydanticCustomError("text_refused", "{message}", {"code": "reason-too-short", "message": message})


Why = Annotated[str, TextForm("prose", max_length=500), AfterValidator(_reason)]
"""The reason of an agent or an operator: nobody can judge « non » afterwards."""


def _plain(written: object) -> object:
    """Return an identifier as it was pasted, with its label or not, without what surrounds its characters."""
    if not isinstance(written, str):
        return written
    return find_uuid(written) or find_reference(written) or compact(written, "SIRET")


class ResumeBody(Message):
    """Why an operator resumes a parked case."""

    reason: Why


class DepositBody(Message):
    """What an operator proposes about a file that the agency does not answer: `line` is that of the claim to reject."""

    kind: Literal["resend_deposit", "reject_claim"]
    line: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    reason: Why


class ExceptionBody(Message):
    """An exceptional act: `subject` is the id of an incident, file or claim, the reference of a case, or a SIRET.

    An eviction may name an enrolment or an account by its id instead: with a SIRET, it removes those who have proven
    nothing. `siret` says from which of several establishments an account is evicted; `department` is the right one of
    an establishment that is relocated.
    """

    kind: ExceptionKind
    subject: Annotated[str, BeforeValidator(_plain), Field(pattern=r"^[A-Za-z0-9-]{9,36}$")]
    reason: Why
    siret: Siret | None = None
    department: Department | None = None
