"""Standing instructions of agents: given under a delegation of their own, listed, revoked."""

from datetime import date, datetime
from typing import NamedTuple

from law.calendar import local
from law.directory import PARIS
from models.bodies.claims_review import InstructionBody
from models.identifiers import Message
from models.store.claims import instructions
from models.store.claims.instructions import InstructionRecord
from models.store.people.accounts import Account
from starter.auth.caller import as_uuid
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import fault
from starter.http.request_body import Submission


class Instruction(Message):
    """A standing instruction in force or to come."""

    id: str
    given_by: str
    """Id of the account that gave it."""
    name: str
    """Name of the agent who gave it."""
    departments: tuple[str, ...]
    ceiling: str
    """Allowance of the claims of one month of a case at most, over all its parts, in euros."""
    from_on: date
    to_on: date
    given_at: datetime


class InstructionsReading(NamedTuple):
    """Standing instructions that concern an agent, and who reads them."""

    reader: Account
    instructions: list[Instruction]

    def may_revoke(self, given: Instruction) -> bool:
        """Whether the reader may end one: their own, or as a head of its départements."""
        return given.given_by == self.reader.id or self.reader.role == "head"


def read(context: Context, credential: PresentedCredential) -> InstructionsReading:
    """Return the instructions of the caller and those of the caller’s départements, newest first."""
    with context.admit(credential, Verb.READ_DESK) as caller:
        account = caller.account
        found = instructions.list_current(caller.connection, account.id, account.departments)
        return InstructionsReading(account, [_instruction(each) for each in found])


def give(context: Context, credential: PresentedCredential, submission: Submission[InstructionBody]) -> str:
    """Give a standing instruction and return its id; raises `InvalidRequest`, `Unlawful`, 403 without a delegation."""
    with context.admit(credential, Verb.INSTRUCT_STANDING) as caller:

        def create() -> str:
            body = submission.read()
            strange = [each for each in body.departments if not caller.covers(each)]
            if strange:
                raise fault("/departments", "not-yours", f"Hors de vos départements : {', '.join(strange)}.")
            return instructions.give(caller.connection, body, caller.actor)

        return caller.once(submission.key, submission.digest, create)


def revoke(context: Context, credential: PresentedCredential, instruction_id: str) -> str:
    """End an instruction now: one’s own, or as a head of its départements. Raises `Unknown`, `NotAllowed`."""
    with context.admit(credential, Verb.INSTRUCT_STANDING) as caller:
        named = as_uuid(instruction_id)
        instructions.revoke(caller.connection, named, caller.actor, caller.account.departments)
    return named


def _instruction(record: InstructionRecord) -> Instruction:
    return Instruction(
        id=record.id,
        given_by=record.account_id,
        name=record.name,
        departments=record.departments,
        ceiling=f"{record.ceiling:.2f}",
        from_on=record.from_on,
        to_on=record.to_on,
        given_at=local(record.given_at, PARIS),
    )
