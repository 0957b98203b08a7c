"""Body of a request to amend an authorization (avenant): only what changes, and why."""

from models.bodies.filing import People
from models.identifiers import BankAccount, Hours, Message, Period
from models.texts import Prose


class AmendmentBody(Message):
    """Demande d’avenant : ce qui change dans l’autorisation, pour l’ensemble de celle-ci, et pourquoi.

    `hours` are those of the whole authorization once it is amended, not those added.
    """

    period: Period | None = None
    employees: People | None = None
    hours: Hours | None = None
    bank_account: BankAccount | None = None
    """Asked for alone: an agent decides on it, silence never does."""
    reasons: Prose
