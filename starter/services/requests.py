"""Requests: file, list, read, desist."""

from datetime import date, datetime
from typing import Final, Literal, NamedTuple

from law.calendar import local
from models.identifiers import Message
from models.labels import Outcome
from models.store.cases import desistments, drafts, lists, requests
from models.store.cases.drafts import DraftRecord
from models.store.cases.lists import ListedRequest
from models.store.cases.records import RequestRecord
from models.store.cases.searches import Search
from models.store.database import case_now
from models.store.people.accounts import Account
from starter.auth.caller import Caller
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import fault
from starter.http.request_body import Submission
from starter.services import case_view, filing
from starter.services.case_schemas import CaseView, Filed, Links, here
from starter.services.case_standing import Standing, standing, status_label
from starter.services.filing import Reception, RequestStatement
from starter.services.listings import SearchParameters

ListedStatus = Literal[
    "draft",
    "lapsed",
    "under_review",
    "awaiting_completion",
    "authorized",
    "tacitly_authorized",
    "refused",
    "desisted",
    "withdrawn",
    "closed",
]
"""A status of drafts or one of requests: one list of values, so that a wrong one is one error."""
DRAFTS: Final = ("draft", "lapsed")


class Listing(SearchParameters):
    """Which requests or drafts of a list."""

    status: ListedStatus | None = None

    def search(self) -> Search:
        """Return what is searched for; raises `InvalidRequest`."""
        if self.status in DRAFTS and self.updated_since:
            message = "Les brouillons ne se filtrent pas par date de modification."
            raise fault("/updated_since", "not-for-drafts", message)
        return self.searched(self.status)


class RequestItem(Message):
    """One request of a list."""

    reference: str
    siret: str
    name: str
    status: str
    outcome: Outcome | None
    partial: bool
    """Whether less was granted than was asked for."""
    ground: str
    received_at: datetime
    tacit_acceptance_at: datetime | None
    links: Links

    @property
    def label(self) -> str:
        """How it stands, in words."""
        return status_label(self.status, self.outcome, partial=self.partial)


class DraftItem(Message):
    """One draft of a list."""

    id: str
    siret: str
    status: str
    ground: str
    placement_on: date
    closes_at: datetime
    accepted_until: datetime
    links: Links


class Items(Message):
    """A page of requests, or of drafts; `next` is the cursor of the following page."""

    items: tuple[RequestItem | DraftItem, ...]
    next: str | None


class RequestList(NamedTuple):
    """A page of a list, and the account that reads it."""

    reader: Account
    page: Items


class RequestReading(NamedTuple):
    """A case as its reader may see it, where it stands, and the account that reads it."""

    reader: Account
    request: RequestRecord
    case: CaseView
    standing: Standing


class Desisted(Message):
    """A request from which its employer has desisted."""

    reference: str
    status: Literal["desisted"]
    effect_at: datetime


def file_request(context: Context, credential: PresentedCredential, submission: Submission[RequestStatement]) -> Filed:
    """File a request (R. 5122-2); raises `InvalidRequest` with every fault."""
    with context.admit(credential, Verb.FILE_REQUEST) as caller:
        reference = caller.once(submission.key, submission.digest, lambda: _file(context, caller, submission.read()))
        return case_view.filed(caller.connection, reference)


def _file(context: Context, caller: Caller, statement: RequestStatement) -> str:
    establishment = filing.stated_establishment(caller, statement)
    reception = Reception(
        account_id=caller.account.id,
        author=caller.account.name,
        received_at=requests.received_now(caller.connection),
    )
    return filing.file(context, caller, statement, establishment, reception)


def list_requests(context: Context, credential: PresentedCredential, listing: Listing) -> RequestList:
    """List the requests, or the drafts, of the caller's establishments: running ones first, by deadline."""
    with context.admit(credential, Verb.LIST_REQUESTS) as caller:
        search, mine = listing.search(), caller.account.id
        sirets = [each.siret for each in caller.establishments()]
        if listing.status in DRAFTS:
            found = drafts.list_of_employer(caller.connection, mine, sirets, search)
            after = found[-1].cursor if len(found) == search.limit else None
            return RequestList(caller.account, Items(items=tuple(_draft(each) for each in found), next=after))
        rows, following = lists.list_for_employer(caller.connection, mine, sirets, search)
        return RequestList(caller.account, Items(items=tuple(_item(each) for each in rows), next=following))


def _item(row: ListedRequest) -> RequestItem:
    return RequestItem(
        **row.model_dump(include={"reference", "siret", "name", "status", "outcome", "partial", "ground"}),
        received_at=local(row.received_at, row.department),
        tacit_acceptance_at=here(row.tacit_acceptance_at, row.department),
        links=case_view.links(row.reference),
    )


def _draft(row: DraftRecord) -> DraftItem:
    return DraftItem(
        **row.model_dump(include={"id", "siret", "status", "ground", "placement_on"}),
        closes_at=local(row.closes_at, row.department),
        accepted_until=local(row.accepted_until, row.department),
        links=case_view.draft_links(row.id),
    )


def read_request(context: Context, credential: PresentedCredential, reference: str) -> RequestReading:
    """Return a case as the caller may see it: employers see only what was published. Raises `Unknown`."""
    with context.admit(credential, Verb.READ_REQUEST) as caller:
        request = caller.request(reference)
        nominal = caller.find_nominal(request)
        case = case_view.case(caller.connection, request, nominal, published_only=caller.is_employer)
        stands = standing(request, case, case_now(caller.connection, request.reference))
    return RequestReading(caller.account, request, case, stands)


def desist(context: Context, credential: PresentedCredential, reference: str) -> Desisted:
    """Desist from a request that is neither decided nor tacitly accepted; raises `Conflict`."""
    with context.admit(credential, Verb.DESIST) as caller:
        request = caller.request(reference)
        at = desistments.desist(caller.connection, request.reference, caller.actor)
    return Desisted(reference=request.reference, status="desisted", effect_at=local(at, request.department))
