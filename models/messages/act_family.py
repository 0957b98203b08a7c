"""What every family of acts is: a declaration, and a class that implements it under the declared activity names."""

from abc import ABC
from collections.abc import Callable

from temporalio import activity


class Acts(ABC):
    """A family of acts, implemented by subclasses of its declaration."""

    def __init_subclass__(cls) -> None:
        """Give each implementation the activity name of its declaration."""
        for name in _declared(cls) & vars(cls).keys():
            activity.defn(name=name)(vars(cls)[name])

    def activities(self) -> list[Callable[..., object]]:
        """Return the bound acts, to register with a worker."""
        return [getattr(self, name) for name in sorted(_declared(type(self)))]


def _declared(cls: type) -> set[str]:
    return {name for base in cls.__mro__[1:] for name in getattr(base, "__abstractmethods__", ())}
