"""The command line: one table of commands, each a few lines over what does the work.

Exit codes: 0 done, 1 negative answer, 2 wrong use, 3 a dependency is missing. A command imports what it needs
when it runs, so that the short ones answer at once.
"""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final, Literal

from cyclopts import App, CycloptsError, Parameter

from local.terminal import Code, Ended, answer, application, misuse, say, table

VERSION: Final = "0.1.0"

app = application("Tacite : l’activité partielle, de la demande au silence qui vaut acceptation.", VERSION)
accounts = App(name="accounts", help="Ouvrir des comptes.")
app.command(accounts)

Json = Annotated[bool, Parameter("--json", help="JSON seul sur la sortie standard.")]
Department = Annotated[str, Parameter(help="Département : 75, 075, 2A, 971… ; 75 par défaut.")]


@app.command
def deadline(
    *,
    received_at: Annotated[str, Parameter(help="Instant de réception, avec son décalage horaire.")],
    department: Department = "75",
    as_json: Json = False,
) -> None:
    """Dire à quel instant le silence sur une demande vaut acceptation (R. 5122-4)."""
    from local import calculations

    found = calculations.deadline(received_at, department)
    facts = {name: getattr(found, name) for name in ("rule", "last_day_on", "tacit_acceptance_at", "why")}
    answer(facts, calculations.deadline_in_words(found), as_json)


@app.command
def window(
    *,
    ground: Annotated[str, Parameter(help="Motif : economic_conditions, disaster_or_weather…")],
    placement_on: Annotated[str, Parameter(help="Jour du placement en activité partielle.")],
    department: Department = "75",
    as_json: Json = False,
) -> None:
    """Dire jusqu’à quand une demande peut être reçue (R. 5122-2, R. 5122-3)."""
    from local import calculations

    found = calculations.window(ground, placement_on, department)
    facts = {name: getattr(found, name) for name in ("closes_at", "accepted_until", "why")}
    answer(facts, calculations.window_in_words(found), as_json)


@app.command
def demo(
    *,
    out: Annotated[Path, Parameter(help="Dossier où laisser documents, dépôts et registre.")],
    cases: Annotated[Path | None, Parameter(help="Vos demandes : liste JSON de corps de requête.")] = None,
    as_json: Json = False,
) -> None:
    """Montrer tous les parcours d’une demande, quinze jours passant en quelques secondes."""
    from activities.pki.keeping import Keeper
    from local import report
    from local.demo import bodies_of, labels, run
    from local.world import World

    def keeper(world: World) -> Keeper:
        folder, timestamps = world.authorities.folder, json.loads(world.environment["TACITE_TIMESTAMPS"])
        return Keeper(folder / "trust", folder / "seal", tuple(timestamps))

    bodies = bodies_of(cases) if cases else []
    found = run(out, bodies, keeper, VERSION)
    answer(found.model_dump(mode="json"), report.shown(found, labels(bodies)), as_json)


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; what goes wrong is said in French."""
    try:
        return app(arguments) or Code.DONE
    except CycloptsError as wrong:
        say(misuse(wrong))
        return Code.MISUSE
    except Ended as ended:
        say(str(ended))
        return ended.code


def main() -> None:
    """Run one command and end at once: the engine's client may abort while Python unwinds."""
    code = run(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
