"""What is wrong in a grid, beside the value that it concerns."""

from collections.abc import Mapping, Sequence
from typing import Final

from models.claim_files.faults import FaultCode
from models.claim_files.fields import Field
from starter.http.problems import Fault
from starter.pages.components.claim_grid import OF_PERSON, Grid, has_hours, name_of
from starter.services.claim_grids import GridWeek

MAX_SUMMED_UP: Final = 10
"""Sentences at the top of the page; each stands beside its value as well."""
NO_HOURS: Final = "Indiquez ses heures, au moins pour l’une des semaines, ou retirez ce salarié."
IN_A_GRID: Final[Mapping[str, str]] = {
    FaultCode.CATEGORY_UNKNOWN: "Choisissez la catégorie.",
    FaultCode.MODE_UNKNOWN: "Choisissez le mode d’aménagement du temps de travail.",
    FaultCode.WEEK_TWICE: "Un autre salarié de la grille a déjà ce numéro.",
    FaultCode.NIR_TWO_NAMES: "Un autre salarié de la grille a ce numéro sous un autre nom.",
}
"""What a grid says in place of the sentence of a file."""
_OF_PERSON: Final = frozenset(each.value for each in OF_PERSON)
_OF_NIR: Final = (FaultCode.WEEK_TWICE, FaultCode.NIR_TWO_NAMES)
LABELS: Final[Mapping[str, str]] = {
    Field.FAMILY_NAME.value: "nom de famille",
    Field.USAGE_NAME.value: "nom d’usage",
    Field.FIRST_NAME.value: "prénom",
    Field.NIR.value: "numéro de sécurité sociale",
    Field.CATEGORY.value: "catégorie",
    Field.MODE.value: "aménagement du temps de travail",
    Field.CONTRACT_HOURS.value: "durée du contrat",
    Field.HOURLY_GROSS.value: "taux horaire brut",
    Field.APPRENTICE.value: "alternance",
}
Places = Sequence[tuple[int, int]]
"""Number of the person and of the week of each line of a body."""


def beside_values(faults: Sequence[Fault], places: Places, others: Mapping[str, str]) -> dict[str, str]:
    """Return the sentence of each wrong value; `others` maps the pointers of what is no line to names of fields."""
    sentences: dict[str, str] = {}
    for each in faults:
        name = _field(each, places) or others.get(each.pointer, "form")
        sentences.setdefault(name, IN_A_GRID.get(each.code, each.message))
    return sentences


def without_hours(grid: Grid, weeks: Sequence[GridWeek]) -> dict[str, str]:
    """Return a sentence for each person of whom no week is stated."""
    people = enumerate(grid.people, start=1)
    return {f"p{number}.i{weeks[0].number}": NO_HOURS for number, each in people if not has_hours(each, weeks)}


def first_wrong(wrong: Mapping[str, str]) -> int:
    """Return the number of the first person with a wrong value; 0 if there is none."""
    return min(_people(wrong), default=0)


def summed_up(wrong: Mapping[str, str], grid: Grid) -> dict[str, str]:
    """Return what stands at the top of the page: the first sentences of the people shown, and where the others are."""
    shown = {name: text for name, text in wrong.items() if _person(name) in (0, *grid.shown)}
    told = dict(list(shown.items())[:MAX_SUMMED_UP])
    notes = []
    if len(shown) > len(told):
        notes.append(f"{len(shown)} valeurs sont à corriger sur cette page ; voici les premières.")
    if elsewhere := sorted(_people(wrong) - grid.shown.keys()):
        notes.append(f"Des valeurs sont à corriger pour d’autres salariés : {', '.join(map(str, elsewhere))}.")
    said = " ".join([*([told.pop("form")] if "form" in told else []), *notes])
    return ({"form": said} if said else {}) | told


def labels(grid: Grid, weeks: Sequence[GridWeek], said: Mapping[int, str]) -> dict[str, str]:
    """Return how the summary names each value of the people shown; `said` names the weeks."""
    found: dict[str, str] = {}
    for number, person in grid.shown.items():
        who = name_of(person, number)
        found |= {f"p{number}.{name}": f"{who}, {label}" for name, label in LABELS.items()}
        for week in weeks:
            of_week = said[week.number]
            found[f"p{number}.w{week.number}"] = f"{who}, heures travaillées {of_week}"
            found[f"p{number}.i{week.number}"] = f"{who}, heures chômées {of_week}"
    return found


def _field(fault: Fault, places: Places) -> str | None:
    """Return the field of the value that a line’s fault concerns; None for what is of no line."""
    lines, _, rest = fault.pointer.removeprefix("/").partition("/")
    at, _, column = rest.partition("/")
    if lines != "lines" or not at.isdigit() or int(at) >= len(places):
        return None
    number, week = places[int(at)]
    if fault.code in _OF_NIR or not column:
        return f"p{number}.{Field.NIR.value}"
    if column in _OF_PERSON:
        return f"p{number}.{column}"
    return f"p{number}.{'w' if column == Field.WORKED.value else 'i'}{week}"


def _people(wrong: Mapping[str, str]) -> set[int]:
    return {number for name in wrong if (number := _person(name))}


def _person(name: str) -> int:
    place = name.partition(".")[0]
    return int(place[1:]) if place[:1] == "p" and place[1:].isdigit() else 0
