"""`tacite claims`: check a file of a claim before it is sent, and write it in the canonical form. Nothing is stored."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final, Literal

from cyclopts import Parameter
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from cli.claim_report import as_data, as_table, fault_lines
from cli.environment import current_settings, open_register
from cli.examiner import own_examiner
from cli.terminal import CommandError, ExitCode, Json, answer, group, read_file, say, write, wrong_options
from law.allowance import HeadcountNeeded
from law.rates import RateUnknown
from models.bodies.claim_files import ClaimFileQuestion
from models.claim_files import canonical
from models.claim_files.check import CheckedFile
from models.claim_files.check import Progress as Told
from models.claim_files.check import check as check_file
from models.claim_files.fields import Field, FileFormat
from models.claim_files.profile import ImportProfile, ReadingContext
from models.claim_files.reading import ClaimFile, UnreadableFile, read
from models.claim_files.refusals import RefusalCode
from models.claim_files.verdict import CLAIM
from models.errors import Unknown
from models.examination.client import ExaminerUnavailable
from models.identifiers import authorization_of, find_reference
from models.store.cases import authorizations
from models.store.claims import payees

claims_group = group("claims", "Demandes d’indemnisation : contrôler un fichier avant de l’envoyer.")
NO_EXAMINER: Final = "Le programme qui lit les fichiers n’a pas répondu : réessayez."
MIN_PRIVATE_FIGURES: Final = 8
"""Figures in a key of an import profile from which it is not shown; headers of such a file have a date at most."""
MAX_SHOWN: Final = 40
"""Characters of a key that are shown."""

ClaimedFile = Annotated[Path, Parameter(help="Fichier CSV, XLSX, DSN ou JSON.")]
Month = Annotated[str | None, Parameter(help="Mois demandé : 2021-03.")]
Profile = Annotated[Path | None, Parameter(help="Profil d’import (JSON) : colonnes et codes de votre logiciel.")]
Establishment = Annotated[str | None, Parameter(help="SIRET de l’établissement, si une DSN en réunit plusieurs.")]
PaidTo = Annotated[
    Literal["establishment", "employees"] | None,
    Parameter(help="Qui est payé : establishment ou employees ; employees si le fichier porte leurs IBAN."),
]
OPTIONS: Final = {
    RefusalCode.MONTH_UNKNOWN: "--month",
    RefusalCode.DSN_MONTHS: "--month",
    RefusalCode.DSN_OTHER_MONTH: "--month",
    RefusalCode.DSN_ESTABLISHMENTS: "--siret",
    RefusalCode.DSN_OTHER_ESTABLISHMENT: "--siret",
}
"""The option that answers what a refusal asks."""
DIRECT: Final = "Ce fichier porte les comptes des salariés : il est lu comme un paiement direct (--paid-to employees)."


@claims_group.command
def check(
    file: ClaimedFile,
    /,
    *,
    month: Month = None,
    period: Annotated[str | None, Parameter(help="Période autorisée : 2021-03-01..2021-05-31.")] = None,
    reference: Annotated[
        str | None, Parameter(help="Dossier : période, établissement et département viennent du registre.")
    ] = None,
    siret: Establishment = None,
    profile: Profile = None,
    department: Annotated[str | None, Parameter(help="Département : 75, 2A, 971… ; 75 par défaut.")] = None,
    headcount: Annotated[str | None, Parameter(help="Effectif au 1er janvier (avant mars 2020).")] = None,
    sector: Annotated[str, Parameter(help="Secteur, comme pour « tacite allowance ».")] = "general",
    structural: Annotated[bool, Parameter(help="Les heures des contrats au-delà de 35 sont structurelles.")] = False,
    holidays: Annotated[
        Literal["worked", "off"] | None, Parameter(help="Jours fériés habituellement travaillés (worked) ou non (off).")
    ] = None,
    paid_to: PaidTo = None,
    as_json: Json = False,
) -> int:
    """Contrôler chaque ligne d’un fichier, et calculer les heures et l’allocation. Rien n’est conservé."""
    stated: dict[str, object] = {
        "month": month,
        "period": period,
        "siret": siret,
        "department": department,
        "headcount": headcount,
        "sector": sector,
        "structural": structural,
        "holidays_worked": None if holidays is None else holidays == "worked",
        "paid_to": paid_to,
    }
    content, import_profile = read_file(file), _profile(profile)
    if reference is not None:
        stated = _registered(reference) | {name: value for name, value in stated.items() if value is not None}
    result = _checked(content, _question(stated), import_profile)
    answer(as_data(result), as_table(str(file), result), as_json)
    return ExitCode.NEGATIVE if result.error_count else ExitCode.DONE


@claims_group.command
def convert(
    file: ClaimedFile,
    /,
    *,
    month: Month = None,
    siret: Establishment = None,
    profile: Profile = None,
    paid_to: PaidTo = None,
) -> int:
    """Écrire un fichier sous la forme canonique (CSV) sur la sortie standard ; rien s’il contient une erreur."""
    content, import_profile = read_file(file), _profile(profile)
    question = _question({"month": month, "siret": siret, "paid_to": paid_to})
    found = _read(content, question, import_profile)
    for sentence in found.warnings:
        say(sentence)
    if found.signal_count:
        say("\n".join(fault_lines(found.signals, found.signal_count)))
    if found.fault_count:
        say("\n".join(fault_lines(found.faults, found.fault_count)))
        return ExitCode.NEGATIVE
    if found.format is FileFormat.DSN:
        say("Une DSN ne dit pas les semaines : complétez les heures et le taux horaire de cette grille.")
        write(canonical.write_grid(found.people()))
    else:
        write(canonical.write(found.lines(), direct=Field.IBAN in {each.field for each in found.headers}))
    return ExitCode.DONE


def _question(stated: Mapping[str, object]) -> ClaimFileQuestion:
    """Validate the options; raises `CommandError` that names each wrong one."""
    try:
        return ClaimFileQuestion.model_validate({name: value for name, value in stated.items() if value is not None})
    except ValidationError as wrong:
        raise CommandError(ExitCode.MISUSE, wrong_options(wrong)) from wrong


def _profile(file: Path | None) -> ImportProfile | None:
    if file is None:
        return None
    try:
        return ImportProfile.model_validate_json(read_file(file))
    except ValidationError as wrong:
        where = ", ".join(sorted({".".join(map(_shown, each["loc"])) or "JSON" for each in wrong.errors()}))
        raise CommandError(ExitCode.MISUSE, f"Le profil d’import n’est pas valable : {where}.") from wrong


def _shown(part: str | int) -> str:
    """Return a key of a file as it may be shown: without controls, and masked if it may be a NIR or an account."""
    plain = "".join(sign if sign.isprintable() else " " for sign in str(part))
    return "…" if sum(map(str.isdigit, plain)) >= MIN_PRIVATE_FIGURES else plain[:MAX_SHOWN]


def _registered(reference: str) -> dict[str, object]:
    """Return what the register knows of a case; raises `CommandError` where there is no register or authorization."""
    found = find_reference(reference)
    if found is None:
        raise CommandError(ExitCode.MISUSE, "--reference : une référence compte 9 caractères, par exemple 034AQHV02.")
    with open_register(current_settings()) as database, database.begin() as connection:
        try:
            case, terms = authorizations.get(connection, authorization_of(found))
            paid_to = payees.find_payment(connection, case.reference)
        except Unknown as unknown:
            raise CommandError(ExitCode.MISUSE, "Aucun dossier ne porte cette référence.") from unknown
        except authorizations.NotAuthorized as refused:
            raise CommandError(ExitCode.MISUSE, "Ce dossier n’a pas d’autorisation.") from refused
    return {
        "period": {"start_on": terms.start_on, "end_on": terms.end_on},
        "siret": case.siret,
        "department": case.department,
        "headcount": case.headcount,
        "paid_to": paid_to.value,
    }


def _checked(content: bytes, question: ClaimFileQuestion, profile: ImportProfile | None) -> CheckedFile:
    """Read and check a file; raises `CommandError`."""
    with _progress() as told:
        file = _read(content, question, profile)
        try:
            return check_file(file, question.claim, told)
        except HeadcountNeeded as needed:
            raise CommandError(ExitCode.MISUSE, f"--headcount : {needed}") from needed
        except RateUnknown as unknown:
            raise CommandError(ExitCode.MISUSE, str(unknown)) from unknown


def _read(content: bytes, question: ClaimFileQuestion, profile: ImportProfile | None) -> ClaimFile:
    """Have a program of its own read the file; raises `CommandError`.

    One that holds accounts of employees is read again as a direct payment, unless it was said who is paid.
    """
    month = f"{question.month_on:%Y-%m}" if question.month_on else None
    context = ReadingContext(
        month=month, siret=question.siret, payee=question.paid_to or "establishment", profile=profile
    )
    try:
        with own_examiner(CLAIM) as examiner:
            file = read(examiner, content, context)
            if question.paid_to is None and any(each.unlisted and each.guess is Field.IBAN for each in file.headers):
                say(DIRECT)
                return read(examiner, content, context.model_copy(update={"payee": "employees"}))
            return file
    except UnreadableFile as refused:
        option = OPTIONS.get(refused.code)
        raise CommandError(ExitCode.MISUSE, f"{option} : {refused}" if option else str(refused)) from refused
    except ExaminerUnavailable as away:
        raise CommandError(ExitCode.MISSING, NO_EXAMINER) from away


@contextmanager
def _progress() -> Iterator[Told]:
    """Show on standard error how many lines are checked, where a person looks at it."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:
        task = shown.add_task("Lecture du fichier", total=None)

        def told(done: int, total: int) -> None:
            shown.update(task, description="Contrôle des lignes", completed=done, total=total)

        yield told
