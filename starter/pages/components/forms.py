"""Plain HTML forms: their fields, read within limits, and the sentence beside each invalid one."""

from collections.abc import Mapping, Sequence
from typing import Final, TypeVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, TypeAdapter
from starlette.requests import Request

from models.validation_messages import HOW_TO_WRITE_A_DAY
from starter.http.problems import Fault, fault, problem
from starter.http.request_body import Submission, limited, read
from starter.pages.components.typed import day

Body = TypeVar("Body", bound=BaseModel)
MAX_FORM_BYTES: Final = 32 * 1024
MAX_FORM_FIELDS: Final = 40
SECRET_FIELDS: Final = frozenset({"password", "current"})
"""Fields whose blank ends count, and that no page holds."""
CODE_FIELDS: Final = frozenset({"code", "one_time"})
"""Codes sent by mail or letter, or made by an application: with one, somebody acts as its addressee."""
MISSING: Final[Mapping[str, str]] = {
    "siret": "Indiquez le SIRET.",
    "name": "Indiquez le nom.",
    "address": "Indiquez l’adresse.",
    "department": "Choisissez le département de l’établissement.",
    "person": "Indiquez votre nom et votre prénom.",
    "quality": "Indiquez votre qualité, par exemple « gérante ».",
    "email": "Indiquez une adresse électronique.",
    "login": "Indiquez votre adresse électronique.",
    "password": "Indiquez un mot de passe.",
    "current": "Indiquez votre mot de passe actuel.",
    "code": "Indiquez le code.",
    "label": "Indiquez l’usage du jeton.",
    "starts_on": "Indiquez le premier jour.",
    "ends_on": "Indiquez le dernier jour.",
    "opinion": "Choisissez le sens de l’avis.",
    "given_on": "Indiquez le jour où l’avis a été rendu.",
    "file": "Choisissez un fichier.",
    "text": "Écrivez votre texte.",
    "recovery": "Indiquez votre mot de passe.",
    "totp": "Indiquez votre mot de passe.",
    "received_on": "Indiquez le jour du dépôt.",
    "placement_on": "Indiquez le premier jour d’activité partielle.",
    "ground": "Choisissez le motif de la demande.",
    "start_on": "Indiquez le premier jour de la période.",
    "end_on": "Indiquez le dernier jour de la période.",
    "headcount": "Indiquez l’effectif de l’entreprise.",
    "employees": "Indiquez le nombre de salariés concernés.",
    "hours": "Indiquez le nombre d’heures demandées.",
    "perimeter": "Choisissez la forme de l’activité partielle.",
    "circumstances": "Indiquez les circonstances et la situation économique.",
    "kind": "Choisissez l’engagement.",
    "detail": "Indiquez ce que l’entreprise promet.",
    "until_on": "Indiquez jusqu’à quand l’engagement court.",
    "iban": "Indiquez l’IBAN du compte.",
    "holder": "Indiquez le titulaire du compte.",
    "direct_payment": "Choisissez à qui l’allocation est versée.",
    "reason": "Dites pourquoi, en une phrase.",
    "why": "Dites pourquoi l’autorisation doit changer.",
    "why_account": "Dites pourquoi le compte doit changer.",
    "outcome": "Choisissez ce que vous décidez.",
    "subject": "Indiquez sur quoi porte l’acte.",
    "from_on": "Indiquez le premier jour.",
    "to_on": "Indiquez le dernier jour.",
}
"""What to do about a field that was left empty, by its name; the API only knows that something is missing."""
IN_A_FORM: Final[Mapping[str, str]] = {HOW_TO_WRITE_A_DAY: "Écrivez cette date ainsi : « 01/12/2026 »."}
"""What a page says in place of a sentence of the API."""
MISSING_CODES: Final = ("missing", "empty")
FORM_TYPE: Final = "application/x-www-form-urlencoded"


async def form_fields(request: Request) -> dict[str, str]:
    """Return the non-empty fields of a form; raises `InvalidRequest`, 413 or 415."""
    return dict(await form_pairs(request))


async def form_pairs(
    request: Request, max_bytes: int = MAX_FORM_BYTES, max_fields: int = MAX_FORM_FIELDS
) -> list[tuple[str, str]]:
    """Return the non-empty fields of a form in its order, where a name may come several times; raises the same."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM_TYPE:
        raise problem("unsupported-media-type", f"Envoyez un formulaire (Content-Type: {FORM_TYPE}).")
    raw = b"".join([chunk async for chunk in limited(request, max_bytes)])
    try:
        fields = parse_qsl(raw.decode("ascii"), max_num_fields=max_fields, errors="strict", strict_parsing=bool(raw))
    except ValueError as wrong:
        raise fault("", "invalid-form", "Le formulaire est illisible.") from wrong
    stated = ((name, value if name in SECRET_FIELDS else value.strip()) for name, value in fields)
    return [(name, value) for name, value in stated if value and "\0" not in value]


def beside(faults: Sequence[Fault], fields: Mapping[str, str]) -> dict[str, str]:
    """Return the sentence of each invalid field; `fields` maps the pointers of faults to names of fields."""
    sentences: dict[str, str] = {}
    for each in faults:
        name = fields.get(each.pointer, "form")
        asked = MISSING.get(name) if each.code in MISSING_CODES else None
        sentences.setdefault(name, asked or typed_sentence(each))
    return sentences


def typed_sentence(fault: Fault) -> str:
    """Return the sentence of an error, which names the form of a day that people type."""
    return IN_A_FORM.get(fault.message, fault.message)


def french_days(fields: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
    """Return fields whose days, where a browser has no calendar, may be written « 01/12/2026 »; others as they are."""
    return {name: day(value) or "" if name in names else value for name, value in fields.items()}


def form_submission(model: type[Body], fields: Mapping[str, object]) -> Submission[Body]:
    """Return a form for an act, which validates it once the caller is admitted."""
    return Submission(lambda: read(TypeAdapter(model), fields))


def kept_code(fields: Mapping[str, str], wrong: Mapping[str, str]) -> dict[str, str]:
    """Return the code that a form shows again: the one that was typed, unless it was refused."""
    return {"code": "" if "code" in wrong else fields.get("code", "")}
