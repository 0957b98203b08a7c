"""Stable codes and French sentences for the errors of pydantic. The invalid value itself is never repeated."""

import re
from collections.abc import Mapping
from typing import Final

HOW_TO_WRITE_A_DAY: Final = "Écrivez cette date ainsi : « 2026-12-01 »."
SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("missing", "Indiquez cette information : elle est nécessaire."),
    "extra_forbidden": ("unknown-field", "Cette information n’est pas prévue ici."),
    "string_type": ("not-a-text", "Un texte est attendu."),
    "string_too_short": ("empty", "Ce texte est vide ou trop court."),
    "string_too_long": ("too-long", "Ce texte dépasse {max_length} caractères."),
    "string_pattern_mismatch": ("wrong-form", "La forme de ce texte n’est pas celle attendue."),
    "int_type": ("not-a-number", "Un nombre entier est attendu."),
    "int_parsing": ("not-a-number", "Un nombre entier est attendu."),
    "int_parsing_size": ("not-a-number", "Ce nombre est démesuré."),
    "finite_number": ("not-a-number", "Un nombre fini est attendu."),
    "decimal_type": ("not-a-number", "Un nombre décimal est attendu."),
    "decimal_parsing": ("not-a-number", "Un nombre décimal est attendu."),
    "decimal_max_digits": ("too-large", "Ce nombre compte plus de {max_digits} chiffres."),
    "decimal_max_places": ("too-precise", "Ce nombre compte plus de {decimal_places} décimales."),
    "bool_type": ("not-a-boolean", "Répondez par true ou false."),
    "bool_parsing": ("not-a-boolean", "Répondez par true ou false."),
    "greater_than": ("too-small", "Ce nombre doit être supérieur à {gt}."),
    "greater_than_equal": ("too-small", "Ce nombre doit être au moins égal à {ge}."),
    "less_than_equal": ("too-large", "Ce nombre ne peut pas dépasser {le}."),
    "enum": ("not-a-choice", "Valeur non admise, choisissez parmi {expected}."),
    "literal_error": ("not-a-choice", "Valeur non admise, choisissez parmi {expected}."),
    "union_tag_invalid": ("not-a-choice", "Valeur non admise, choisissez parmi {expected_tags}."),
    "union_tag_not_found": ("not-a-choice", "Aucune des formes prévues ne se reconnaît ici."),
    "model_type": ("not-an-object", "Un objet JSON est attendu."),
    "model_attributes_type": ("not-an-object", "Un objet JSON est attendu."),
    "dict_type": ("not-an-object", "Un objet JSON est attendu."),
    "tuple_type": ("not-a-list", "Une liste est attendue."),
    "too_short": ("too-few", "Cette liste compte au moins {min_length} élément."),
    "too_long": ("too-many", "Cette liste compte au plus {max_length} éléments."),
    "date_from_datetime_parsing": ("not-a-date", HOW_TO_WRITE_A_DAY),
    "date_type": ("not-a-date", HOW_TO_WRITE_A_DAY),
    "datetime_type": ("not-an-instant", "Écrivez cet instant ainsi : « 2026-12-01T09:30:00+01:00 »."),
    "datetime_parsing": ("not-an-instant", "Écrivez cet instant ainsi : « 2026-12-01T09:30:00+01:00 »."),
    "datetime_from_date_parsing": (
        "not-an-instant",
        "Écrivez cet instant ainsi : « 2026-12-01T09:30:00+01:00 ».",
    ),
    "timezone_aware": (
        "naive-instant",
        "Un instant doit porter son décalage horaire, par exemple « +01:00 ».",
    ),
}
"""Error type of pydantic → our code and sentence; the braces are pydantic's own limits, never the input."""

DEFAULT_SENTENCE: Final = ("not-admitted", "Cette valeur n’est pas admise.")


def sentence(kind: str, context: Mapping[str, object]) -> tuple[str, str]:
    """Return the code and the French sentence of a pydantic error; our own validators supply theirs."""
    if kind == "value_error":
        return "wrong-value", str(context.get("error", DEFAULT_SENTENCE[1]))
    if kind in ("objections", "text_refused"):
        return str(context["code"]), str(context["message"])
    code, words = SENTENCES.get(kind, DEFAULT_SENTENCE)
    return code, words.format_map({name: _quoted(value) for name, value in context.items()})


def _quoted(value: object) -> str:
    quoted = re.sub(r"'([^']*)'", r"« \1 »", str(value)).replace(" or ", " ou ")
    return _LAST_COMMA.sub(r"\1 ou ", quoted) if " ou " not in quoted else quoted


_LAST_COMMA: Final = re.compile(r"^(.* »), (?=«[^,]*$)")
"""The comma before the last of several choices."""
