"""The two pages of a grid: its values, and what its claim comes to before it is filed."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from law.amounts import euros_in_french
from law.work_time import Mode
from models.claim_files.fields import Category
from models.explanations import reason_records
from starter.auth.credentials import PresentedCredential
from starter.http.problems import TITLES
from starter.pages.components import claim_grid_faults, claim_terms_form, claim_words
from starter.pages.components.claim_grid import DSN, MAX_VALUE, Grid, Person, dsn_hours, name_of, rows
from starter.pages.components.form_keys import new_key
from starter.pages.components.rendering import FORM_HEADERS, page
from starter.pages.components.visitor import visitor_fields
from starter.pages.employer import claim_month
from starter.pages.employer.claim_month import address_of
from starter.services.claim_grids import MAX_PEOPLE, GridReading
from starter.services.claim_views import ClaimAddress
from starter.services.claims import ClaimPreview

INVALID: Final = TITLES["invalid-input"][0]
CATEGORIES: Final = [(each.value, each.label.capitalize()) for each in Category]
MODES: Final = [(each.value, f"{each.value} {each.label}") for each in Mode]
BESIDE: Final[Mapping[str, str]] = {
    "sector": "Taux particulier",
    "holidays_worked": "Jours fériés",
    "reference_months": "Aménagement du temps de travail",
}
"""How the summary names what is asked beside people."""
CARRIED: Final = (*claim_terms_form.NAMES, "monthly", "reference_months", DSN)
"""Fields that the page of the sums hands on."""


class Shown(NamedTuple):
    """A grid, the other fields of its form, what is wrong, and the month that its people are taken from."""

    grid: Grid
    fields: Mapping[str, str]
    wrong: Mapping[str, str]
    known_of: date | None = None


def grid(
    request: Request, visitor: PresentedCredential, to: ClaimAddress, reading: GridReading, shown: Shown
) -> Response:
    """Show a screen of the grid."""
    weeks = {each.number: claim_words.of_days(each.days.first, each.days.last) for each in reading.weeks}
    wrong_people = {each for each in range(1, len(shown.grid.people) + 1) if _is_wrong(each, shown.wrong)}
    content = _frame(to, reading, shown) | {
        "people": [(number, name_of(each, number), each) for number, each in shown.grid.shown.items()],
        "count": len(shown.grid.people),
        "screens": [
            (first, last, first == shown.grid.first + 1, any(first <= each <= last for each in wrong_people))
            for first, last in shown.grid.screens
        ],
        "weeks": list(weeks.items()),
        "wrong": shown.wrong,
        "summed_up": claim_grid_faults.summed_up(shown.wrong, shown.grid),
        "labels": {**BESIDE, **claim_grid_faults.labels(shown.grid, reading.weeks, weeks)},
        "checked": bool(shown.wrong) or "checked" in shown.fields,
        "categories": CATEGORIES,
        "modes": MODES,
        "max_value": MAX_VALUE,
        "max_people": MAX_PEOPLE,
        "known_of": claim_month.of_month(shown.known_of) if shown.known_of else "",
        "dsn": shown.fields.get(DSN, ""),
        "of_dsn": {number: _of_dsn(each, reading) for number, each in shown.grid.shown.items()},
        "terms": claim_terms_form.asked(reading.month.terms),
        "fields": shown.fields,
    }
    frame = visitor_fields(reading.month.reader, visitor)
    return page(request, "claim_grid", frame | content, INVALID if shown.wrong else 200, FORM_HEADERS)


def check(
    request: Request,
    visitor: PresentedCredential,
    to: ClaimAddress,
    reading: GridReading,
    shown: Shown,
    preview: ClaimPreview,
) -> Response:
    """Show what the claim of a grid comes to, and ask before it is filed."""
    content = _frame(to, reading, shown) | {
        "folded": shown.grid.all_folded,
        "carried": {name: shown.fields[name] for name in CARRIED if name in shown.fields},
        "sums": list(_sums(reading, shown, preview)),
        "rows": list(_rows(reading, shown, preview)),
        "warnings": list(_warnings(reading, shown, preview)),
        "why": reason_records(preview.why),
    }
    frame = visitor_fields(reading.month.reader, visitor)
    return page(request, "claim_grid_check", frame | content, headers=FORM_HEADERS)


def _frame(to: ClaimAddress, reading: GridReading, shown: Shown) -> dict[str, object]:
    month = reading.month
    return claim_month.heading(month, to) | {
        "at": address_of(to, "grid"),
        "key": shown.fields.get("key") or new_key(),
        "folded": shown.grid.folded,
        "first": shown.grid.first + 1,
        "hours_left": claim_words.hours(month.authorized.hours_left),
        "replaces": month.last if month.replaceable else None,
        "late": month.late,
    }


def _of_dsn(person: Person, reading: GridReading) -> str:
    """Return what is left of the hours that a DSN states of a person; nothing without one."""
    found = dsn_hours(person, reading.weeks)
    if found is None:
        return ""
    stated, left = claim_words.hours(found.stated), found.stated - found.typed
    if left > 0:
        return f"Votre DSN déclare {stated} pour ce mois : il en reste {claim_words.hours(left)} à répartir."
    if left < 0:
        return f"Votre DSN déclare {stated} pour ce mois : vous en demandez {claim_words.hours(-left)} de plus."
    return f"Votre DSN déclare {stated} pour ce mois, et vous les avez toutes réparties."


def _is_wrong(number: int, wrong: Mapping[str, str]) -> bool:
    return any(name.startswith(f"p{number}.") for name in wrong)


def _sums(reading: GridReading, shown: Shown, preview: ClaimPreview) -> Iterator[tuple[str, str]]:
    yield "Salariés et heures indemnisables", claim_words.counted(len(preview.people), preview.worth.hours)
    yield "Allocation demandée", euros_in_french(preview.worth.allowance)
    yield "Indemnité à verser aux salariés", euros_in_french(preview.worth.indemnity)
    yield "Heures restant à l’autorisation", claim_words.hours(reading.month.authorized.hours_left)
    yield from claim_words.stated(claim_terms_form.terms(shown.fields))
    if "monthly" in shown.fields:
        yield "Remboursement mensuel", "demandé"


def _people(reading: GridReading, shown: Shown) -> dict[int, int]:
    """Return the number of the person of each line of the claim."""
    return {line: each[0] for line, each in enumerate(rows(shown.grid, reading.weeks), start=1)}


def _rows(reading: GridReading, shown: Shown, preview: ClaimPreview) -> Iterator[tuple[str, str, str, str]]:
    numbers = _people(reading, shown)
    for each in preview.people:
        number = numbers[each.n]
        worth = (claim_words.euros(each.allowance_cents), claim_words.euros(each.indemnity_cents))
        yield name_of(shown.grid.people[number - 1], number), claim_words.hours(each.payable), *worth


def _warnings(reading: GridReading, shown: Shown, preview: ClaimPreview) -> Iterator[str]:
    numbers = _people(reading, shown)
    for each in preview.warnings:
        number = numbers[each.line]
        yield f"{name_of(shown.grid.people[number - 1], number)} : {each.message}"
    for number, person in enumerate(shown.grid.people, start=1):
        found = dsn_hours(person, reading.weeks)
        if found is not None and found.stated != found.typed:
            yield f"{name_of(person, number)} : {_of_dsn(person, reading)}"
