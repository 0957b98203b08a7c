"""Rows of a form in which an employer says what the codes of its files mean: a code, and what it is for us.

A code that is shown stands in a hidden field, so that a row says the same whatever else was read meanwhile. One that is
not kept, because it may name somebody, is typed by whoever has the file.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from law.texts import NO_BREAK_SPACE, count_in_french
from law.work_time import Mode
from models.claim_files.discretion import MAX_CODE_FIGURES, has_personal_figures
from models.claim_files.fields import Category, Field
from models.claim_files.plain import MAX_HEADER, normalised
from models.claim_files.profile import MAX_ENTRIES, ImportProfile, distinct
from starter.http.problems import Fault, InvalidRequest
from starter.services.upload_views import UnreadCode

Choices = list[tuple[str, str]]
FIELDS: Final = (Field.CATEGORY, Field.MODE)
"""What a code may state."""
CHOICES: Final[Mapping[Field, Choices]] = {
    Field.CATEGORY: [(each.value, each.label.capitalize()) for each in Category],
    Field.MODE: [(each.value, f"{each.value} {each.label}") for each in Mode],
}
LABELS: Final[Mapping[Field, str]] = {Field.CATEGORY: "Catégorie", Field.MODE: "Mode d’aménagement du temps de travail"}
FORGOTTEN: Final = "forgotten"
FORGET: Final = (FORGOTTEN, "Ne plus reconnaître ce code")
MAX_ROWS: Final = 8
"""Codes of one form, which is a light page: the others follow, as the file is read again."""
MAX_PAGES: Final = len(FIELDS) * MAX_ENTRIES // MAX_ROWS
"""Pages of the codes that a profile may explain."""
MAX_TYPED: Final = 2
"""Codes of one kind that are typed at once, and places that are told of those that are not shown."""
WRITTEN: Final = "-written"
"""Ends the name of the field that holds a code, beside that of what it means."""
CHOOSE: Final = "Dites ce que ce code veut dire, par une valeur de la liste."
TYPE_IT: Final = "Écrivez le code tel que votre fichier l’écrit, avec une lettre ou un chiffre au moins."
PERSONAL: Final = (
    f"Un code a {count_in_french(MAX_CODE_FIGURES, 'chiffre')} au plus et n’est pas une date. "
    "Un code plus long se change dans votre fichier."
)
NEVER_A_NAME: Final = (
    "Ce code est gardé pour vos prochains fichiers : "
    "n’écrivez jamais ici le nom d’une personne, son numéro ou une date."
)
"""Said beside codes that are typed, which nothing tells from names: a profile is kept in clear."""
TOO_LONG: Final = f"Un code a {MAX_HEADER} caractères au plus."
TWICE: Final = "Ce code est déjà dans la liste, avec un autre sens : gardez-en un."
_TYPED: Final = "typed-"


class CodeRow(NamedTuple):
    """A code and what it may mean; `written` is empty where it is typed, `meaning` where nothing is said yet."""

    name: str
    field: Field
    label: str
    hint: str = ""
    written: str = ""
    meaning: str = ""

    @property
    def meaning_label(self) -> str:
        """Label of what a typed code means."""
        return f"{self.label} veut dire"

    @property
    def blank(self) -> str:
        """Label of the choice that says nothing: what it means already stays as it is then, whoever changes it."""
        return dict(CHOICES[self.field]).get(self.meaning, "Choisissez")

    @property
    def choices(self) -> Choices:
        """What else it may mean; one that was explained may be forgotten."""
        others = [each for each in CHOICES[self.field] if each[0] != self.meaning]
        return others + ([FORGET] if self.meaning else [])


def unknown_rows(codes: Iterable[UnreadCode]) -> list[CodeRow]:
    """Return a row for each code that nothing explains, then some to type those that are not shown."""
    named = [(Field.of(each.field), each) for each in codes]
    known = [(field, each) for field, each in named if each.whole and normalised(each.shown)]
    rows = [
        CodeRow(f"{field.value}-{number}", field, _label(field, each.shown), _where(each), each.shown)
        for number, (field, each) in enumerate(known[:MAX_ROWS], start=1)
    ]
    for field in FIELDS:
        rows += _typed(field, [each for of, each in named if of is field and not each.whole])
    return rows


def explained_rows(profile: ImportProfile | None, beside: int) -> list[CodeRow]:
    """Return a row for each code that was explained before, to be changed, while a form with `beside` has room."""
    return _explained_rows(profile, slice(MAX_ROWS - beside), beside)


def page_of_explained(profile: ImportProfile | None, number: int) -> list[CodeRow]:
    """Return the rows of a page of explained codes, from 1; none beyond the last."""
    return _explained_rows(profile, slice((number - 1) * MAX_ROWS, number * MAX_ROWS))


def count_explained(profile: ImportProfile | None) -> int:
    """Return how many codes were explained before."""
    return sum(map(len, explained(profile).values())) if profile else 0


def explained(profile: ImportProfile) -> dict[Field, dict[str, str]]:
    """Return what a profile says of the codes of each field, as far as it may be said again.

    One that was kept before may give codes that are read alike two meanings, of which the last counts, and one to a
    cell without a letter or a figure.
    """
    categories = {code: of.value for code, of in profile.categories.items()}
    said = {Field.CATEGORY: categories, Field.MODE: profile.modes}
    return {field: distinct({code: of for code, of in said[field].items() if normalised(code)}) for field in FIELDS}


def values(rows: Iterable[CodeRow], fields: Mapping[str, str]) -> dict[str, str]:
    """Return what was chosen or typed, in the rows as they stand now: a code that is shown keeps its own choice."""
    chosen = {(field, written): of for field, _, written, of in _sent(fields) if written}
    typed = {name: value for name, value in fields.items() if name.startswith(_TYPED)}
    return typed | {row.name: chosen.get((row.field, row.written), "") for row in rows if row.written}


def stated(fields: Mapping[str, str]) -> dict[Field, dict[str, str]]:
    """Return what a form says of the codes of each field; a row without a choice says nothing.

    Whatever is written, it can be forgotten. Raises `InvalidRequest` with a fault for each wrong row, at the pointer of
    the field to correct.
    """
    found: dict[Field, dict[str, str]] = {field: {} for field in FIELDS}
    read_alike: dict[tuple[Field, str], str] = {}
    wrong = list[Fault]()
    for field, name, written, of in _sent(fields):
        if not of and not (written and name.startswith(_TYPED)):
            continue
        if of == FORGOTTEN and written:
            found[field].setdefault(written, of)
        elif fault := _wrong(field, name, written, of):
            wrong.append(fault)
        elif read_alike.setdefault((field, normalised(written)), of) != of:
            wrong.append(Fault(pointer=f"/{_of_code(name)}", code="ambiguous", message=TWICE))
        else:
            found[field][written] = of
    if wrong:
        raise InvalidRequest(wrong)
    return found


def labels(rows: Iterable[CodeRow]) -> dict[str, str]:
    """Return how a summary of errors names the fields of rows, in their order."""
    found = dict[str, str]()
    for row in rows:
        found |= {row.name: row.label} if row.written else {f"{row.name}{WRITTEN}": row.label, row.name: row.label}
    return found


def _wrong(field: Field, name: str, written: str, of: str) -> Fault | None:
    if of not in dict([*CHOICES[field], FORGET]):
        return Fault(pointer=f"/{name}", code="unknown-meaning", message=CHOOSE)
    if not normalised(written):
        return Fault(pointer=f"/{_of_code(name)}", code="no-code", message=TYPE_IT)
    if len(written) > MAX_HEADER:
        return Fault(pointer=f"/{_of_code(name)}", code="too-long", message=TOO_LONG)
    if name.startswith(_TYPED) and has_personal_figures(written):
        return Fault(pointer=f"/{_of_code(name)}", code="personal-figures", message=PERSONAL)
    return None


def _explained_rows(profile: ImportProfile | None, which: slice, beside: int = 0) -> list[CodeRow]:
    """Return rows of explained codes, by field and in the order of codes, numbered after those beside."""
    said = explained(profile) if profile else {}
    pairs = [(field, code, of) for field in said for code, of in sorted(said[field].items(), key=_read_as)]
    return [
        CodeRow(f"{field.value}-{number}", field, _label(field, code), "", code, of)
        for number, (field, code, of) in enumerate(pairs[which], start=beside + 1)
    ]


def _read_as(entry: tuple[str, str]) -> str:
    return normalised(entry[0])


def _of_code(name: str) -> str:
    """Return the field beside which a fault of a code stands: that of its meaning where the code is hidden."""
    return f"{name}{WRITTEN}" if name.startswith(_TYPED) else name


def _typed(field: Field, hidden: list[UnreadCode]) -> Iterator[CodeRow]:
    """Yield the rows in which codes that are not shown are typed; the first says where they stand."""
    where = " ; ".join(f"{each.shown}, {_where(each)}" for each in hidden[:MAX_TYPED])
    for number in range(1, MAX_TYPED + 1 if hidden else 1):
        label = f"{LABELS[field]} : votre code n°{NO_BREAK_SPACE}{number}"
        hint = f"{where}. {NEVER_A_NAME}" if number == 1 else NEVER_A_NAME
        yield CodeRow(f"{_TYPED}{field.value}-{number}", field, label, hint)


def _label(field: Field, written: str) -> str:
    return f"{LABELS[field]} « {written} »"


def _where(each: UnreadCode) -> str:
    lines = count_in_french(each.lines, "ligne")
    return f"colonne « {each.column} », {lines}, d’abord la ligne{NO_BREAK_SPACE}{each.first_line}"


def _sent(fields: Mapping[str, str]) -> Iterator[tuple[Field, str, str, str]]:
    """Yield the field, name, code and meaning of every row that a form may have; what was not sent is empty."""
    for field in FIELDS:
        names = [f"{field.value}-{number}" for number in range(1, MAX_ROWS + 1)]
        names += [f"{_TYPED}{field.value}-{number}" for number in range(1, MAX_TYPED + 1)]
        for name in names:
            yield field, name, fields.get(f"{name}{WRITTEN}", ""), fields.get(name, "")


POINTERS: Final[Mapping[str, str]] = {
    f"/{name}{end}": f"{name}{end}" for _, name, _, _ in _sent({}) for end in ("", WRITTEN)
}
"""Pointers of faults, and the fields that they are about."""
