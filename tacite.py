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
from cli.claims import claims_group
from cli.keys import keys_group
from cli.letters import letters_group
from cli.money import COMMANDS, Department
from cli.terminal import (
    CommandError,
    Dry,
    ExitCode,
    Json,
    ReaderGone,
    answer,
    application,
    read_file,
    say,
    table,
    usage_error,
)
from cli.tokens import tokens_group

if TYPE_CHECKING:
    from activities.signing.archive import Archiver

VERSION: Final = "0.1.0"

app = application("Tacite : l’activité partielle, de la demande au silence qui vaut acceptation.", VERSION)
for each in (*COMMANDS, accounts_group, agents_group, claims_group, keys_group, letters_group, tokens_group):
    app.command(each)

VERDICT: Final = ("Valable", "Niveau", "Signataire", "Signé le", "Intact", "Inscrit", "Dossier", "Problèmes")
"""French names of the fields of `models.messages.verification.Verification`, in their order."""
Rows = Annotated[int | None, Parameter(help="Nombre de lignes à transmettre.")]
Restored = Annotated[Literal["engine", "register"] | None, Parameter(help="Ce qui vient d’une sauvegarde.")]


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
    trust: Annotated[Path | None, Parameter(help="Dossier des autorités et des signataires : hors ligne.")] = None,
    register: Annotated[Path | None, Parameter(help="Extrait signé du registre (register.json).")] = None,
    as_json: Json = False,
) -> int:
    """Vérifier un document scellé ou signé, auprès du Tacite d’ici ou, avec --trust, hors ligne."""
    from activities.signing.verdicts import Judge, Unusable, check_trust
    from cli.environment import current_settings
    from cli.examiner import own_examiner
    from cli.operations import find_registered_case

    content = read_file(file)  # first, so that wrong use is reported as such even where nothing runs
    extract = read_file(register) if register else None
    try:
        check_trust(anchors := trust or current_settings().trust)
        with own_examiner() as examiner:
            judge = Judge(anchors, examiner, online=trust is None)
            known = judge.extract(extract) if extract is not None else None if trust else find_registered_case
            result = judge.verify(content, known)
    except Unusable as unusable:
        raise CommandError(ExitCode.MISUSE, str(unusable)) from unusable
    facts = result.model_dump(mode="json")
    answer(facts, table(str(file), ("Point", "Constat"), zip(VERDICT, facts.values(), strict=True)), as_json)
    return ExitCode.DONE if result.valid else ExitCode.NEGATIVE


@app.command
def trust(folder: Annotated[Path, Parameter(help="Dossier des autorités reconnues.")], /) -> None:
    """Publier qui signe ici (signers.json) : le cachet, les signataires et leur période."""
    from activities.signing.errors import SigningUnavailable
    from activities.signing.published import publish
    from cli.environment import current_settings

    try:
        say(f"{len(publish(folder, current_settings()).signers)} certificats publiés dans {folder}.")
    except SigningUnavailable as missing:
        raise CommandError(ExitCode.MISSING, "Le cachet, les signataires ou l’horodatage manquent.") from missing


@app.command
def agency(*, rows: Rows = None, dry: Dry = False, as_json: Json = False) -> int:
    """Dire en combien de jours ouvrés des lignes partent vers l’ASP, ou ce que serait le prochain fichier."""
    from activities.agency.preview import preview
    from cli.agency import show

    return show(rows, dry=dry, as_json=as_json, preview=preview)


@app.command
def incidents(*, as_json: Json = False) -> None:
    """Lister ce qui attend un service en panne."""
    from cli.operations import in_words, open_incidents

    result = open_incidents()
    answer({"items": result}, in_words(result), as_json)


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
    rendered = table("Dépendances", ("Quoi", "Présent ?", "Constat", "Que faire"), rows)
    answer({"items": [each.model_dump() for each in result]}, rendered, as_json)
    return ExitCode.DONE if all(each.ok for each in result) else ExitCode.MISSING


@app.command
def audit(
    *,
    everything: Annotated[bool, Parameter(name="--all", help="Tout, et non ce qui est nouveau.")] = False,
    anchors: Annotated[Path | None, Parameter(help="Dossier des copies d’ancrages hors du registre.")] = None,
    as_json: Json = False,
) -> int:
    """Recalculer événements, chaînes, ancrages, horodatages et lignes du registre, et dire ce qui a été changé."""
    from activities.signing.errors import SigningUnavailable
    from activities.signing.tokens import token_check
    from cli import evidence

    try:
        verdict = evidence.audit(token_check, everything=everything, outside=anchors)
    except SigningUnavailable as missing:
        raise CommandError(
            ExitCode.MISSING, "Le dossier de TACITE_TRUST ne contient aucune autorité lisible."
        ) from missing
    for note in (evidence.summary(verdict), *verdict.notes):
        say(note)
    rendered = table("Constats", ("Sujet", "Numéro", "Constat"), evidence.in_words(verdict))
    answer(verdict.model_dump(mode="json"), rendered, as_json)
    return ExitCode.NEGATIVE if verdict.broken else ExitCode.DONE


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
def reconcile(*, restored: Restored = None, as_json: Json = False) -> int:
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
    except ReaderGone:
        return 128 + signal.SIGPIPE
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
