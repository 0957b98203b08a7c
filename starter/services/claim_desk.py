"""The desk of claims: what agents read of claims, figures and signals, never a person."""

from collections.abc import Sequence
from typing import Annotated, Final, NamedTuple

from pydantic import Field

from models.claim_files import line_warnings
from models.claim_files.line_warnings import Warned
from models.claim_labels import ClaimState
from models.errors import Unknown
from models.identifiers import Department, Siret
from models.store.agency import claim_waits
from models.store.cases.documents import DocumentRecord
from models.store.cases.records import RequestRecord
from models.store.cases.searches import Search
from models.store.claims import liquidation, lists, records, versions, visas
from models.store.claims.liquidation import RateTotal
from models.store.claims.lists import ClaimPage, ClaimSearch, ClaimSum, ListedClaim
from models.store.claims.records import ClaimRecord
from models.store.claims.refusals import name_lines
from models.store.claims.versions import AnswerRecord
from models.store.claims.visas import VisaRecord
from models.store.database import case_now
from models.store.journal import events
from models.store.journal.claim_grammar import claim_chain
from models.store.journal.events import Event
from models.store.paging import PAGE_SIZE, Cursor, Limit
from models.store.people import delegations
from models.store.people.accounts import Account
from models.texts import TextForm
from starter.auth.caller import Caller, as_uuid
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.request_body import ListParameters

MAX_RATED: Final = 1_000
"""People of a claim whose rates are found again when it is read."""


class ClaimFilter(ListParameters):
    """Which claims of the desk."""

    department: Department | None = None
    state: ClaimState = ClaimState.UNDER_REVIEW
    """Those that wait for a visa, unless another state is asked for."""
    signals: bool | None = None
    """Only those with a signal, or only those without one."""
    siret: Siret | None = None
    q: Annotated[
        str | None,
        TextForm("line", 100),
        Field(description="Référence, SIREN, SIRET, ou mots par lesquels commence le nom de l’établissement."),
    ] = None
    cursor: Cursor | None = None
    limit: Limit = PAGE_SIZE


class ClaimDeskReading(NamedTuple):
    """A page of the desk of claims, and who reads it."""

    reader: Account
    page: ClaimPage


class ClaimReading(NamedTuple):
    """A claim as an agent reads it, and who reads it."""

    reader: Account
    case: RequestRecord
    listed: ListedClaim
    record: ClaimRecord
    sums: list[ClaimSum]
    rates: tuple[RateTotal, ...]
    """Hours by hourly allowance; none for a claim of too many people to find their rates again for a page."""
    versions: list[ClaimRecord]
    """Of its month and part, oldest first."""
    visa: VisaRecord | None
    documents: list[DocumentRecord]
    answers: list[AnswerRecord]
    """Also those that contradict what binds."""
    waits: str | None
    """Why it goes no further, if it is signed or handed over."""
    history: list[Event]
    warned: tuple[Warned, ...]
    """What its employer was told of its lines when they were checked."""
    powers: frozenset[str]
    """Outcomes of the delegations under which the reader may sign in this case today."""


def list_claims(context: Context, credential: PresentedCredential, wanted: ClaimFilter) -> ClaimPage:
    """Return the page of the desk of claims that follows a cursor; raises `Unknown` for one of another list."""
    return read_desk(context, credential, wanted).page


def read_desk(context: Context, credential: PresentedCredential, wanted: ClaimFilter) -> ClaimDeskReading:
    """Return the same, with its reader."""
    with context.admit(credential, Verb.READ_DESK) as caller:
        departments = [code for code in caller.account.departments if wanted.department in (None, code)]
        search = Search(siret=wanted.siret, words=wanted.q, after=wanted.cursor, limit=wanted.limit)
        narrowed = ClaimSearch(search=search, state=wanted.state, signals=wanted.signals)
        return ClaimDeskReading(caller.account, lists.list_for_agents(caller.connection, departments, narrowed))


def read_named(
    context: Context, credential: PresentedCredential, verb: Verb, claim_ids: Sequence[str]
) -> ClaimDeskReading:
    """Return those of these claims that the caller may see, who has this verb, as one page."""
    with context.admit(credential, verb) as caller:
        found = lists.list_named(caller.connection, caller.account.departments, claim_ids)
        return ClaimDeskReading(caller.account, ClaimPage(found, None))


def read(context: Context, credential: PresentedCredential, claim_id: str) -> ClaimReading:
    """Return a claim with its sums, versions, visa, documents, answers and events; raises `Unknown`."""
    with context.admit(credential, Verb.READ_CASE) as caller:
        connection = caller.connection
        record, case = find(caller, claim_id)
        [listed] = lists.list_named(connection, [case.department], [record.id])
        visa = visas.find_standing(connection, record.id)
        day = case.day_of(case_now(connection, case.reference))
        in_force = delegations.list_in_force(connection, caller.account.id, case.department, day)
        history = events.list_of(connection, claim_chain(record.id))
        return ClaimReading(
            reader=caller.account,
            case=case,
            listed=listed,
            record=record,
            sums=lists.sums(connection, record.id),
            rates=liquidation.list_rates(connection, record.id) if (record.people or 0) <= MAX_RATED else (),
            versions=versions.list_of_month(connection, record.reference, record.month, record.part),
            visa=visa,
            documents=versions.list_documents(connection, record.id),
            answers=versions.list_answers(connection, record.id),
            waits=claim_waits.find_why(connection, record),
            history=history,
            warned=line_warnings.of_data(history[0].data),
            powers=frozenset(outcome for each in in_force for outcome in each.outcomes),
        )


def list_signals(read: ClaimReading) -> list[str]:
    """Return a French sentence for each signal of a claim, then those of its case."""
    lines = {each.signal: name_lines(each.lines, each.total) for each in read.warned}
    own = [
        f"{each.label.removesuffix('.')} : {lines[each]}." if each in lines else each.label
        for each in read.listed.signals
    ]
    return [*own, *read.listed.case_signals]


def find(caller: Caller, claim_id: str) -> tuple[ClaimRecord, RequestRecord]:
    """Return a claim that was admitted, of a case that the caller may see, and the case; raises `Unknown`."""
    record = records.get(caller.connection, as_uuid(claim_id))
    if record.state is ClaimState.CHECKED:
        raise Unknown(claim_id)
    return record, caller.request(record.reference)
