"""Drafts: opened within a filing window, completed member by member, filed as a request."""

from datetime import datetime
from typing import Final, Literal

from law.calendar import local
from law.dated import BeforeFirstText
from law.window import FilingWindow, filing_window, window_objection
from models.bodies.filing import DraftBody
from models.errors import Unknown
from models.identifiers import Message
from models.labels import DraftStatus
from models.store.cases import drafts, requests
from models.store.cases.drafts import DraftRecord
from models.store.journal import idempotency
from models.store.people import parties, quotas
from models.store.people.accounts import Establishment
from models.telemetry import trace_context
from starter.auth.caller import Caller, as_uuid
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import Fault, InvalidRequest, fault, of_law
from starter.http.request_body import Submission
from starter.services import case_view, filing
from starter.services.case_schemas import Filed, Links
from starter.services.filing import Reception, RequestStatement

FIXED_MEMBERS: Final = ("siret", "law_on")
"""Members that are fixed when a draft is opened."""


class DraftView(Message):
    """A draft: its content, until when it may be filed, and the members still missing."""

    id: str
    siret: str
    status: Literal["draft", "filed", "lapsed"]
    reference: str | None
    content: dict[str, object]
    """The request drafted so far, under the names of `POST /requests`; empty once filed or lapsed."""
    closes_at: datetime
    accepted_until: datetime
    missing: tuple[str, ...]
    links: Links


def open_draft(context: Context, credential: PresentedCredential, submission: Submission[DraftBody]) -> DraftView:
    """Open a draft; it lapses at the end of the filing window. Raises `InvalidRequest`."""
    with context.admit(credential, Verb.KEEP_DRAFT) as caller:
        draft_id = caller.once(submission.key, submission.digest, lambda: _open(context, caller, submission.read()))
        return view(drafts.get(caller.connection, draft_id))


def _open(context: Context, caller: Caller, body: DraftBody) -> str:
    establishment = filing.own_establishment(caller, body.siret)
    stated = body.model_copy(update={"law_on": context.law_on(body.law_on)})
    window = _window(stated, establishment.department, requests.received_now(caller.connection))
    quotas.use(caller.connection, caller.account.id, "drafts", 1, caller.shares())
    return drafts.open_draft(
        caller.connection,
        stated,
        window,
        account_id=caller.account.id,
        siret=establishment.siret,
        department=establishment.department,
        master=context.master,
        actor=caller.actor,
    )


def _window(stated: DraftBody, department: str, now: datetime) -> FilingWindow:
    """Return the filing window of a draft; raises `InvalidRequest` when it has already closed."""
    placed_on = stated.placement_on
    try:
        closed = window_objection(stated.ground, placed_on, placed_on, department, now, stated.law_on)
        window = filing_window(stated.ground, placed_on, department, law_on=stated.law_on)
    except BeforeFirstText as before:
        pointer = "/law_on" if stated.law_on else "/placement_on"
        raise fault(pointer, "before-first-text", str(before)) from before
    if closed and window.accepted_until <= now:
        raise InvalidRequest(of_law([closed]))
    return window


def read_draft(context: Context, credential: PresentedCredential, draft_id: str) -> DraftView:
    """Return a draft of one of the caller's establishments; raises `Unknown`."""
    with context.admit(credential, Verb.READ_DRAFT) as caller:
        return view(own_draft(caller, draft_id)[0])


def delete_draft(context: Context, credential: PresentedCredential, draft_id: str) -> None:
    """Delete an open draft; from then on it is unknown. Raises `Unknown`, or `Conflict` once filed or lapsed."""
    with context.admit(credential, Verb.KEEP_DRAFT) as caller:
        own_draft(caller, draft_id)
        draft = drafts.get_open_for_update(caller.connection, as_uuid(draft_id))
        drafts.delete(caller.connection, draft.id, caller.actor)


def change_draft(
    context: Context,
    credential: PresentedCredential,
    draft_id: str,
    submission: Submission[dict[str, object]],
) -> DraftView:
    """Replace members of the drafted request; null removes one. Raises `InvalidRequest`, `Conflict`, `QuotaReached`."""
    with context.admit(credential, Verb.KEEP_DRAFT) as caller:
        own_draft(caller, draft_id)
        draft = drafts.get_open_for_update(caller.connection, as_uuid(draft_id))
        changes = submission.read()
        _check(draft, changes)
        merged = {name: value for name, value in (draft.body | changes).items() if value is not None}
        start = {name: merged.get(name, getattr(draft, name)) for name in ("ground", "placement_on", "law_on")}
        window = _moved_window(caller, draft, DraftBody.model_validate(start))
        drafts.change(caller.connection, draft.id, merged, window)
        return view(drafts.get(caller.connection, draft.id))


