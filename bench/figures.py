"""Figures of the bench: values repeated within one run, limit, noise, and whether two runs agree."""

from statistics import median
from typing import Self

from pydantic import Field

from models.identifiers import Message

RATIO_NOISE, RATE_NOISE = 0.15, 0.3
"""Share by which a figure may differ between two runs on shared cores, however little it varied within one run: for a
ratio, taken within one run; and for anything else, because the host's own speed varies that much from hour to hour."""


class Figure(Message):
    """One quantity, measured as often as one run allowed, and what bounds it."""

    name: str
    unit: str
    values: tuple[float, ...]
    limit: float | None = None
    at_least: bool = False
    """Whether the limit is a floor."""
    bound: str
    """What bounds the figure, and why its limit is missed if it is."""
    beside: str = ""
    """Measurements of the same thing by others."""
    stated: float | None = None
    """Expected noise between runs, as a share, where a run has too few values to show it."""

    @property
    def value(self) -> float:
        """The median of the values."""
        return median(self.values)

    @property
    def noise(self) -> float:
        """Difference to expect in another run: half of the spread of the values, and at least the stated share."""
        of_its_kind = RATIO_NOISE if self.unit.startswith("×") else RATE_NOISE
        share = of_its_kind if self.stated is None else self.stated
        return max((max(self.values) - min(self.values)) / 2, share * abs(self.value))

    @property
    def met(self) -> bool | None:
        """Whether the limit is met; None without a limit."""
        if self.limit is None:
            return None
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def agrees(self, other: Self) -> bool:
        """Whether two runs agree, within the noise of both."""
        return abs(self.value - other.value) <= self.noise + other.noise


class Section(Message):
    """One family of measures, taken in one run."""

    family: str
    title: str
    how: str
    """What was run, in full sentences."""
    taken_at: str
    seconds: float
    load: float
    """Cores in use by other programs when the run began."""
    processor: str
    """Processor name as the machine reports it."""
    speed: tuple[float, ...] = ()
    """RSA-3072 operations per second of one core, before and after the run."""
    revision: str
    figures: tuple[Figure, ...]


class Runs(Message):
    """The last run of each family, and the one before it."""

    last: dict[str, Section] = Field(default_factory=dict)
    before: dict[str, Section] = Field(default_factory=dict)

    def with_section(self, section: Section) -> Self:
        """Return these runs with a new one added."""
        earlier = {section.family: self.last[section.family]} if section.family in self.last else {}
        taken = {"last": self.last | {section.family: section}, "before": self.before | earlier}
        return self.model_copy(update=taken)


def quantile(values: list[float], share: float) -> float:
    """Return the value that a share of all values does not exceed; 0 for no values."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0
