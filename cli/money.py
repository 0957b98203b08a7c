"""Commands that calculate money and hours, `allowance`, `hours`, `forfeiture`; and `ledger`, which shows them.

Options are read as text and validated together, so that every wrong one is named, in French, with its option.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Final, TypeVar

from cyclopts import Parameter
from pydantic import BaseModel, ValidationError

from cli.terminal import CommandError, ExitCode, Json, answer, explanation_in_words, wrong_options
from law.amounts import euros_in_french
from law.texts import in_french, number_in_french
from models import calculations
from models.bodies.calculations import AllowanceQuestion, ForfeitureQuestion, HoursQuestion
from models.calculations import AllowanceAnswer, Amounts, ForfeitureAnswer, HoursAnswer, Unanswerable

QuestionT = TypeVar("QuestionT", bound=BaseModel)
AnswerT = TypeVar("AnswerT", bound=BaseModel)

Department = Annotated[str, Parameter(help="Département : 75, 075, 2A, 971… ; 75 par défaut.")]
Scheme = Annotated[str, Parameter(help="Dispositif : ap, apld, apld_r ; ap par défaut.")]
Sector = Annotated[
    str,
    Parameter(help="Secteur : general, protected, protected_loss, closed, ski, vulnerable, childcare, chido."),
]
Mode = Annotated[str, Parameter(help="Aménagement du temps de travail, de 01 à 10 ; 02 par défaut.")]
Optional = str | None


def allowance(
    *,
    on: Annotated[str, Parameter(help="Jour des heures chômées, ou premier jour de la période.")],
    hours: Annotated[str, Parameter(help="Heures chômées.")],
    hourly_gross: Annotated[Optional, Parameter(help="Rémunération horaire brute, en euros.")] = None,
    to: Annotated[Optional, Parameter(help="Dernier jour de la période.")] = None,
    headcount: Annotated[Optional, Parameter(help="Effectif au 1er janvier (avant mars 2020).")] = None,
    department: Department = "75",
    scheme: Scheme = "ap",
    sector: Sector = "general",
    contract_week: Annotated[Optional, Parameter(help="Heures hebdomadaires du contrat.")] = None,
    apprentice: Annotated[bool, Parameter(help="Apprenti ou contrat de professionnalisation.")] = False,
    smic_share: Annotated[Optional, Parameter(help="Part du SMIC : 0,43 pour 43 %.")] = None,
    as_json: Json = False,
) -> None:
    """Dire combien l’employeur reçoit et combien le salarié perçoit (D. 5122-13, R. 5122-18)."""
    stated = {
        "on": on,
        "hours": hours,
        "hourly_gross": hourly_gross,
        "to": to,
        "headcount": headcount,
        "department": department,
        "scheme": scheme,
        "sector": sector,
        "contract_week": contract_week,
        "apprentice": apprentice,
        "smic_share": smic_share,
    }
    found = _answered(AllowanceQuestion, stated, calculations.allowance)
    answer(found.model_dump(mode="json"), _allowance_in_words(found), as_json)


def hours(
    *,
    week: Annotated[str, Parameter(help="Lundi de la semaine.")],
    contract_week: Annotated[str, Parameter(help="Heures hebdomadaires du contrat.")],
    worked: Annotated[str, Parameter(help="Heures travaillées ou assimilées.")],
    mode: Mode = "02",
    collective_week: Annotated[Optional, Parameter(help="Durée collective, ou du programme, cette semaine.")] = None,
    days: Annotated[str, Parameter(help="Jours chômés (forfait en jours, personnel navigant).")] = "0",
    half_days: Annotated[str, Parameter(help="Demi-journées chômées.")] = "0",
    department: Department = "75",
    holidays_worked: Annotated[bool, Parameter(help="L’établissement travaille les jours fériés.")] = False,
    structural: Annotated[bool, Parameter(help="Les heures au-delà de 35 sont structurelles.")] = False,
    as_json: Json = False,
) -> None:
    """Compter les heures indemnisables d’une semaine (R. 5122-11, R. 5122-19)."""
    stated = {
        "week": week,
        "contract_week": contract_week,
        "worked": worked,
        "mode": mode,
        "collective_week": collective_week,
        "days": days,
        "half_days": half_days,
        "department": department,
        "holidays_worked": holidays_worked,
        "structural": structural,
    }
    found = _answered(HoursQuestion, stated, calculations.payable_hours)
    answer(found.model_dump(mode="json"), _hours_in_words(found), as_json)


def forfeiture(
    *,
    period_end: Annotated[str, Parameter(help="Dernier jour de la période autorisée.")],
    filed_on: Annotated[str, Parameter(help="Jour du dépôt de la demande d’autorisation.")],
    reference_months: Annotated[Optional, Parameter(help="Mois de l’aménagement du temps de travail.")] = None,
    as_json: Json = False,
) -> None:
    """Dire jusqu’à quand les heures peuvent être demandées (L. 5122-1, IV)."""
    stated = {"period_end": period_end, "filed_on": filed_on, "reference_months": reference_months}
    found = _answered(ForfeitureQuestion, stated, calculations.forfeiture)
    data = found.model_dump(mode="json", exclude_none=True)
    answer(data, _forfeiture_in_words(found), as_json)


def ledger(
    reference: Annotated[Optional, Parameter(help="Dossier : 034AQHV02 ; sans lui, tout le grand livre.")] = None,
    /,
    *,
    check: Annotated[bool, Parameter(help="Vérifier que chaque heure et chaque centime s’y retrouvent.")] = False,
    as_json: Json = False,
) -> int:
    """Montrer le grand livre d’une autorisation, heures et centimes ; avec --check, dire s’il est juste."""
    from cli.ledger import show

    return show(reference, check=check, as_json=as_json)


COMMANDS: Final = (allowance, hours, forfeiture, ledger)


def _answered(question: type[QuestionT], stated: Mapping[str, object], ask: Callable[[QuestionT], AnswerT]) -> AnswerT:
    """Validate a question and answer it; raises `CommandError` that names each wrong option."""
    given = {name: value for name, value in stated.items() if value is not None}
    try:
        return ask(question.model_validate(given))
    except Unanswerable as wrong:
        option = wrong.pointer.removeprefix("/").replace("_", "-")
        raise CommandError(ExitCode.MISUSE, f"--{option} : {wrong}") from wrong
    except ValidationError as wrong:
        raise CommandError(ExitCode.MISUSE, wrong_options(wrong)) from wrong


def _allowance_in_words(found: AllowanceAnswer) -> str:
    lines = [
        f"Allocation versée à l’employeur : {_hourly_and_total(found.allowance)}",
        f"Indemnité versée au salarié : {_hourly_and_total(found.indemnity)}",
    ]
    if len(found.months) > 1:
        lines += [
            f"  {each.month} : {number_in_french(each.hours)} h, {euros_in_french(each.allowance)} "
            f"et {euros_in_french(each.indemnity)}"
            for each in found.months
        ]
    return "\n".join([*lines, explanation_in_words(found.why)])


def _hourly_and_total(amounts: Amounts) -> str:
    return f"{euros_in_french(amounts.hourly)} par heure, {euros_in_french(amounts.total)} en tout"


def _hours_in_words(found: HoursAnswer) -> str:
    months = " ; ".join(f"{month} : {number_in_french(each)} h" for month, each in found.by_month.items())
    total = f"Heures indemnisables : {number_in_french(found.payable_hours)} h ({months})"
    return f"{total}\n{explanation_in_words(found.why)}"


def _forfeiture_in_words(found: ForfeitureAnswer) -> str:
    lines = [f"Dernier jour : {in_french(found.last_day_on)}", f"Forclusion : {in_french(found.forfeited_on)}"]
    if found.regularise_until:
        lines.append(f"Régularisation : jusqu’au {in_french(found.regularise_until)}")
    return "\n".join([*lines, explanation_in_words(found.why)])
