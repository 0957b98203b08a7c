"""`tacite keys`: the keys under which histories can be read."""

import sys
from typing import Annotated

from cyclopts import Parameter

from cli.terminal import CommandError, ExitCode, Json, answer, group, say

keys_group = group("keys", "Clés des historiques.")


@keys_group.command
def erase(
    reference: Annotated[str, Parameter(help="Référence d’un dossier clos.")],
    /,
    *,
    reason: Annotated[str, Parameter(help="Pourquoi l’effacer.")],
    as_json: Json = False,
) -> None:
    """Détruire la clé d’un dossier clos : son historique devient illisible, pour toujours."""
    from cli import operations

    _confirm(reference)
    erased = operations.erase(reference, reason)
    answer({"reference": erased}, f"Effacement de l’historique du dossier {erased} demandé.", as_json)


def _confirm(reference: str) -> None:
    """Have a person type the reference again; a program, which has no terminal, has stated it already."""
    if not sys.stdin.isatty():
        return
    say(f"L’historique du dossier {reference} deviendra illisible, pour toujours. Retapez la référence :")
    if sys.stdin.readline().strip() != reference:
        raise CommandError(ExitCode.MISUSE, "Ce n’est pas la même référence : rien n’est effacé.")
