"""Changes of the bank account of an authorization: asked for by the employer, decided by an agent."""

from datetime import datetime
from typing import Self

from starlette.concurrency import run_in_threadpool

from models.bodies.amendment import AmendmentBody
from models.bodies.bank_change import BankDecisionBody
from models.errors import Unknown
from models.identifiers import BankAccount, Message
from models.messages.case import Ref
from models.store.cases import bank_changes, requests
from models.store.cases.bank_changes import BankChangeRecord, NewBankChange
from models.store.cases.records import RequestRecord
from starter.auth.caller import Caller
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import fault
from starter.http.request_body import Submission
from starter.services.case_schemas import here


class BankChangeDecided(Message):
    """A decision on a change of bank account, and its state: `decided` while it is being signed."""

    number: str
    state: str
    outcome: str | None
    decided_at: datetime | None
    effective_at: datetime | None

    @classmethod
    def of(cls, record: BankChangeRecord, department: str) -> Self:
        """Return the view of a change, in the legal time of its département."""
        return cls(
            number=record.number,
            state=record.state,
            outcome=record.outcome,
            decided_at=here(record.decided_at, department),
            effective_at=here(record.effective_at, department),
        )


def file(context: Context, caller: Caller, case: RequestRecord, account: BankAccount, body: AmendmentBody) -> str:
    """Ask for a change of account alone; raises `InvalidRequest` and `Conflict`. The caller holds the request."""
    if body.period or body.employees or body.hours:
        message = "Un changement de compte se demande seul : un agent en décide, jamais le silence."
        raise fault("/bank_account", "bank-account-alone", message)
    nominal = requests.get_nominal(caller.connection, case.reference)
    if (account.iban, account.holder) == (nominal.iban, nominal.holder):
        raise fault("/bank_account", "nothing-changed", "Ce compte est déjà celui de l’autorisation.")
    entry = NewBankChange(
        reference=case.reference,
        account=account,
        reasons=body.reasons,
        account_id=caller.account.id,
        author=caller.account.name,
        received_at=requests.received_now(caller.connection, case.clock_offset),
    )
    return bank_changes.file(caller.connection, entry, context.master, caller.actor)


async def decide(
    context: Context,
    credential: PresentedCredential,
    reference: str,
    number: str,
    submission: Submission[BankDecisionBody],
) -> BankChangeDecided:
    """Decide on a change and return its state: effective, or still being signed.

    Raises `Unknown`, 403 without a delegation for the outcome, and `Conflict` once it is decided.
    """
    decided = await run_in_threadpool(register, context, credential, reference, number, submission)
    if decided.is_pending:
        subject = f"{decided.number}/{decided.decision_id}"
        await context.engine.check_register(bank_changes.MESSAGE, Ref(reference=decided.reference, id=subject))
    return await run_in_threadpool(_current, context, decided.number)


def register(
    context: Context,
    credential: PresentedCredential,
    reference: str,
    number: str,
    submission: Submission[BankDecisionBody],
) -> BankChangeRecord:
    """Register a decision without waiting for its signature, which follows by itself; raises like `decide`."""
    with context.admit(credential, Verb.DECIDE) as caller:
        case = caller.request(reference)
        return bank_changes.decide(caller.connection, case, number, submission.read(), submission.digest, caller.actor)


def read(context: Context, credential: PresentedCredential, reference: str, number: str) -> BankChangeRecord:
    """Return a change of a case for its agent, whose reading is noted; raises `Unknown`."""
    with context.admit(credential, Verb.READ_CASE) as caller:
        case = caller.request(reference)
        change = bank_changes.get(caller.connection, number.replace("\0", ""))
        if change.reference != case.reference:
            raise Unknown(number)
        caller.note_reading(case.reference)
        return change


def _current(context: Context, number: str) -> BankChangeDecided:
    with context.database.begin() as connection:
        record = bank_changes.get(connection, number)
        return BankChangeDecided.of(record, requests.get(connection, record.reference).department)
