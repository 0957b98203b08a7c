"""Successive values of one rule of law, each with its first day, its article and its text.

A rule has a value for every day from its first text on and raises for earlier days: a later law must not be
read back into an earlier time.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from law.texts import Reason, Text, because, in_french

T = TypeVar("T")


class BeforeFirstText(ValueError):
    """The day is earlier than the first text that the rule knows; the message is a French sentence."""

    def __init__(self, subject: str, day: date, first: date) -> None:
        super().__init__(
            f"Aucun texte connu sur {subject} au {in_french(day)} "
            f"car le premier s’applique à compter du {in_french(first)}."
        )


@dataclass(frozen=True, slots=True)
class DatedValue(Generic[T]):
    """One value of a rule, in force from `since`, the article that states it and the text that set it."""

    since: date
    value: T
    article: Text
    source: Text

    def reason(self, text: str, value: str) -> Reason:
        """Return this entry as one step of an explanation."""
        return because(self.article, text, value, self.source)


class Dated(Generic[T]):
    """The successive values of one rule, oldest first.

    `subject` completes the French sentence « Aucun texte connu sur … ». Raises ValueError when the entries
    are missing or do not strictly follow one another.
    """

    __slots__ = ("_entries", "_subject")

    def __init__(self, subject: str, *entries: DatedValue[T]) -> None:
        days = [entry.since for entry in entries]
        if not days or days != sorted(set(days)):
            raise ValueError(f"the entries on {subject} must exist and strictly follow one another")
        self._subject = subject
        self._entries = entries

    def on(self, day: date) -> DatedValue[T]:
        """Return the entry in force on a day; raises BeforeFirstText if none is yet."""
        position = bisect_right(self._entries, day, key=lambda entry: entry.since)
        if position == 0:
            raise BeforeFirstText(self._subject, day, self.first)
        return self._entries[position - 1]

    @property
    def subject(self) -> str:
        """What the rule is about, in French, with its article: « le SMIC horaire »."""
        return self._subject

    @property
    def first(self) -> date:
        """The day of the first text."""
        return self._entries[0].since

    def __iter__(self) -> Iterator[DatedValue[T]]:
        """Iterate over the entries, oldest first."""
        return iter(self._entries)

    def __reversed__(self) -> Iterator[DatedValue[T]]:
        """Iterate over the entries, newest first."""
        return reversed(self._entries)
