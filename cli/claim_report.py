"""The result of a check as JSON and as a table: the same facts, numbers of people masked in both."""

from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Group, RenderableType

from cli.terminal import table
from law.amounts import euros_in_french
from law.texts import month_in_french, number_in_french
from models.claim_files.check import CheckedFile
from models.claim_files.faults import Fault
from models.claim_files.reading import unread_sentence
from models.claim_files.verdict import HeaderShape

MAX_SHOWN: Final = 50
"""Errors, and warnings, that a person is shown; JSON lists up to 10,000."""
HEADINGS: Final = ("Ligne", "Colonne", "Lu", "Constat")


def as_data(result: CheckedFile) -> dict[str, object]:
    """Return the JSON; `allowance` and `indemnity` are null for a DSN, which states no week and no hourly pay."""
    unread = [_header(each) for each in result.headers if unread_sentence(each)]
    return {
        "month": f"{result.month:%Y-%m}" if result.month else None,
        "lines": result.lines,
        "people": result.people,
        "hours": f"{result.worth.hours:.2f}",
        "allowance": f"{result.worth.allowance:.2f}" if result.is_priced else None,
        "indemnity": f"{result.worth.indemnity:.2f}" if result.is_priced else None,
        "errors": [_fault(each) for each in result.errors],
        "warnings": [*unread, *map(_fault, result.warnings)],
        "error_count": result.error_count,
        "warning_count": result.warning_count + len(unread),
    }


def _fault(fault: Fault) -> dict[str, object]:
    return {
        "line": fault.line,
        "column": fault.column,
        "code": fault.code.value,
        "message": fault.message,
        "shown": fault.shown,
    }


def _header(header: HeaderShape) -> dict[str, object]:
    code = "header-unlisted" if header.unlisted else "header-unknown"
    return {"line": 0, "column": header.name, "code": code, "message": unread_sentence(header), "shown": ""}


def as_table(name: str, result: CheckedFile) -> RenderableType:
    """Return the same for a person: what the file claims, then each error and warning with what to do."""
    parts: list[RenderableType] = [_summary(name, result)]
    for title, faults, count in (
        ("Erreurs", result.errors, result.error_count),
        ("Signalements", result.warnings, result.warning_count),
    ):
        if faults:
            rows = [(each.line, each.column, each.shown, each.message) for each in faults[:MAX_SHOWN]]
            parts += [table(title, HEADINGS, rows), *_rest(count)]
    parts += filter(None, map(unread_sentence, result.headers))
    return Group(*parts)


def _summary(name: str, result: CheckedFile) -> str:
    month = f" ({month_in_french(result.month)})" if result.month else ""
    lines = [
        f"{name}{month} : {_number(result.lines, 'ligne')}, {_number(result.people, 'salarié')}, "
        f"{number_in_french(result.worth.hours)} heures chômées",
    ]
    if result.is_priced:
        lines.append(
            f"Allocation : {euros_in_french(result.worth.allowance)} ; "
            f"indemnité : {euros_in_french(result.worth.indemnity)}"
        )
    else:
        lines.append("Une DSN ne dit ni les semaines ni le taux horaire : complétez-la pour connaître l’allocation.")
    if result.error_count:
        lines.append(f"{_number(result.error_count, 'erreur')} : une ligne en erreur ne compte pas dans les totaux.")
    else:
        lines.append("Aucune erreur.")
    return "\n".join(lines)


def _number(count: int, word: str) -> str:
    return f"{number_in_french(count)} {word}{'s' if count > 1 else ''}"


def _rest(count: int) -> list[str]:
    more = count - MAX_SHOWN
    return [f"… et {number_in_french(more)} autres : « --json » les donne."] if more > 0 else []


def fault_lines(faults: Sequence[Fault], count: int) -> Iterator[str]:
    """Yield faults a line each, for standard error."""
    for each in faults[:MAX_SHOWN]:
        yield " ".join(filter(None, (f"Ligne {each.line}", each.column, each.shown, ":", each.message)))
    yield from _rest(count)
