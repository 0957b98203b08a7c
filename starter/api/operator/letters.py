"""Letters to print: listed and ordered by operators, who never see a code."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from models.bodies.authority import PrintingBody
from models.identifiers import Message
from models.store.people.letters import WaitingLetter
from starter.context import AppContext, Credential
from starter.http.openapi import accepts
from starter.http.request_body import JsonBody
from starter.services import letters
from starter.services.letters import LetterListing

router = APIRouter(tags=["Exploitation"])


class LetterView(Message):
    """A letter to print."""

    id: str
    siret: str
    name: str
    department: str
    requested_at: datetime
    ordered_at: datetime | None

    @classmethod
    def of(cls, record: WaitingLetter) -> "LetterView":
        """Return the view of a letter."""
        return cls.model_validate(record.model_dump(include=set(cls.model_fields)))


class LettersView(Message):
    """Letters to print, oldest first; `next` is the cursor of the next page."""

    items: tuple[LetterView, ...]
    next: str | None


@router.get("/letters", summary="Lister les lettres à imprimer")
def list_letters(
    context: AppContext, credential: Credential, parameters: Annotated[LetterListing, Query()]
) -> LettersView:
    """Lister les lettres demandées et pas encore imprimées."""
    items, after = letters.list_waiting(context, credential, parameters)
    return LettersView(items=tuple(LetterView.of(each) for each in items), next=after)


@router.post(
    "/letters/{letter_id}/printing",
    status_code=202,
    openapi_extra=accepts(PrintingBody),
    summary="Faire imprimer une lettre",
)
def order_printing(context: AppContext, credential: Credential, letter_id: str, body: JsonBody) -> LetterView:
    """Mettre une lettre dans le dossier d’impression, avec un code neuf ; avec une raison, la refaire."""
    return LetterView.of(letters.order_printing(context, credential, letter_id, body.submission(PrintingBody)))
