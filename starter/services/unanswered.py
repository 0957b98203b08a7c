"""Files that the paying agency does not answer whole: read, and what two operators do about one or a claim of it."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from models.bodies.operator import DepositBody, ExceptionBody
from models.errors import Unknown
from models.store.agency.channels import CHANNELS
from models.store.operations import exceptional_acts, unanswered
from models.store.operations.exceptional_acts import ExceptionRecord
from models.store.operations.unanswered import UnansweredDeposit, UnansweredRow
from models.store.people import account_lists
from starter.auth.caller import Caller, as_uuid
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import fault
from starter.http.request_body import Submission

MAX_ROWS: Final = 50
"""Rows of one file that are shown; the others come up as these are answered."""


class DepositReading(NamedTuple):
    """A file, its first rows without an answer, and the acts that were requested about them, newest first."""

    file: UnansweredDeposit
    rows: list[UnansweredRow]
    acts: list[ExceptionRecord]
    lines: Mapping[str, int]
    """Line of each claim that is shown, by the subject of an act about it."""
    names: Mapping[str, tuple[str, str]]


class UnansweredFile(NamedTuple):
    """A file with its first rows that are not answered, 500 at most."""

    file: UnansweredDeposit
    rows: list[UnansweredRow]


def list_files(context: Context, credential: PresentedCredential, channel: str) -> list[UnansweredFile]:
    """Return the files of a channel that are not answered whole, the oldest first; raises `Unknown`."""
    with context.admit(credential, Verb.READ_CHANNELS) as caller:
        if channel not in CHANNELS:
            raise Unknown(channel)
        found = unanswered.list_deposits(caller.connection, channel)
        return [UnansweredFile(each, unanswered.list_rows(caller.connection, each.id)) for each in found]


def read_file(context: Context, credential: PresentedCredential, deposit_id: str) -> DepositReading:
    """Return a file of claims, whether it is answered or not; raises `Unknown`."""
    with context.admit(credential, Verb.READ_CHANNELS) as caller:
        connection, file = caller.connection, unanswered.get(caller.connection, as_uuid(deposit_id))
        rows = unanswered.list_rows(connection, file.id, MAX_ROWS)
        lines = {each.claim_id: each.line for each in rows}
        acts = exceptional_acts.list_about(connection, file.id, *lines)
        named = {who for act in acts for who in (act.asked_by, act.approved_by, act.refused_by) if who}
        return DepositReading(file, rows, acts, lines, account_lists.names(connection, named))


def request_act(
    context: Context, credential: PresentedCredential, deposit_id: str, submission: Submission[DepositBody]
) -> str:
    """Ask to send a file again, or to hold the claim of one of its lines rejected, once for a key; returns the act.

    Raises `Unknown`, `InvalidRequest`, `Conflict`.
    """
    with context.admit(credential, Verb.ASK_EXCEPTION) as caller:
        if caller.account.departments:  # a channel is everybody’s
            raise Unknown(deposit_id)
        file = unanswered.get(caller.connection, as_uuid(deposit_id))

        def request() -> str:
            body = submission.read()
            subject = file.id if body.kind == "resend_deposit" else _claim_of(caller, file, body.line)
            asked = ExceptionBody(kind=body.kind, subject=subject, reason=body.reason)
            return exceptional_acts.request(caller.connection, asked, caller.actor).id

        return caller.once(submission.key, submission.digest, request)


def _claim_of(caller: Caller, file: UnansweredDeposit, line: int | None) -> str:
    if line is None:
        raise fault("/line", "line-needed", "Indiquez la ligne de la demande d’indemnisation.")
    found = unanswered.find_claim(caller.connection, file.id, line)
    if found is None:
        raise fault("/line", "line-unknown", "Ce fichier n’a pas cette ligne.")
    return found
