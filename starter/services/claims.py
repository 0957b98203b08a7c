"""Acts of the employer on the claim of a month: sent with its lines or of a file that was read, cancelled."""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple, TypeVar

from pydantic_core import to_json
from starlette.concurrency import run_in_threadpool

from law.allowance import HeadcountNeeded
from law.claimed_worth import ClaimedWorth, add
from law.rates import RateUnknown, Sector
from law.texts import Reason, in_french
from models.bodies.claim import ClaimBody
from models.claim_files import line_warnings
from models.claim_files.check import CheckedFile, check
from models.claim_files.claim import Claim, days_claimed
from models.claim_files.faults import Fault as FileFault
from models.claim_files.faults import FaultCode
from models.claim_files.fields import Field
from models.claim_files.pricing import price, total
from models.claim_files.reading import ClaimFile, UnreadableFile
from models.claim_labels import STANDING, ClaimState
from models.engine.keys import KeyDestroyed
from models.errors import Conflict, Unknown
from models.store.cases import requests
from models.store.cases.records import RequestRecord
from models.store.claims import admission, circumstances, ends, explanations, records, staging, versions
from models.store.claims.circumstances import Stated
from models.store.claims.ends import BEFORE_HAND_OVER
from models.store.claims.people import PersonFigures
from models.store.claims.previews import figures
from models.store.claims.refusals import AdmissionRefused, name_lines
from models.store.claims.sealed_people import PeopleKeys
from models.store.claims.staged_lines import stage_lines
from models.store.claims.staging import NothingClaimed, StagedClaim
from models.store.claims.uploads import ending
from models.store.claims.uploads import records as uploads
from models.store.people import quotas
from starter.auth.caller import Caller
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import Fault, InvalidRequest, fault
from starter.http.request_body import Submission
from starter.services.claim_readings import EXAMINING, read_charged
from starter.services.claim_schemas import ClaimView, FiledClaim
from starter.services.claim_views import ClaimAddress, filed, view

R = TypeVar("R")

_COLUMNS: Final = {each.label: each.value for each in Field} | {each.value: each.value for each in Field}
"""How a fault of a line names its member."""
UNLISTED: Final = "Des données envoyées ne sont pas de celles que l’article R. 5122-21 prévoit ici : retirez-les."
UNKNOWN: Final = "Des lignes ont un membre qui n’est pas prévu : retirez-le."
NOTHING: Final = "Aucune heure chômée n’est demandée."
HANDED: Final = "Cette demande est déjà transmise à l’agence de services et de paiement : elle ne s’annule plus."
OVER: Final[dict[ClaimState, str]] = {
    ClaimState.REFUSED: "Cette demande est refusée : ses heures sont déjà rendues, et elle n’a pas à être annulée.",
    ClaimState.REJECTED: "L’agence de services et de paiement a rejeté cette demande : elle n’a pas à être annulée.",
    ClaimState.REPLACED: "Une autre version a pris la place de cette demande : elle n’a pas à être annulée.",
}
"""Why a claim that holds nothing any more is not cancelled."""


class CheckedLines(NamedTuple):
    """Lines of a body without a fault, what they were checked against, and what is worth a look."""

    file: ClaimFile
    claim: Claim
    warnings: tuple[FileFault, ...]


class ClaimPreview(NamedTuple):
    """What a claim of lines would come to if it was filed now; nothing of it is kept."""

    people: tuple[PersonFigures, ...]
    """By the number of their first line."""
    worth: ClaimedWorth
    warnings: tuple[FileFault, ...]
    why: tuple[Reason, ...]


def require_sender(context: Context, credential: PresentedCredential, reference: str) -> str:
    """Return the account that sends a claim, before its body is looked at; raises 403 and `Unknown`."""
    with context.admit(credential, Verb.FILE_CLAIM) as caller:
        caller.request(reference)
        return caller.account.id


async def run_in_turn(context: Context, credential: PresentedCredential, reference: str, act: Callable[[], R]) -> R:
    """Run what files a claim, in one of the few threads of claims: a form takes the same places as a call of the API.

    Raises 429 when too many are under way, 403 and `Unknown`.
    """
    sender = await run_in_threadpool(require_sender, context, credential, reference)
    return await context.slow_calls.claim(sender, act)


def require_reader(context: Context, credential: PresentedCredential, to: ClaimAddress) -> str:
    """Return the account that reads who the people of a claim are; raises 403 and `Unknown`."""
    with context.admit(credential, Verb.READ_PERSONS) as caller:
        caller.request(to.reference)
        return caller.account.id


