"""`tacite up` and `tacite advance`: commands of a development machine, absent from what ships."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from cli.terminal import Json, answer


def register(app: App) -> None:
    """Add the commands to the command line."""
    app.command(up)
    app.command(advance)


def up(
    *,
    data: Annotated[Path | None, Parameter(help="Dossier des données ; .tacite par défaut.")] = None,
    as_json: Json = False,
) -> None:
    """Faire tourner Tacite sur cette machine, jusqu’à Ctrl-C."""
    from cli.environment import data_folder
    from local.up import run

    run(data or data_folder(), as_json=as_json)


def advance(
    subject: Annotated[str, Parameter(help="Référence d’un dossier, identifiant d’un brouillon, ou SIRET.")],
    duration: Annotated[str, Parameter(help="15d, 36h, 90m ou 45s.")],
    /,
    *,
    as_json: Json = False,
) -> None:
    """Faire passer le temps pour un dossier (profil de développement seulement)."""
    from local import advance as clock

    now = clock.advance(subject, clock.duration(duration))
    answer({"subject": subject, "now": now}, f"{subject} est au {now.isoformat()}", as_json)
