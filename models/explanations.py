"""The explanation of an answer of the law, line by line, as documents, the API and commands show it."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator

from law.directory import LEGAL_TIMES
from law.texts import Reason
from models.identifiers import Message


class ReasonRecord(Message):
    """One line of an explanation, as it was when the answer was given (see `law.texts.Reason`)."""

    article: str
    text: str
    value: Annotated[str, AfterValidator(lambda value: LEGAL_TIMES.get(value, value))]
    """A zone of IANA, which receipts of earlier releases name, is read as the French name of its legal time."""
    source: str


def reason_records(why: Iterable[Reason]) -> tuple[ReasonRecord, ...]:
    """Return the lines of an explanation, in their order."""
    return tuple(ReasonRecord(article=r.article, text=r.text, value=r.value, source=r.source) for r in why)