def _check(draft: DraftRecord, changes: dict[str, object]) -> None:
    """Refuse invalid members; a draft may lack some."""
    stated = stated_so_far(draft)
    faults, _ = faults_and_missing(stated | changes)
    fixed = [name for name in FIXED_MEMBERS if name in changes and changes[name] != stated.get(name)]
    message = "Ce membre se fixe à l’ouverture du brouillon."
    faults += [Fault(pointer=f"/{name}", code="fixed", message=message) for name in fixed]
    if faults:
        raise InvalidRequest(faults)


def _moved_window(caller: Caller, draft: DraftRecord, body: DraftBody) -> FilingWindow | None:
    """Return the new filing window of a draft whose ground or placement changes, else None; raises `QuotaReached`.

    It counts as a draft that is opened: the process of the draft is told each time.
    """
    if (draft.ground, draft.placement_on) == (body.ground, body.placement_on):
        return None
    offset = drafts.offset(caller.connection, draft.id)
    window = _window(body, draft.department, requests.received_now(caller.connection, offset))
    quotas.use(caller.connection, caller.account.id, "drafts", 1, caller.shares())
    return window


def file_draft(context: Context, credential: PresentedCredential, draft_id: str, key: str | None = None) -> Filed:
    """File the drafted request; raises `InvalidRequest` with every fault, `Conflict`."""
    with context.admit(credential, Verb.FILE_REQUEST) as caller:
        digest = idempotency.digest(["filing", draft_id])
        reference = caller.once(key, digest, lambda: _file(context, caller, *own_draft(caller, draft_id)))
        return case_view.filed(caller.connection, reference)


def _file(context: Context, caller: Caller, own: DraftRecord, establishment: Establishment) -> str:
    draft = drafts.get_open_for_update(caller.connection, own.id)
    offset = drafts.offset(caller.connection, draft.id)
    reception = Reception(
        account_id=caller.account.id,
        author=caller.account.name,
        received_at=requests.received_now(caller.connection, offset),
        clock_offset=offset,
    )
    statement = RequestStatement.read(stated_so_far(draft))
    reference = filing.file(context, caller, statement, establishment, reception)
    drafts.file(caller.connection, draft.id, reference, reception.received_at, caller.actor)
    return reference


def own_draft(caller: Caller, draft_id: str) -> tuple[DraftRecord, Establishment]:
    """Return a draft of one of the caller's establishments, with the establishment; raises `Unknown`."""
    draft = drafts.get(caller.connection, as_uuid(draft_id))
    establishments = [] if draft.status is DraftStatus.DELETED else caller.establishments()
    for establishment in establishments:
        if establishment.siret == draft.siret and parties.is_readable(
            caller.connection, draft.siret, draft.party, caller.account.id
        ):
            trace_context.about(draft.id)
            return draft, establishment
    raise Unknown(draft_id)


def stated_so_far(draft: DraftRecord) -> dict[str, object]:
    """Return the request drafted so far, in the shape of a filing."""
    start = {"ground": draft.ground, "placement_on": draft.placement_on.isoformat(), "siret": draft.siret}
    law_on = {"law_on": draft.law_on.isoformat()} if draft.law_on else {}
    return start | draft.body | law_on


def faults_and_missing(body: dict[str, object]) -> tuple[list[Fault], tuple[str, ...]]:
    """Return the faults of a draft's members, and apart from them the names of the missing members."""
    statement = RequestStatement.read({name: value for name, value in body.items() if value is not None})
    missing = [each for each in statement.faults if each.code == "missing" and each.pointer.count("/") == 1]
    wrong = [each for each in statement.faults if each not in missing]
    return wrong, tuple(each.pointer[1:] for each in missing)


def view(draft: DraftRecord) -> DraftView:
    """Return the view of a draft; raises `Unknown` for a deleted one."""
    if draft.status is DraftStatus.DELETED:
        raise Unknown(draft.id)
    return DraftView.model_validate(
        {
            "id": draft.id,
            "siret": draft.siret,
            "status": draft.status,
            "reference": draft.reference,
            "content": stated_so_far(draft) if draft.status is DraftStatus.DRAFT else {},
            "closes_at": local(draft.closes_at, draft.department),
            "accepted_until": local(draft.accepted_until, draft.department),
            "missing": faults_and_missing(stated_so_far(draft))[1] if draft.status is DraftStatus.DRAFT else (),
            "links": case_view.draft_links(draft.id),
        }
    )
