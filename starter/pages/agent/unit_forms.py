"""The forms of a head of unit: each as a body of the API, with the sentence beside each wrong field."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, TypeAdapter

from models.bodies.unit import AgentBody, AgentChange, DelegationBody, LeaveBody
from models.store.journal.idempotency import digest
from starter.auth.credentials import PresentedCredential
from starter.context import Context
from starter.http.problems import Fault
from starter.http.request_body import Submission, read
from starter.pages.components.form_keys import key_of
from starter.pages.components.forms import french_days, typed_sentence
from starter.pages.components.resumption import TypedForm
from starter.services import units

Act = Callable[[Context, PresentedCredential, str, Submission[BaseModel]], str]


@dataclass(frozen=True, slots=True)
class UnitForm:
    """One form: its title, its fields with their names, what it does, and what is said once it is done."""

    title: str
    button: str
    names: Mapping[str, str]
    model: type[BaseModel]
    act: Act
    done: str
    lists: tuple[str, ...] = ()
    """Fields of which several values may be chosen."""
    held: tuple[str, ...] = ()
    """Fields that the body may leave out and that the form always holds: empty, they are wrong."""


OPEN: Final = UnitForm(
    "Ouvrir le compte d’un agent",
    "Ouvrir ce compte",
    {
        "name": "Nom",
        "email": "Adresse électronique",
        "role": "Rôle",
        "departments": "Départements",
        "subject": "Identifiant chez le fournisseur d’identité",
    },
    AgentBody,
    lambda context, credential, _, body: units.open_agent(context, credential, body),  # type: ignore[arg-type]
    "Le compte est ouvert.",
    ("departments",),
)
FORMS: Final[Mapping[str, UnitForm]] = {
    "delegation": UnitForm(
        "Donner une délégation de signature",
        "Donner cette délégation",
        {
            "outcomes": "Actes",
            "departments": "Départements",
            "from_on": "Du",
            "until_on": "Au",
            "certificate": "Certificat",
            "act": "Acte de délégation",
        },
        DelegationBody,
        units.give_delegation,  # type: ignore[arg-type]
        "La délégation est inscrite.",
        ("departments", "outcomes"),
    ),
    "absence": UnitForm(
        "Inscrire une absence",
        "Inscrire cette absence",
        {"from_on": "Premier jour", "until_on": "Dernier jour", "replacement_id": "Remplacé par"},
        LeaveBody,
        units.record_leave,  # type: ignore[arg-type]
        "L’absence est inscrite.",
    ),
    "change": UnitForm(
        "Modifier le compte",
        "Enregistrer",
        {"role": "Rôle", "email": "Adresse électronique", "departments": "Départements"},
        AgentChange,
        units.change_agent,  # type: ignore[arg-type]
        "Le compte est modifié.",
        ("departments",),
        ("email",),
    ),
}
"""Forms about one agent, by the last part of their address."""
ASKED: Final[Mapping[str, str]] = {
    "name": "Indiquez le nom de l’agent.",
    "email": "Indiquez l’adresse électronique de l’agent.",
    "role": "Choisissez le rôle de l’agent.",
    "departments": "Choisissez au moins un département.",
    "outcomes": "Choisissez au moins un acte.",
    "from_on": "Indiquez le premier jour.",
    "until_on": "Indiquez le dernier jour.",
    "certificate": "Indiquez l’identifiant du certificat.",
    "act": "Indiquez l’acte qui donne la délégation.",
}
"""What to do about a field that was left empty."""
_EMPTY: Final = ("missing", "empty", "too-few")


def submission(form: UnitForm, typed: TypedForm, about: str) -> Submission[BaseModel]:
    """Return a form as the body of its act; its hidden `key` makes a double click one act."""
    fields = french_days(typed.fields, ("from_on", "until_on"))
    body: dict[str, object] = {name: value for name, value in fields.items() if name in form.names}
    body |= {name: typed.values(name) for name in form.lists}
    body |= {name: "" for name in form.held if name not in fields}
    return Submission(
        lambda: read(TypeAdapter(form.model), body),
        lambda: digest([form.title, about, body]),
        key_of(typed.fields),
    )


def wrong(form: UnitForm, typed: TypedForm, faults: Sequence[Fault]) -> dict[str, str]:
    """Return the sentence of each wrong field in the order of the form; errors about no field are under `form`."""
    found: dict[str, str] = {}
    for each in faults:
        name = each.pointer.split("/")[1] if each.pointer else ""
        name = name if name in form.names else "until_on" if "until_on" in form.names and not name else "form"
        asked = ASKED.get(name) if each.code in _EMPTY or name not in typed.fields else None
        found.setdefault(name, asked or typed_sentence(each))
    order = [*form.names, "form"]
    return dict(sorted(found.items(), key=lambda item: order.index(item[0])))
