"""JSON pointers of errors: they contain names that our schemas know and indexes, never a name that a caller made up."""

from collections.abc import Iterable
from functools import cache
from typing import Final

from models.identifiers import Message

MAX_INDEX: Final = 9_999
"""Largest index shown: no list of ours is longer."""


def pointer(steps: Iterable[str | int]) -> str:
    """Return the pointer to a member, or to its nearest parent whose name is ours."""
    shown: list[str] = []
    for step in steps:
        if not _is_ours(step):
            break
        shown.append(f"/{step}")
    return "".join(shown)


def _is_ours(step: str | int) -> bool:
    if isinstance(step, int):
        return 0 <= step <= MAX_INDEX
    return step in _names(len(Message.__subclasses__()))


@cache
def _names(_classes: int) -> frozenset[str]:
    """Return every name of a member of our messages, as JSON has it; computed again when a module adds messages."""
    return frozenset(name for message in _messages(Message) for name in _own_names(message))


def _messages(of: type[Message]) -> Iterable[type[Message]]:
    for each in of.__subclasses__():
        yield each
        yield from _messages(each)


def _own_names(message: type[Message]) -> Iterable[str]:
    for name, field in message.model_fields.items():
        yield from (each for each in (name, field.alias, field.validation_alias) if isinstance(each, str))
