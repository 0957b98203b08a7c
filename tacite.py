"""The command line: each command calls the function that does the work and prints its result.

Exit codes: 0 done, 1 negative answer, 2 misuse, 3 a dependency is missing. A command imports what it needs
when it runs, so that short commands answer at once.
"""

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

from cyclopts import CycloptsError, Parameter

from cli.accounts import accounts_group
from cli.agents import agents_group
from cli.terminal import (
    CommandError,
    ExitCode,
    Json,
    answer,
    application,
    group,
    read_file,
    say,
    table,
    usage_error,
)

if TYPE_CHECKING:
    from activities.signing.archive import Archiver

VERSION: Final = "0.1.0"

app = application("Tacite : l’activité partielle, de la demande au silence qui vaut acceptation.", VERSION)
keys = group("keys", "Clés des historiques.")
for each in (accounts_group, agents_group, keys):
    app.command(each)

VERDICT: Final = ("Valable", "Niveau", "Signataire", "Signé le", "Intact", "Inscrit", "Dossier", "Problèmes")
"""French names of the fields of `models.messages.verification.Verification`, in their order."""

Restored = Annotated[Literal["engine", "register"] | None, Parameter(help="Ce qui vient d’une sauvegarde.")]
Department = Annotated[str, Parameter(help="Département : 75, 075, 2A, 971… ; 75 par défaut.")]


@app.command
def deadline(
    *,
    received_at: Annotated[str, Parameter(help="Instant de réception, avec son décalage horaire.")],
    department: Department = "75",
    as_json: Json = False,
) -> None:
    """Dire à quel instant le silence sur une demande vaut acceptation (R. 5122-4)."""
    from cli import calculations

    result = calculations.deadline(received_at, department)
    facts = {name: getattr(result, name) for name in ("rule", "last_day_on", "tacit_acceptance_at", "why")}
    answer(facts, calculations.deadline_in_words(result), as_json)


@app.command
def window(
    *,
    ground: Annotated[str, Parameter(help="Motif : economic_conditions, disaster_or_weather…")],
    placement_on: Annotated[str, Parameter(help="Jour du placement en activité partielle.")],
    department: Department = "75",
    as_json: Json = False,
) -> None:
    """Dire jusqu’à quand une demande peut être reçue (R. 5122-2, R. 5122-3)."""
    from cli import calculations

    result = calculations.window(ground, placement_on, department)
    facts = {name: getattr(result, name) for name in ("closes_at", "accepted_until", "why")}
    answer(facts, calculations.window_in_words(result), as_json)


@app.command
def verify(
    file: Annotated[Path, Parameter(help="Document PDF.")],
    /,
    *,
    trust: Annotated[Path | None, Parameter(help="Dossier des autorités reconnues : juge hors ligne.")] = None,
    register: Annotated[Path | None, Parameter(help="Extrait signé du registre (register.json).")] = None,
    as_json: Json = False,
) -> int:
    """Vérifier un document scellé ou signé, auprès du Tacite d’ici ou, avec --trust, hors ligne."""
    from activities.signing.archive import ExtractNotTrusted, open_extract
    from activities.signing.errors import SigningUnavailable
    from activities.signing.verify import verify as judge
    from cli.environment import current_settings
    from cli.operations import find_registered_case

    content = read_file(file)  # first, so that wrong use is reported as such even where nothing runs
    try:
        anchors = trust or current_settings().trust
        known = open_extract(register, anchors) if register else None if trust else find_registered_case
        result = judge(content, anchors, known, online=trust is None)
    except SigningUnavailable as unusable:
        raise CommandError(ExitCode.MISUSE, f"{anchors} ne contient aucune autorité lisible.") from unusable
    except ExtractNotTrusted as unusable:
        raise CommandError(ExitCode.MISUSE, str(unusable)) from unusable
    facts = result.model_dump(mode="json")
    rows = zip(VERDICT, facts.values(), strict=True)
    answer(facts, table(str(file), ("Point", "Constat"), rows), as_json)
    return ExitCode.DONE if result.valid else ExitCode.NEGATIVE


@app.command
def incidents(*, as_json: Json = False) -> None:
    """Lister ce qui attend un service en panne."""
    from cli.operations import open_incidents

    result = open_incidents()
    headings = ("Processus", "Acte", "Service", "Depuis")
    rows = [[str(each[name]) for name in ("process", "act", "part", "opened_at")] for each in result]
    answer({"items": result}, table("Incidents", headings, rows), as_json)


