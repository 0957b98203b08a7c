"""The paying agency’s answers as it writes them: bytes of a stranger, read under bounds and a strict schema.

An answer is our file again, each row with `codeTraitement` (4 digits) and `libelleTraitement`; a row without a code is
not answered yet. Fields that only echo ours are not read. Codes: 0000 integrated, 3436 already integrated; the families
32, 33 and 34 reject; nothing public says what 31 and 35 are, and they are taken for rejections too.
"""

import re
from typing import Annotated, Final, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints, ValidationError

from models.labels import Labelled

INTEGRATED: Final = "0000"
ALREADY_INTEGRATED: Final = "3436"
ACCEPTING: Final = (INTEGRATED, ALREADY_INTEGRATED)
SETTLED: Final = "ACTE"
"""A code of ours, which no agency writes: two operators hold a row that was never answered to be rejected."""
SETTLED_LABEL: Final = "L’agence n’a pas répondu : l’administration tient la demande pour rejetée"
ANSWER_SUFFIX: Final = "_FichierRetour.json"
MOVEMENT: Final = "C"
"""Of the rows that are answered: amendments (M) are another stream."""
MAX_LINES: Final = 10_000
"""Of a file, above any cap of ours."""
_STAMP: Final = "[0-9]{14}"

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
LineNumber = Annotated[int, Field(ge=1, le=1_000_000)]


class AnswerFault(Labelled):
    """Why a file of answers, or a row of one, is not applied."""

    MALFORMED = "malformed", "Fichier illisible"
    TOO_LARGE = "too-large", "Fichier trop volumineux"
    UNKNOWN_FILE = "unknown-file", "Réponse à un fichier que nous n’avons pas déposé"
    UNKNOWN_LINE = "unknown-line", "Réponse à une ligne que nous n’avons pas déposée"
    WRONG_STREAM = "wrong-stream", "Réponse d’un autre flux"


class AnswerRefused(Exception):
    """A file of answers of which nothing can be applied, and why."""

    def __init__(self, fault: AnswerFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class AnswerLine(BaseModel):
    """The answer to one row."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    line: LineNumber = Field(alias="numLigne")
    movement: Annotated[str, StringConstraints(max_length=8)] = Field(alias="typeMouvement")
    key: Digest | None = Field(alias="cleLigne", default=None)
    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")] | None = Field(alias="codeTraitement")
    label: Annotated[str, StringConstraints(max_length=200)] | None = Field(alias="libelleTraitement", default=None)
    digest: Digest | None = Field(alias="empreinteDocument", default=None)
    nominal_digest: Digest | None = Field(alias="empreinteNominatif", default=None)
    rejected_lines: Annotated[list[LineNumber], Field(max_length=MAX_LINES)] = Field(
        alias="lignesRejetees", default_factory=list
    )
    """Lines of the nominal file whose people the agency rejects; never a name."""

    @property
    def accepts(self) -> bool:
        """Whether the agency has the whole row, by this answer or by one before."""
        return self.code in ACCEPTING and not self.rejected_lines


class AnswerDocument(BaseModel):
    """A file of answers, whose rows are read one by one."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    lines: Annotated[list[JsonValue], Field(min_length=1, max_length=MAX_LINES)] = Field(alias="lignesTelechargement")


class ReadAnswers(NamedTuple):
    """The rows of a file that are answered, and those that cannot be read, by their places in it from 1 on."""

    lines: list[tuple[int, AnswerLine]]
    malformed: list[int]


def answer_name(deposit: str) -> str:
    """Return the name of the answers to a file."""
    return deposit.removesuffix(".json") + ANSWER_SUFFIX


def deposit_name(answers: str) -> str:
    """Return the name of the file that answers are about."""
    return answers.removesuffix(ANSWER_SUFFIX) + ".json"


def is_of_stream(name: str, prefix: str) -> bool:
    """Whether a file of the agency is named as answers to files of a prefix: others are not ours."""
    return re.fullmatch(re.escape(prefix) + _STAMP + re.escape(ANSWER_SUFFIX), name) is not None


def read_answers(content: bytes) -> ReadAnswers:
    """Return the rows that are answered, each with its place; raises `AnswerRefused` if no row can be read."""
    try:
        document = AnswerDocument.model_validate_json(content)
    except ValidationError:  # its text quotes what the agency wrote
        raise AnswerRefused(AnswerFault.MALFORMED) from None
    lines, malformed = list[tuple[int, AnswerLine]](), list[int]()
    for place, row in enumerate(document.lines, start=1):
        try:
            line = AnswerLine.model_validate(row)
        except ValidationError:
            malformed.append(place)
        else:
            if line.code is not None:
                lines.append((place, line))
    if len(malformed) == len(document.lines):
        raise AnswerRefused(AnswerFault.MALFORMED)
    return ReadAnswers(lines, malformed)
