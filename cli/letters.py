"""`tacite letters`: the letters that wait for printing, and the order to print one. Never a code."""

from typing import Annotated, Final
from uuid import UUID

from cyclopts import Parameter

from cli.environment import OPERATOR, current_settings, open_register
from cli.terminal import CommandError, ExitCode, Json, answer, group, say, table
from models.errors import Conflict, Unknown
from models.store.people import letters

letters_group = group("letters", "Lettres d’habilitation : celles à imprimer, et les faire imprimer.")
HEADINGS: Final = ("Lettre", "SIRET", "Établissement", "Département", "Demandée", "Imprimée")
SHOWN: Final = ("id", "siret", "name", "department", "requested_at", "printed_at")


@letters_group.command(name="list")
def list_letters(*, as_json: Json = False) -> None:
    """Lister les lettres à imprimer, les plus anciennes d’abord."""
    with open_register(current_settings()) as database, database.begin() as connection:
        found = [each.model_dump(mode="json", include=set(SHOWN)) for each in letters.list_waiting(connection)]
    rows = [tuple(each[name] for name in SHOWN) for each in found]
    answer({"items": found}, table("Lettres à imprimer", HEADINGS, rows), as_json)


@letters_group.command(name="print")
def print_letter(
    letter: Annotated[UUID, Parameter(help="Identifiant de la lettre.")],
    /,
    *,
    reason: Annotated[str, Parameter(help="Pourquoi imprimer de nouveau une lettre déjà imprimée.")] = "",
) -> None:
    """Faire imprimer une lettre dans le dossier de TACITE_LETTERS ; l’acte est inscrit au journal."""
    settings = current_settings()
    if settings.letters is None:
        raise CommandError(ExitCode.MISSING, "TACITE_LETTERS ne désigne aucun dossier d’impression.")
    with open_register(settings) as database, database.begin() as connection:
        try:
            letters.order(connection, str(letter), OPERATOR, reason.strip())
        except Unknown as unknown:
            raise CommandError(ExitCode.NEGATIVE, "Aucune lettre à imprimer ne porte cet identifiant.") from unknown
        except Conflict as conflict:
            raise CommandError(ExitCode.NEGATIVE, conflict.detail) from conflict
    say(f"Lettre {letter} remise à l’impression.")
