"""What the bench says: figures repeated within one run, their limits, their noise, and whether two runs agree."""

from statistics import median
from typing import Self

from pydantic import Field

from models.identifiers import Message

OF_A_RATIO, OF_A_RATE = 0.15, 0.3
"""Share of a figure that two runs on shared cores may differ by, however little one run saw it vary: a ratio, taken
in one run; anything else, for from one hour to the next the host itself is that much slower, as the bare shapes say."""


class Figure(Message):
    """One thing measured, as often as one run could, and what bounds it."""

    name: str
    unit: str
    values: tuple[float, ...]
    limit: float | None = None
    at_least: bool = False
    """Whether the limit is a floor."""
    bound: str
    """What bounds the figure, and why it is missed if it is."""
    beside: str = ""
    """What others measured of the same thing."""
    stated: float | None = None
    """Noise that is expected from one run to the next, as a share, where a run holds too few values to tell more."""

    @property
    def value(self) -> float:
        """The median of what was seen."""
        return median(self.values)

    @property
    def noise(self) -> float:
        """What another run may differ by: half of the spread seen, and never less than was stated."""
        of_its_kind = OF_A_RATIO if self.unit.startswith("×") else OF_A_RATE
        share = of_its_kind if self.stated is None else self.stated
        return max((max(self.values) - min(self.values)) / 2, share * abs(self.value))

    @property
    def met(self) -> bool | None:
        """Whether the limit is kept; None without a limit."""
        if self.limit is None:
            return None
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def agrees(self, other: Self) -> bool:
        """Whether two runs say the same, within the noise of both."""
        return abs(self.value - other.value) <= self.noise + other.noise


class Section(Message):
    """One family of measures, taken in one run."""

    family: str
    title: str
    how: str
    """What was run, in sentences."""
    taken_at: str
    seconds: float
    load: float
    """Cores that others were using when the run began."""
    processor: str
    """What the machine calls its processor."""
    speed: tuple[float, ...] = ()
    """RSA-3072 operations a second of one core, before the run and after it."""
    revision: str
    figures: tuple[Figure, ...]


class Kept(Message):
    """The last run of each family, and the one before it."""

    last: dict[str, Section] = Field(default_factory=dict)
    before: dict[str, Section] = Field(default_factory=dict)

    def with_section(self, section: Section) -> Self:
        """Take a new run in."""
        earlier = {section.family: self.last[section.family]} if section.family in self.last else {}
        taken = {"last": self.last | {section.family: section}, "before": self.before | earlier}
        return self.model_copy(update=taken)


def quantile(values: list[float], share: float) -> float:
    """Return the value that a share of all does not exceed; 0 of nothing."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0
