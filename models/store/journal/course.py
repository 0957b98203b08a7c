"""The course of one case: its events judged one after the other by their grammar."""

from collections import Counter
from collections.abc import Mapping

from models.store.journal.grammar import NEW, PENDING, STEPS, Step


class Course:
    """Where the things of one case stand after the events so far."""

    def __init__(self) -> None:
        self._case = NEW
        self._states: dict[tuple[str, str], str] = {}
        self._due: Counter[str] = Counter()

    def follow(self, kind: str, data: Mapping[str, str]) -> str | None:
        """Take one more event, or say in French why it cannot come here, and leave everything as it was."""
        step = STEPS.get(kind)
        if step is None:
            return f"« {kind} » n’est le type d’aucun événement d’un dossier"
        which = data.get(step.key, "") if step.key else ""
        if not self._admits(step, which):
            return f"l’événement « {kind} » ne peut venir ici : {step.wrong}"
        self._take(step, which)
        return None

    def _admits(self, step: Step, which: str) -> bool:
        state = self._case if step.thing == "case" else self._states.get((step.thing, which), NEW)
        return (
            (not step.before or state in step.before)
            and (step.thing == "case" or self._case in step.case)
            and not any(self._pending(each) for each in step.unless)
            and (step.needs is None or any(step.needs[1] in ("", each) for _, each in self._pending(step.needs[0])))
            and (not step.pays or self._due[step.pays] > 0)
        )

    def _take(self, step: Step, which: str) -> None:
        if step.thing == "case":
            self._case = step.after
        else:
            self._states[step.thing, which] = step.after
        if step.settles:
            self._case = "settled"
        for ended in step.ends:
            self._states.update(dict.fromkeys(self._pending(ended), "ended"))
        self._due.update(filter(None, [step.owes]))
        self._due.subtract(filter(None, [step.pays]))

    def _pending(self, what: str) -> list[tuple[str, str]]:
        thing, states = PENDING[what]
        return [each for each, state in self._states.items() if each[0] == thing and state in states]
