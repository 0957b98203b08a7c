"""`tacite demo`: the demonstration, absent from what ships."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from cli.terminal import CommandError, ExitCode, Json, answer, say
from scenarios.archive import OpenArchiver


def register(app: App, open_archiver: OpenArchiver, version: str) -> None:
    """Add the command to the command line; `open_archiver` archives documents, `version` is ours."""

    @app.command
    def demo(
        *,
        out: Annotated[Path, Parameter(help="Dossier où laisser documents, dépôts et registre.")],
        cases: Annotated[Path | None, Parameter(help="Vos demandes : liste JSON de corps de requête.")] = None,
        as_json: Json = False,
    ) -> None:
        """Montrer tous les parcours d’une demande, quinze jours passant en quelques secondes."""
        from scenarios import report
        from scenarios.demonstration import read_bodies, run, scenario_labels

        if out.exists() and not out.is_dir():
            raise CommandError(ExitCode.MISUSE, f"{out} n’est pas un dossier.")
        bodies = read_bodies(cases) if cases else []
        result = run(out, bodies, open_archiver, version)
        answer(result.model_dump(mode="json"), report.as_table(result, scenario_labels(bodies)), as_json)
        for line in report.remarks(result, out):
            say(line)
