"""Input and output of commands: the answer on standard output, everything else on standard error, in French."""

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum
from pathlib import Path
from typing import Annotated, Final, Literal, TypeVar, get_args, get_origin

from cyclopts import App, CycloptsError, Group, Parameter
from cyclopts.exceptions import (
    CoercionError,
    MissingArgumentError,
    UnknownCommandError,
    UnknownOptionError,
    UnusedCliTokensError,
)
from cyclopts.help import ColumnSpec, DefaultFormatter, HelpEntry
from cyclopts.help.specs import AsteriskColumn, NameColumn
from pydantic import TypeAdapter, ValidationError
from rich.console import Console, ConsoleOptions
from rich.table import Table

from law.texts import Reason
from models.explanations import ReasonRecord
from models.validation_messages import sentence

Value = TypeVar("Value")


class ExitCode(IntEnum):
    """Exit codes."""

    DONE = 0
    NEGATIVE = 1
    MISUSE = 2
    MISSING = 3
    """A dependency is missing or does not answer."""


Json = Annotated[bool, Parameter("--json", help="JSON seul sur la sortie standard.")]
"""The option of every command that answers."""
Dry = Annotated[bool, Parameter(help="Ne rien écrire : dire ce que serait le prochain fichier de chaque flux.")]

PLAIN_WIDTH: Final = 140
"""Columns of an answer that is written to a file or piped to another program."""


