"""The form of a decision: its fields as the body of the act, and the sentence beside each wrong one."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from uuid import uuid4

from law.decision import Terms
from law.reason_models import ReasonModel
from law.reasons import BLANK
from law.texts import NO_BREAK_SPACE, number_in_french
from models.bodies.decision import GrantBody, RefusalBody
from models.store.journal.idempotency import digest
from starter.http.problems import Fault, InvalidRequest
from starter.http.request_body import Submission, read
from starter.http.responses import API
from starter.pages.components.forms import french_days, typed_sentence
from starter.pages.components.resumption import TypedForm
from starter.pages.components.typed import decimal, whole
from starter.services.decisions import DECISIONS

ASKED: Final[Mapping[str, str]] = {
    "start_on": "Indiquez le premier jour accordé.",
    "end_on": "Indiquez le dernier jour accordé.",
    "employees": "Indiquez le nombre de salariés accordé.",
    "hours": "Indiquez les heures accordées.",
}
"""Fields of a grant, and what to do about one left empty: nothing is granted by default."""
POINTERS: Final[Mapping[str, str]] = {
    "/period/start_on": "start_on",
    "/period/end_on": "end_on",
    "/period": "end_on",
    "/employees": "employees",
    "/hours": "hours",
}
REASONS: Final[Mapping[str, str]] = {
    "reasons-without-law": "in_law",
    "partial-without-reasons": "in_law",
    "reasons-without-facts": "in_fact",
}
"""Field by code of an error about the reasons."""
NUMBERS: Final[Mapping[tuple[str, str], str]] = {
    ("employees", "not-a-number"): "Écrivez le nombre de salariés en chiffres, par exemple « 18 ».",
    ("hours", "wrong-value"): "Écrivez les heures en chiffres, deux décimales au plus, par exemple « 3600,5 ».",
}
"""How to write a number in a form, by field and code of the error: the API takes other forms."""


def new_id() -> str:
    """Return the id of a decision or request for pieces, for the hidden field that makes a double click one act."""
    return str(uuid4())


def as_asked(terms: Terms) -> dict[str, str]:
    """Return the fields of a grant of everything that was asked for."""
    return {
        "start_on": terms.start_on.isoformat(),
        "end_on": terms.end_on.isoformat(),
        "employees": str(terms.employees),
        "hours": number_in_french(terms.hours),
    }


def sentences(form: TypedForm, name: str) -> list[str]:
    """Return the sentences of a field, which are its lines, without the unbreakable spaces that a page prints."""
    typed = as_typed(form.fields.get(name, ""))
    return [line.strip() for line in typed.splitlines() if line.strip()]


def as_typed(text: str) -> str:
    """Return a text that went through a page, whose rendering makes some of its spaces unbreakable."""
    return text.replace(NO_BREAK_SPACE, " ")


def with_models(form: TypedForm, models: Sequence[ReasonModel]) -> dict[str, str]:
    """Return the fields with the sentences of the chosen legal bases added to those that were typed."""
    chosen = [each for each in models if each.basis.value in form.values("basis")]
    in_law, in_fact = sentences(form, "in_law"), sentences(form, "in_fact")
    in_law += [each.in_law for each in chosen if each.in_law not in in_law]
    in_fact += [each.in_fact for each in chosen if each.in_fact not in in_fact]
    return form.fields | {"in_law": "\n".join(in_law), "in_fact": "\n".join(in_fact)}


def submission(reference: str, outcome: str, form: TypedForm) -> Submission[GrantBody | RefusalBody]:
    """Return the form as the act of the API, with the digest that the same body has there."""
    return submit(reference, body(outcome, form), list(_missing(outcome, form)))


def submit(
    reference: str, members: Mapping[str, object], missing: Sequence[Fault] = ()
) -> Submission[GrantBody | RefusalBody]:
    """Return a body as the act of the API on a case; `missing` is what its form lacks."""

    def checked() -> GrantBody | RefusalBody:
        try:
            taken = read(DECISIONS, members)
        except InvalidRequest as wrong:
            raise InvalidRequest([*missing, *wrong.faults]) from wrong
        if missing:
            raise InvalidRequest(missing)
        return taken

    return Submission(checked, lambda: digest([f"{API}/requests/{reference}/decision", members]))


def body(outcome: str, form: TypedForm) -> dict[str, object]:
    """Return the members of the act; those that the form lacks are left out."""
    typed = french_days(form.fields, ("start_on", "end_on"))
    members: dict[str, object] = {"id": typed.get("id", ""), "outcome": outcome}
    members["grounds"] = [*sentences(form, "in_law"), *sentences(form, "in_fact")]
    if outcome == "grant":
        if "start_on" in typed and "end_on" in typed:
            members["period"] = {"start_on": typed["start_on"], "end_on": typed["end_on"]}
        if "employees" in typed:
            members["employees"] = whole(typed["employees"])
        if "hours" in typed:
            members["hours"] = decimal(typed["hours"])
    return members


def _missing(outcome: str, form: TypedForm) -> Iterator[Fault]:
    for name, message in ASKED.items():
        if outcome == "grant" and name not in form.fields:
            pointer = f"/period/{name}" if name.endswith("_on") else f"/{name}"
            yield Fault(pointer=pointer, code="missing", message=message)


def wrong(faults: Sequence[Fault], form: TypedForm) -> dict[str, str]:
    """Return the sentence of each wrong field; errors about no field are under `form`."""
    found: dict[str, str] = {}
    for each in faults:
        name = _field(each, form)
        found.setdefault(name, NUMBERS.get((name, each.code), typed_sentence(each)))
    order = (*ASKED, "in_law", "in_fact", "form")
    return dict(sorted(found.items(), key=lambda item: order.index(item[0])))


def _field(fault: Fault, form: TypedForm) -> str:
    if fault.code in REASONS:
        return REASONS[fault.code]
    if fault.code == "reasons-to-complete":
        return "in_law" if BLANK in form.fields.get("in_law", "") else "in_fact"
    if fault.pointer.startswith("/grounds"):
        at = fault.pointer.removeprefix("/grounds/")
        return "in_fact" if at.isdigit() and int(at) >= len(sentences(form, "in_law")) else "in_law"
    return POINTERS.get(fault.pointer, "form")
