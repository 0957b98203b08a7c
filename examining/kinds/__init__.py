"""The kinds of examination, one module each: `KIND`, `examine(content, context)` and `warm()`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from pydantic import BaseModel, JsonValue

from models.examination.framing import MAX_ANSWER_BYTES


class WrongContext(Exception):
    """The caller's context is no context: a fault of ours, which says nothing of the file."""


@dataclass(frozen=True, slots=True)
class Examination:
    """How files of one kind are judged."""

    examine: Callable[[bytes, Mapping[str, JsonValue]], BaseModel]
    """Judges a file; whatever it raises but `WrongContext` means that the file is unreadable."""
    warm: Callable[[], None]
    """Runs every path that imports or opens something: a process that judges can open nothing any more."""
    max_answer_bytes: int = MAX_ANSWER_BYTES


def find(names: Sequence[str] = ()) -> dict[str, Examination]:
    """Every kind of examination of this folder, by name, or those that are named; others are not even imported."""
    modules = [import_module(f"{__name__}.{name}") for name in names or (each.name for each in iter_modules(__path__))]
    return {each.KIND.name: Examination(each.examine, each.warm, each.KIND.max_answer_bytes) for each in modules}
