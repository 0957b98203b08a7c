"""What the paying agency answered to a claim, as pages say it: its code, whom it is about, what to do."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from law.texts import instant_in_french
from models.agency_answers import SETTLED
from starter.services.claim_schemas import AnswerView

SHOWN_LINES: Final = 50
"""Lines of one answer that a page links to; the API gives all of them."""


class AnswerRow(NamedTuple):
    """An answer in words."""

    said: str
    at: str
    lines: tuple[int, ...]
    """Those of the file that was sent, at which the people whom it rejects are first stated."""
    other_lines: int
    advice: str
    """What the employer does about a rejection."""
    counts: bool
    """False of one that contradicts another one or our document: it changes nothing."""


def rows(answers: Iterable[AnswerView]) -> list[AnswerRow]:
    """Return answers in words, in their order."""
    return [_row(each) for each in answers]


def _row(answer: AnswerView) -> AnswerRow:
    label = answer.label or "Réponse sans libellé"
    return AnswerRow(
        said=label if answer.code == SETTLED else f"{label} (code {answer.code})",
        at=instant_in_french(answer.at),
        lines=answer.lines[:SHOWN_LINES],
        other_lines=max(len(answer.lines) - SHOWN_LINES, 0),
        advice=(answer.advice or "") if answer.final else "",
        counts=answer.final,
    )