def file_claim(
    context: Context, credential: PresentedCredential, reference: str, submission: Submission[ClaimBody]
) -> FiledClaim:
    """Receive a claim and explain its amounts; raises as `receive_claim`."""
    claim_id = receive_claim(context, credential, reference, submission)
    with context.admit(credential, Verb.FILE_CLAIM) as caller:
        return filed(caller, caller.request(reference), records.get(caller.connection, claim_id))


def receive_claim(
    context: Context, credential: PresentedCredential, reference: str, submission: Submission[ClaimBody]
) -> str:
    """Receive a claim, whole or not at all, and return its id; a repeated call returns the same claim.

    Raises `InvalidRequest` with every fault of every line, `AdmissionRefused`, `Conflict`, `QuotaReached`,
    `ExaminerUnavailable`. Lines are read by the program that reads files, outside of any transaction.
    """
    digest = context.blind.digest([submission.digest])  # keyed: the digest of a short body would betray a NIR
    with context.admit(credential, Verb.FILE_CLAIM) as caller:
        case = caller.request(reference)
        known = caller.answer(submission.key, digest)
        if known is not None:
            return known
        body = submission.read()
        claim = _judged(caller, case, body) if body.lines is not None else None
    checked = _check(context, credential, case, body, claim) if claim is not None else None
    with context.admit(credential, Verb.FILE_CLAIM) as caller:
        case = caller.request(reference)
        return caller.once(submission.key, digest, lambda: _admit(context, caller, case, body, checked))


def preview_claim(context: Context, credential: PresentedCredential, reference: str, body: ClaimBody) -> ClaimPreview:
    """Check and price lines as `file_claim` does; raises as it does before anything is admitted."""
    with context.admit(credential, Verb.FILE_CLAIM) as caller:
        case = caller.request(reference)
        claim = _judged(caller, case, body)
    checked = _check(context, credential, case, body, claim)
    priced = price(list(checked.file.lines()), claim)
    if not any(line.idle for each in priced for line in each.weeks.values()):
        raise fault("/lines", "nothing-claimed", NOTHING)
    people = tuple(figures(each, claim) for each in priced)
    worth = add(total(each.hours) for each in priced)
    return ClaimPreview(people, worth, checked.warnings, explanations.of_claim(people, claim))


def cancel(context: Context, credential: PresentedCredential, to: ClaimAddress, key: str | None) -> ClaimView:
    """Cancel the claim of a month before it is handed over; one that is cancelled already is returned as it is.

    Raises `Unknown`, `AdmissionRefused` once it is handed over or in a file that is sent, `Conflict` if it ended.
    """
    with context.admit(credential, Verb.FILE_CLAIM) as caller:
        case = caller.request(to.reference)
        digest = context.blind.digest([f"cancellation {case.reference} {to.month} {to.part}".encode()])
        claim_id = caller.once(key, digest, lambda: _cancel(caller, case, to))
        return view(caller, case, records.get(caller.connection, claim_id))


def _judged(caller: Caller, case: RequestRecord, body: ClaimBody) -> Claim:
    """Return what lines are checked against today."""
    quotas.require_left(caller.connection, caller.account.id, EXAMINING, caller.shares)
    received_on = case.day_of(requests.received_now(caller.connection, case.clock_offset))
    stated = Stated(bool(body.structural), body.sector or Sector.GENERAL, body.holidays_worked)
    return circumstances.find(caller.connection, case.reference, body.month_on, stated, received_on)[1]


def _check(
    context: Context, credential: PresentedCredential, case: RequestRecord, body: ClaimBody, claim: Claim
) -> CheckedLines:
    """Have the lines of a body read, and check them as those of a file; raises `InvalidRequest`."""
    try:
        lines = to_json({"lines": body.lines})
        file = read_charged(context, credential, lines, circumstances.reading_context(case, claim))
        found = check(file, claim)
    except UnreadableFile as refused:
        raise fault("/lines", refused.code.value, refused.message) from refused
    except (RateUnknown, HeadcountNeeded) as unpriced:
        code = "rate-unknown" if isinstance(unpriced, RateUnknown) else "headcount-needed"
        raise fault("/month", code, str(unpriced)) from unpriced
    if faults := [*_unread(file), *_faults(found)]:
        raise InvalidRequest(faults)
    return CheckedLines(file, claim, found.warnings)


def _unread(file: ClaimFile) -> Iterator[Fault]:
    """Yield a fault for members that were not read; their names are the caller’s, and are not repeated."""
    if any(each.unlisted for each in file.headers):
        yield Fault(pointer="/lines", code="unlisted-data", message=UNLISTED)
    if any(not each.unlisted and each.field is None for each in file.headers):
        yield Fault(pointer="/lines", code="unknown-field", message=UNKNOWN)


