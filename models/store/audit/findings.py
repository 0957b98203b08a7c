"""What an audit finds: each broken thing with its place, and how much was examined."""

from typing import Final

from models.identifiers import Message

JOURNAL: Final = "journal"
"""Subject of what concerns the whole journal, and of the events about it."""
ANCHORS: Final = "anchors"
"""Subject of what concerns an anchor; `seq` is its number."""
MAX_BROKEN: Final = 1_000
"""Findings that are listed one by one; the rest are counted, so that no damage outgrows the memory."""


class Broken(Message):
    """One broken thing: the subject and number of the event that says otherwise, and what, in French."""

    subject: str
    seq: int
    what: str


class Verdict(Message):
    """Result of an audit, in the form of `tacite audit --json`."""

    events: int
    anchors: int
    broken: tuple[Broken, ...]
    unstated: int
    """Cases, accounts, tokens and delegations of before, of which no event states digests: judged by chain alone."""
    notes: tuple[str, ...]
    """What an operator should know that breaks nothing."""
    everything: bool
    upto: int
    """Position up to which the next audit of what is new need not look again: that of the last anchor."""


class Findings:
    """Collects what is found while the audit reads."""

    def __init__(self) -> None:
        self.events = self.anchors = self.unstated = self._more = 0
        self.notes: list[str] = []
        self._broken: list[Broken] = []

    def add(self, subject: str, seq: int, what: str) -> None:
        """Add one broken thing."""
        if len(self._broken) < MAX_BROKEN:
            self._broken.append(Broken(subject=subject, seq=seq, what=what))
        else:
            self._more += 1

    def verdict(self, upto: int, *, everything: bool) -> Verdict:
        """Return what was found so far."""
        broken = list(self._broken)
        if self._more:
            broken.append(Broken(subject=JOURNAL, seq=0, what=f"et {self._more} autres constats"))
        return Verdict(
            events=self.events,
            anchors=self.anchors,
            broken=tuple(broken),
            unstated=self.unstated,
            notes=tuple(self.notes),
            everything=everything,
            upto=upto,
        )