class CommandError(Exception):
    """Ends a command with a French sentence and an exit code."""

    def __init__(self, code: ExitCode, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class ReaderGone(Exception):
    """Whoever read the answer has left, as `head` does: nothing more is written, and nothing is wrong."""


def application(summary: str, version: str) -> App:
    """The command line without its commands: French headings; errors are raised, not printed."""
    app = App(
        name="tacite",
        help=summary,
        version=version,
        usage="tacite COMMANDE [OPTIONS]",
        help_formatter=_French(column_specs=_columns, show_metavar=False),
        group_commands=Group("Commandes"),
        group_arguments=Group("Arguments"),
        group_parameters=Group("Options"),
        default_parameter=Parameter(show_default=False, negative=()),
        help_format="plaintext",
        result_action="return_value",
        exit_on_error=False,
        print_error=False,
        suppress_keyboard_interrupt=False,
    )
    app["--help"].help = "Montrer cette aide."
    app["--version"].help = "Montrer la version."
    return app


def group(name: str, summary: str) -> App:
    """Create a group of commands."""
    app = App(
        name=name,
        help=summary,
        usage=f"tacite {name} COMMANDE [OPTIONS]",
        group_commands=Group("Commandes"),
        group_arguments=Group("Arguments"),
        group_parameters=Group("Options"),
    )
    app["--help"].help = "Montrer cette aide."
    return app


class _French(DefaultFormatter):
    """Help without a word of English."""

    def render_usage(self, console: Console, options: ConsoleOptions, usage: object) -> None:
        """Print the usage line with its French heading."""
        console.print(f"Usage : {str(usage).strip()}\n", markup=False, highlight=False)


def _columns(console: Console, options: ConsoleOptions, entries: list[HelpEntry]) -> tuple[ColumnSpec, ...]:
    """A star for what is required, the name, the description."""
    columns = (NameColumn, ColumnSpec(renderer="description", overflow="fold"))
    return (AsteriskColumn, *columns) if any(entry.required for entry in entries) else columns


def say(sentence: str) -> None:
    """Print a sentence for a person on standard error; it is never part of the answer."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(sentence, markup=False)


def read_file(file: Path) -> bytes:
    """Read a file named on the command line; raises `CommandError`."""
    try:
        return file.read_bytes()
    except OSError as wrong:
        raise CommandError(ExitCode.MISUSE, f"{file} n’est pas un fichier lisible.") from wrong


def write(lines: Iterable[str]) -> None:
    """Write lines of an answer on standard output; raises `ReaderGone`."""
    try:
        sys.stdout.writelines(lines)
        sys.stdout.flush()
    except BrokenPipeError as gone:
        _drop_output()
        raise ReaderGone from gone


def _drop_output() -> None:
    """Let what Python still holds of the output go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Output(Console):
    """Standard output."""

    def on_broken_pipe(self) -> None:
        """Raise `ReaderGone`."""
        _drop_output()
        raise ReaderGone


def answer(data: object, text: object, as_json: bool) -> None:
    """Print the answer: `data` as one line of JSON, or `text` (anything that rich can render)."""
    if as_json:
        write([json.dumps(data, default=_to_json, ensure_ascii=False) + "\n"])
    else:
        console = _Output(highlight=False)
        if not console.is_terminal:
            console.width = PLAIN_WIDTH
        console.print(text, markup=False)


def table(title: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A table for a person; cells are shown in French."""
    rendered = Table(*headings, title=title, title_justify="left")
    for row in rows:
        rendered.add_row(*(_cell_text(cell) for cell in row))
    return rendered


def _cell_text(cell: object) -> str:
    match cell:
        case bool():
            return "oui" if cell else "non"
        case None | "" | [] | ():
            return "—"
        case list() | tuple():
            return " ".join(map(str, cell))
        case _:
            return str(cell)


def usage_error(error: CycloptsError) -> str:
    """Say in French what is wrong with the way a command was called."""
    match error:
        case UnknownCommandError(unused_tokens=[token, *_]) if token.startswith("-"):
            return f"Option inconnue : {token}."
        case UnknownCommandError(unused_tokens=[token, *_]):
            return f"Commande inconnue : {token}. Voyez « tacite --help »."
        case UnknownOptionError():
            return f"Option inconnue : {error.token.keyword or error.token.value}."
        case MissingArgumentError() if error.argument:
            return f"Il manque {_option_name(error.keyword or error.argument.name)}."
        case CoercionError() if error.argument:
            admitted = ", ".join(_choices(error.argument.hint))
            refused = f"La valeur donnée à {_option_name(error.argument.name)} n’est pas admise."
            return f"{refused} Valeurs admises : {admitted}." if admitted else refused
        case UnusedCliTokensError(unused_tokens=[token, *_]):
            return f"Argument en trop : {token}."
        case _:
            return "Cette commande est mal écrite. Voyez « tacite --help »."


def _choices(hint: object) -> list[str]:
    """Return the texts that a parameter admits, if it is a choice; of each member of a union."""
    if get_origin(hint) is Literal:
        return [str(each) for each in get_args(hint)]
    return [choice for member in get_args(hint) for choice in _choices(member)]


def validated(adapter: TypeAdapter[Value], value: object) -> Value:
    """Validate a value of the command line; raises `CommandError` with the messages of our validators, each once."""
    try:
        return adapter.validate_python(value)
    except ValidationError as wrong:
        sentences = {each["msg"].removeprefix("Value error, ") for each in wrong.errors()}
        raise CommandError(ExitCode.MISUSE, " ".join(sorted(sentences))) from wrong


def explanation_in_words(why: Iterable[Reason | ReasonRecord]) -> str:
    """An explanation of the law as a person reads it, a line for each of its steps."""
    return "\n".join(f"  · {each.text} {each.value} ({each.article} ; {each.source})" for each in why)


def wrong_options(wrong: ValidationError) -> str:
    """Name each wrong option with its French sentence, a line each."""
    faults = wrong.errors(include_url=False, include_input=False)
    return "\n".join(
        f"--{str(each['loc'][0]).replace('_', '-')} : {sentence(each['type'], each.get('ctx', {}))[1]}"
        for each in faults
    )


def _option_name(name: str) -> str:
    return name if name.startswith("--") else _ARGUMENTS.get(name.upper(), name.upper())


_ARGUMENTS: Final = {
    "SUBJECT": "la référence du dossier",
    "REFERENCE": "la référence du dossier",
    "DURATION": "la durée",
    "FILE": "le fichier",
}
"""What arguments are, as people say it."""


def _to_json(value: object) -> object:
    """Dates, decimals and dataclasses, in the forms of the HTTP contract."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