def _faults(found: CheckedFile) -> Iterator[Fault]:
    for each in found.errors:
        yield Fault(pointer=_pointer(each), code=each.code.value, message=each.message)


def _pointer(each: FileFault) -> str:
    column = _COLUMNS.get(each.column)
    return f"/lines/{each.line - 1}" + (f"/{column}" if column else "")


def _admit(context: Context, caller: Caller, case: RequestRecord, body: ClaimBody, checked: CheckedLines | None) -> str:
    claim_id, warned = _stage(context, caller, case, body, checked) if checked else _take(caller, case, body)
    months, monthly = body.reference_months, body.monthly_reimbursement
    staging.state_submission(caller.connection, claim_id, caller.account.id, monthly=monthly, reference_months=months)
    if body.replaces is not None:
        _require_own(caller, case.reference, body.replaces)
    return admission.admit(caller.connection, claim_id, caller.actor, replaces=body.replaces, warned=warned).id


def _stage(
    context: Context, caller: Caller, case: RequestRecord, body: ClaimBody, checked: CheckedLines
) -> ending.Submitted:
    stated, keys = StagedClaim(case.reference, body.month_on, body.part), PeopleKeys(context.master, context.blind)
    try:
        claim_id = stage_lines(caller.connection, stated, checked.file.lines(), checked.claim, keys)
        return ending.Submitted(claim_id, line_warnings.of_faults(checked.warnings))
    except NothingClaimed as nothing:
        raise fault("/lines", "nothing-claimed", NOTHING) from nothing
    except KeyDestroyed as erased:
        raise Conflict("case-closed", "Ce dossier est effacé : rien ne peut plus y être demandé.") from erased


def _take(caller: Caller, case: RequestRecord, body: ClaimBody) -> ending.Submitted:
    """Return the claim staged of a file of this month and part; raises `InvalidRequest` and `Conflict`."""
    sent = body.upload or ""
    try:
        found = uploads.find_of(caller.connection, case.reference, body.month_on, sent)
    except Unknown as unknown:
        raise fault("/upload", "upload-unknown", "Aucun fichier de ce mois ne porte cet identifiant.") from unknown
    if found.part != body.part:
        raise fault("/part", "upload-of-another-part", f"Ce fichier est celui de la partie {found.part}.")
    taken = ending.take_for_submission(caller.connection, sent, caller.account.id)
    _refuse_weeks_to_come(caller, case, body, taken.claim_id)
    return taken


def _refuse_weeks_to_come(caller: Caller, case: RequestRecord, body: ClaimBody, claim_id: str) -> None:
    """Raise `InvalidRequest` for weeks of a file that are not over on the day on which it is submitted."""
    received_on = case.day_of(requests.received_now(caller.connection, case.clock_offset))
    _, claim = circumstances.find(caller.connection, case.reference, body.month_on, Stated(), received_on)
    early = [
        (monday, lines)
        for monday, lines in staging.list_weeks(caller.connection, claim_id).items()
        if (days := days_claimed(monday, claim)) is not None and days.last_working > received_on
    ]
    if early:
        code = FaultCode.HOURS_TO_COME
        told = [f"Semaine du {in_french(monday)}, {name_lines(lines)}. {code.label}" for monday, lines in early]
        raise InvalidRequest(Fault(pointer="/upload", code=code.value, message=each) for each in told)


def _require_own(caller: Caller, reference: str, claim_id: str) -> None:
    """Raise `InvalidRequest` unless a claim is of the case: locks are those of its entitlement alone."""
    try:
        own = records.get(caller.connection, claim_id).reference == reference
    except Unknown:
        own = False
    if not own:
        raise fault("/replaces", "claim-unknown", "Aucune demande de ce dossier ne porte cet identifiant.")


def _cancel(caller: Caller, case: RequestRecord, to: ClaimAddress) -> str:
    found = versions.list_of_month(caller.connection, case.reference, to.month, to.part)
    if not found:
        raise Unknown(to.reference)
    standing = next((each for each in found if each.state in STANDING), found[-1])
    records.hold_entitlement(caller.connection, case.reference)
    claim = records.hold(caller.connection, standing.id)
    if claim.state is ClaimState.VOID:
        return claim.id
    if claim.state in OVER:
        raise Conflict("claim-settled", OVER[claim.state])
    ended = claim.state in BEFORE_HAND_OVER and ends.end(caller.connection, claim.id, ClaimState.VOID, caller.actor)
    if not ended:
        raise AdmissionRefused("already-handed", HANDED)
    return claim.id
