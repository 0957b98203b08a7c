"""What the pages of an agent's acts share: the acts that a case offers, what a case shows beside them, conflicts."""

from typing import Final

from fastapi import Request
from starlette.responses import Response

from law.directory import department
from law.texts import end_in_french, in_french, number_in_french
from models.errors import Conflict, NotAllowed, QuotaReached, Unlawful
from models.store.people.accounts import Account
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.http.problems import TITLES, InvalidRequest
from starter.pages.components.rendering import page
from starter.pages.components.session_forms import later
from starter.pages.components.visitor import visitor_fields
from starter.services.case_acts import CaseForActs
from starter.services.case_schemas import CaseBase

PATH: Final = "/desk/requests/{reference}"
INVALID: Final = TITLES["invalid-input"][0]
STALE: Final = (
    "Votre session avait pris fin : rien n’a été enregistré. Vérifiez votre saisie, qui est intacte, puis continuez."
)

Refused = InvalidRequest | Unlawful | Conflict | NotAllowed | QuotaReached
REFUSED: Final = (InvalidRequest, Unlawful, Conflict, NotAllowed, QuotaReached)
"""What an act may be refused for: its form is shown again, with what was typed, or what stands is named."""

Link = tuple[str, str]
"""Label and address."""


def act_links(reader: Account, case: CaseBase) -> list[Link]:
    """Return the acts that a reader may do in a case now, the most usual first."""
    offered: list[tuple[Verb, str, str]] = []
    decision, pending = case.decision, case.pending_completion
    if decision and decision.state in ("registered", "signed"):
        offered.append((Verb.READ_CASE, "Suivre la signature", f"decisions/{decision.id}"))
    elif case.outcome is None:
        if pending is None:
            offered.append((Verb.PREVIEW_DECISION, "Autoriser", "grant"))
        offered.append((Verb.PREVIEW_DECISION, "Refuser", "refusal"))
        if pending is None:
            offered.append((Verb.ASK_PIECES, "Demander des pièces", "pieces"))
        else:
            offered.append((Verb.READ_CASE, "Suivre la demande de pièces", f"pieces/{pending.id}"))
        offered.append((Verb.ATTEST, "Attester la validité", "checklist"))
    address = PATH.format(reference=case.reference)
    return [(label, f"{address}/{path}") for verb, label, path in offered if verb.rule.scope(reader.role)]


def case_content(case: CaseForActs, visitor: PresentedCredential) -> dict[str, object]:
    """Return what every page of an act shows of its case."""
    deadline, requested = case.deadline_at, case.requested
    return visitor_fields(case.reader, visitor) | {
        "case": case,
        "address": PATH.format(reference=case.reference),
        "day": in_french,
        "number": number_in_french,
        "silence": deadline and end_in_french(deadline),
        "legal_time": department(case.department).legal_time,
        "requested_period": f"du {in_french(requested.start_on)} au {in_french(requested.end_on)}",
    }


def until_later(refused: Refused, answer: Response) -> Response:
    """Make the answer that shows a form again a 429 where the refusal only lasts for a time."""
    return later(answer, str(refused.retry_after)) if isinstance(refused, QuotaReached) else answer


def stands(request: Request, visitor: PresentedCredential, case: CaseForActs, conflict: Conflict) -> Response:
    """Return the page of an act that came at the wrong moment: it names what stands."""
    status, title = TITLES[conflict.slug]
    content = case_content(case, visitor) | {"title": title, "detail": conflict.detail}
    return page(request, "act_conflict", content, status)
