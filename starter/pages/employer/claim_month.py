"""The page of one month of an authorization: its claim, what holds it, what was answered, a form to send a file."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from law.amounts import euros_in_french
from law.calendar import local
from law.texts import count_in_french, in_french, instant_in_french, month_in_french
from models.bodies.claim import MAX_PART
from models.claim_files.fields import COLUMNS, Category
from models.claim_labels import STANDING, ClaimEvent, ClaimSignal, ClaimState, claimed_month
from models.labels import DocumentKind
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext, Context
from starter.http.problems import TITLES
from starter.http.request_body import size_in_french
from starter.pages.components import claim_answers, claim_terms_form, claim_words
from starter.pages.components.form_keys import new_key
from starter.pages.components.rendering import FORM_HEADERS, page
from starter.pages.components.said import said
from starter.pages.components.visitor import SessionRequired, visitor_fields
from starter.pages.employer.case_page import period
from starter.services import claim_grids, claim_months
from starter.services.claim_months import MonthReading
from starter.services.claim_schemas import ClaimView
from starter.services.claim_views import ClaimAddress

router = APIRouter(include_in_schema=False)

PATH: Final = "/requests/{reference}/claims/{month}"
INVALID: Final = TITLES["invalid-input"][0]
_EVENTS: Final = frozenset(ClaimEvent)
NEXT: Final[dict[ClaimState, str]] = {
    ClaimState.ADMITTED: "Le service la contrôle. Vous n’avez rien à faire.",
    ClaimState.HELD: "Elle est reçue. Voici ce qu’elle attend de vous.",
    ClaimState.UNDER_REVIEW: "Le service l’examine. Vous n’avez rien à faire.",
    ClaimState.AGREED: "Le service a donné son accord : elle va être signée, puis transmise à l’ASP.",
    ClaimState.SIGNED: "Elle est signée par l’administration et va être transmise à l’ASP.",
    ClaimState.HANDED: "Elle est transmise à l’agence de services et de paiement, dont la réponse est attendue.",
    ClaimState.ACCEPTED: "L’agence de services et de paiement l’a acceptée.",
    ClaimState.REFUSED: "Les motifs et les voies de recours sont dans la décision, parmi les documents. Ses heures "
    "sont rendues à l’autorisation.",
    ClaimState.REJECTED: "L’agence de services et de paiement l’a rejetée : voici ce qu’elle répond. Ses heures sont "
    "rendues à l’autorisation.",
    ClaimState.VOID: "Ses heures sont rendues à l’autorisation.",
    ClaimState.REPLACED: "Une autre version a pris sa place.",
}
"""What follows from a state, or what to do."""
AGAIN: Final = " Vous pouvez déposer une demande corrigée jusqu’au {}."
"""What to do after a refusal or a rejection, until the last day to claim or, if it is later, to put right."""
NOTHING_ADDED: Final = " Après le {}, elle n’ajoute ni salarié, ni heure, ni indemnité."
TO_DO: Final[dict[ClaimSignal, tuple[str, str, str]]] = {
    ClaimSignal.AUTHORITY: (
        "Prouvez que vous agissez pour l’établissement : elle repartira d’elle-même.",
        "/account",
        "Prouver l’habilitation",
    ),
    ClaimSignal.BANK_ACCOUNT: (
        "Demandez au service d’autoriser le changement de compte, ou revenez au compte de l’autorisation.",
        "/requests/{reference}/messages",
        "Écrire au service",
    ),
    ClaimSignal.OPINION: (
        "Envoyez l’avis du comité social et économique : elle repartira d’elle-même.",
        "/requests/{reference}/works-council-opinion",
        "Envoyer l’avis",
    ),
}
"""What an employer does about what holds a claim, and where."""
FILE_TYPES: Final = ".csv,.txt,.xlsx,.dsn,.edi,.json"


def _address(
    reference: str,
    month: Annotated[str, Path(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")],
    part: Annotated[int, Query(ge=1, le=MAX_PART)] = 1,
) -> ClaimAddress:
    return ClaimAddress(reference, date.fromisoformat(f"{month}-01"), part)


MonthAddress = Annotated[ClaimAddress, Depends(_address)]


def address_of(to: ClaimAddress, *below: str) -> str:
    """Return the address of the page of a month and part, or of one below it."""
    path = "/".join((PATH.format(reference=to.reference[:9], month=f"{to.month:%Y-%m}"), *below))
    return f"{path}?part={to.part}" if to.part > 1 else path


@router.get(PATH)
def month_page(context: AppContext, request: Request, visitor: SessionRequired, to: MonthAddress) -> Response:
    """Show a month and part to the employer."""
    return view(context, request, visitor, to)


def view(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    to: ClaimAddress,
    wrong: Mapping[str, str] | None = None,
    fields: Mapping[str, str] | None = None,
) -> Response:
    """Show a month, also with what is wrong in the form that sends a file."""
    reading = claim_months.read_month(context, visitor, to)
    content = (
        heading(reading, to)
        | _content(reading, to)
        | {
            "wrong": wrong or {},
            "fields": _typed(reading) if fields is None else fields,
            "terms": claim_terms_form.asked(reading.terms),
            "key": new_key(),
            "max_size": size_in_french(context.settings.claim_bytes),
            "said": said(request, visitor),
        }
    )
    frame = visitor_fields(reading.reader, visitor)
    return page(request, "claim_month", frame | content, INVALID if wrong else 200, FORM_HEADERS)


def _typed(reading: MonthReading) -> dict[str, str]:
    """Return what the last version said of the establishment, for the form that corrects it."""
    return claim_terms_form.typed(reading.last) if reading.last else {}


def heading(reading: MonthReading, to: ClaimAddress) -> dict[str, object]:
    """Return what the pages of a month have in common."""
    return {
        "reference": reading.case.reference,
        "case_address": f"/requests/{reading.case.reference}",
        "address": address_of(to),
        "part": to.part,
        "named": claimed_month(to.month, to.part, None),
        "of_month": of_month(to.month),
    }


def of_month(month: date) -> str:
    """Return « d’octobre 2026 » or « de décembre 2026 »."""
    said_so = month_in_french(month)
    return f"d’{said_so}" if said_so[0] in "ao" else f"de {said_so}"


def _content(reading: MonthReading, to: ClaimAddress) -> dict[str, object]:
    last = reading.last
    authorized = reading.authorized
    return {
        "days": period(reading.month.days),
        "hours_left": claim_words.hours(authorized.hours_left),
        "last_day": in_french(reading.late.until if reading.late else authorized.last_day_on),
        "claim": last,
        "stands": last is not None and last.state in STANDING,
        "state": claim_words.tag(last.state) if last else ("", ""),
        "next": _next(reading, last) if last else "",
        "figures": list(_figures(last)) if last else [],
        "signals": list(_signals(last, reading.case.reference)) if last else [],
        "answers": claim_answers.rows(last.answers) if last else [],
        "documents": list(_documents(reading)),
        "history": list(_history(reading)),
        "versions": [_version(each) for each in reading.versions[:-1]][::-1],
        "replaceable": reading.replaceable,
        "may_send": reading.may_send,
        "grid": address_of(to, "grid") if claim_grids.of_month(reading).offered else "",
        "max_people": claim_grids.MAX_PEOPLE,
        "late": reading.late,
        "complement": address_of(to._replace(part=reading.next_part)) if reading.next_part else "",
        "file": address_of(to, "file"),
        "people": address_of(to, "people"),
        "person": partial(_person, to),
        "cancellation": address_of(to, "cancellation"),
        "uploads": address_of(to, "uploads"),
        "file_types": FILE_TYPES,
        "columns": [each.label for each in COLUMNS],
        "categories": [each.label for each in Category],
    }


def _next(reading: MonthReading, last: ClaimView) -> str:
    """Return what follows, or what to do; under a long arrangement alone, the form says until when."""
    told, last_day, corrected = NEXT.get(last.state, ""), reading.authorized.last_day_on, reading.corrected_until
    if last.state not in (ClaimState.REFUSED, ClaimState.REJECTED) or not reading.may_send:
        return told
    if corrected and corrected > last_day and (not reading.late or reading.late.correction):
        return told + AGAIN.format(in_french(corrected)) + NOTHING_ADDED.format(in_french(last_day))
    return told if reading.late else told + AGAIN.format(in_french(last_day))


def _person(to: ClaimAddress, line: int) -> str:
    return address_of(to, "people", str(line))


def _figures(claim: ClaimView) -> Iterator[tuple[str, str]]:
    yield "Version", str(claim.version)
    yield "Reçue le", instant_in_french(claim.received_at)
    if claim.state in STANDING:
        yield "À payer au plus tard le", in_french(claim.payment_due_on)
    yield "Salariés", count_in_french(claim.people, "salarié")
    yield "Heures indemnisables", claim_words.hours(claim.hours)
    yield "Allocation demandée", euros_in_french(claim.allowance)
    yield "Indemnité à verser aux salariés", euros_in_french(claim.indemnity)
    yield from claim_words.stated(claim)
    if claim.monthly_reimbursement:
        yield "Remboursement mensuel", "demandé"


def _signals(claim: ClaimView, reference: str) -> Iterator[tuple[str, str, str, str]]:
    for each in claim.signals:
        if each.holds and claim.state is ClaimState.HELD:
            todo, where, label = TO_DO[each.code]
            yield each.label, todo, where.format(reference=reference), label


def _documents(reading: MonthReading) -> Iterator[tuple[str, str, str]]:
    for version in reversed(reading.versions):
        for each in version.documents:
            which = f", version {version.version}" if len(reading.versions) > 1 else ""
            label = f"{DocumentKind.of(each.kind).label}{which}"
            said_so = f"N° {each.number}, signé le {instant_in_french(each.signed_at)}"
            yield f"/requests/{reading.case.reference}/documents/{each.id}", label, said_so


def _history(reading: MonthReading) -> Iterator[tuple[str, str]]:
    for each in reading.history:
        if each.type in _EVENTS:
            yield claim_words.event_label(each), f"le {instant_in_french(local(each.at, reading.case.department))}"


def _version(claim: ClaimView) -> tuple[str, str, str, str]:
    said_so = f"Reçue le {instant_in_french(claim.received_at)} : {count_in_french(claim.people, 'salarié')}, "
    said_so += f"{claim_words.hours(claim.hours)}, {euros_in_french(claim.allowance)}."
    return f"Version {claim.version}", *claim_words.tag(claim.state), said_so
