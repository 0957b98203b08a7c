"""What is wrong in a file of answers, line by line, for operators: places and numbers only, nothing that it quotes."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from pydantic import ValidationError

from models.agency_answers import MOVEMENT, AnswerDocument, AnswerLine

_WRONG: Final = {
    "missing": "manque",
    "string_pattern_mismatch": "n’a pas la forme attendue",
    "string_too_long": "est trop long",
    "too_long": "a trop d’éléments",
    "too_short": "est vide",
}
_OTHERWISE: Final = "n’a pas la valeur attendue"


class LineFault(NamedTuple):
    """What is wrong, in French, and at which line; None of the file itself."""

    line: int | None
    what: str


def diagnose(content: bytes, sent: Mapping[int, str] | None) -> list[LineFault]:
    """Return what is wrong in a file; `sent` is the key of each line that we put, None if we put no such file."""
    try:
        document = AnswerDocument.model_validate_json(content)
    except ValidationError as wrong:  # its text quotes what the agency wrote: only places and kinds are read
        return list(_malformed(wrong, None))
    found = [fault for place, row in enumerate(document.lines, start=1) for fault in _of_row(place, row, sent)]
    return found if sent is not None else [*found, LineFault(None, "Aucun fichier déposé par nous ne porte ce nom.")]


def _of_row(place: int, row: object, sent: Mapping[int, str] | None) -> Iterator[LineFault]:
    """Yield what is wrong in a row: at its place in the file if it cannot be read, else at the line that it names."""
    try:
        answer = AnswerLine.model_validate(row)
    except ValidationError as wrong:
        yield from _malformed(wrong, place)
        return
    if answer.code and sent is not None and (fault := _of_line(answer, sent)):
        yield fault


def _malformed(wrong: ValidationError, place: int | None) -> Iterator[LineFault]:
    """Yield each field of our schema that a file, or the row at a place of it, does not fit."""
    for each in wrong.errors(include_url=False, include_context=False, include_input=False):
        fields = [str(part) for part in each["loc"] if not isinstance(part, int)]
        if fields:
            yield LineFault(place, f"« {fields[-1]} » {_WRONG.get(each['type'], _OTHERWISE)}.")
        else:
            yield LineFault(
                place, "Le contenu n’est pas du JSON lisible." if place is None else "Ce n’est pas une ligne."
            )


def _of_line(answer: AnswerLine, sent: Mapping[int, str]) -> LineFault | None:
    if answer.movement != MOVEMENT:
        return LineFault(answer.line, "Le mouvement n’est pas celui des demandes d’indemnisation.")
    if answer.line not in sent:
        return LineFault(answer.line, "Le fichier déposé n’a pas de ligne de ce numéro.")
    if answer.key is not None and answer.key != sent[answer.line]:
        return LineFault(answer.line, "La clé n’est pas celle de la ligne déposée.")
    return None