@app.command
def resume(
    reference: Annotated[str, Parameter(help="Dossier, brouillon, SIRET ou canal en attente.")],
    /,
    *,
    reason: Annotated[str, Parameter(help="Pourquoi on peut reprendre.")],
    as_json: Json = False,
) -> None:
    """Reprendre ce qui est en attente, une fois le service rétabli."""
    from cli import operations

    result = operations.resume(reference, reason)
    answer({"items": result}, f"{reference} : reprise demandée", as_json)


@app.command
def doctor(*, as_json: Json = False) -> int:
    """Vérifier chaque dépendance, et dire que faire pour celles qui manquent."""
    from activities.signing.health import trials
    from cli.doctor import examine
    from cli.environment import current_settings

    settings = current_settings()
    result = list(examine(settings, trials(settings)))
    rows = [(each.part, each.ok, each.found, each.remedy) for each in result]
    rendered = table("Dépendances", ("Quoi", "Là ?", "Constat", "Que faire"), rows)
    answer({"items": [each.model_dump() for each in result]}, rendered, as_json)
    return ExitCode.DONE if all(each.ok for each in result) else ExitCode.MISSING


@app.command
def migrate() -> None:
    """Amener le registre à la version de ce code."""
    from cli.environment import current_settings, open_register
    from models.store.migrate import migrate as apply

    settings = current_settings()
    with open_register(settings):
        apply(settings.database)
    say("Le registre est à jour.")


@app.command(name="setup-engine")
def setup_engine(
    *,
    retention_days: Annotated[int, Parameter(help="Jours de garde des dossiers clos ; 90 par défaut.")] = 90,
    as_json: Json = False,
) -> None:
    """Configurer le moteur pour l’exécutant : espace, attributs, version."""
    import asyncio

    from cli.engine_setup import prepare
    from cli.environment import current_settings

    result = asyncio.run(prepare(current_settings(), retention_days))
    rows = [(each.what, "fait" if each.changed else "déjà là") for each in result]
    rendered = table("Moteur", ("Quoi", "État"), rows)
    answer({"items": [each.model_dump() for each in result]}, rendered, as_json)


@app.command
def reconcile(
    *,
    restored: Restored = None,
    as_json: Json = False,
) -> int:
    """Comparer le moteur au registre, qui fait foi ; avec --restored, remettre en marche ce qui est perdu."""
    from cli.operations import with_engine
    from starter.relay.reconcile import reconcile_for_operator

    result = with_engine(lambda register, client: reconcile_for_operator(register, client, restored))
    rendered = table(result.words, ("Processus", "Constat", "Issue perdue"), result.rows())
    answer(result.model_dump(mode="json"), rendered, as_json)
    return ExitCode.NEGATIVE if result.items and restored is None else ExitCode.DONE


@app.command
def replay(
    *histories: Annotated[str, Parameter(help="Fichiers d’historique, ou références.")],
    as_json: Json = False,
) -> int:
    """Rejouer des historiques avec le code d’ici : aucun ne doit diverger."""
    from cli.replay import replay as replay_all
    from worker import WORKFLOWS

    if not histories:
        raise CommandError(ExitCode.MISUSE, "Donnez au moins un historique.")
    result = replay_all(histories, WORKFLOWS)
    rows = [(each.history, each.ok, each.problem) for each in result]
    rendered = table("Historiques", ("Quoi", "Rejoué ?", "Divergence"), rows)
    answer({"items": [each.model_dump() for each in result]}, rendered, as_json)
    return ExitCode.DONE if all(each.ok for each in result) else ExitCode.NEGATIVE


@keys.command
def erase(
    reference: Annotated[str, Parameter(help="Référence d’un dossier clos.")],
    /,
    *,
    reason: Annotated[str, Parameter(help="Pourquoi l’effacer.")] = "Effacement demandé sur place.",
) -> None:
    """Détruire la clé d’un dossier clos : son historique devient illisible, pour toujours."""
    from cli import operations

    say(f"Effacement de l’historique du dossier {operations.erase(reference, reason)} demandé.")


def _open_archiver(environment: Mapping[str, str]) -> "Archiver":
    """Open the archiver of a demonstration's documents; the scenarios themselves import no activity."""
    from activities.signing.archive import Archiver

    return Archiver.of(environment)


if Path(__file__).with_name("local").is_dir():  # a checkout or the development image: neither package ships
    import local.commands
    import scenarios.commands

    local.commands.register(app)
    scenarios.commands.register(app, _open_archiver, VERSION)


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; errors are reported in French."""
    try:
        return app(arguments) or ExitCode.DONE
    except CycloptsError as error:
        say(usage_error(error))
        return ExitCode.MISUSE
    except CommandError as error:
        say(str(error))
        return error.code
    except KeyboardInterrupt:
        say("Interrompu.")
        return 128 + signal.SIGINT


def main() -> None:
    """Run one command and end at once: the engine's client may abort while Python unwinds."""
    code = run(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
