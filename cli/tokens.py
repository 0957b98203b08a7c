"""`tacite tokens`: the tokens in force of an account, or of everybody, and their end."""

from typing import Annotated, Final

from cyclopts import Parameter

from cli.environment import OPERATOR, current_settings, open_register
from cli.terminal import CommandError, ExitCode, Json, answer, group, say, table
from models.errors import Unknown
from models.store.people import tokens

tokens_group = group("tokens", "Jetons d’accès : ceux qui valent, et les révoquer.")
HEADINGS: Final = ("Jeton", "Compte", "Rôle", "Libellé", "Portée", "Créé", "Expire", "Dernier usage")


@tokens_group.command(name="list")
def list_tokens(
    *,
    account: Annotated[str | None, Parameter(help="Identifiant d’un compte ; sans lui, tous.")] = None,
    as_json: Json = False,
) -> None:
    """Lister les jetons en vigueur, sans leur secret."""
    with open_register(current_settings()) as database, database.begin() as connection:
        found = tokens.list_in_force(connection, account)
    rows = [tuple(each.model_dump(mode="json").values()) for each in found]
    answer({"items": [each.model_dump(mode="json") for each in found]}, table("Jetons", HEADINGS, rows), as_json)


@tokens_group.command
def revoke(
    token: Annotated[str | None, Parameter(help="Identifiant d’un jeton.")] = None,
    /,
    *,
    account: Annotated[str | None, Parameter(help="Révoquer tous ceux d’un compte.")] = None,
) -> None:
    """Révoquer un jeton, ou tous ceux d’un compte : ils n’ouvrent plus rien à l’instant."""
    if (token is None) == (account is None):
        raise CommandError(ExitCode.MISUSE, "Donnez un jeton, ou --account.")
    with open_register(current_settings()) as database, database.begin() as connection:
        try:
            count = tokens.revoke_in_force(connection, OPERATOR, token=token, account=account)
        except Unknown as unknown:
            raise CommandError(ExitCode.NEGATIVE, "Aucun jeton en vigueur ne porte cet identifiant.") from unknown
    say(f"{count} jeton(s) révoqué(s).")
