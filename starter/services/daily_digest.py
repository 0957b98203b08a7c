"""The mail that an account may ask for, once a day, with what waits for it."""

from models.store.cases import digests
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context


def ask(context: Context, credential: PresentedCredential, *, wanted: bool) -> None:
    """Ask for the mail of each day, or for none any more; idempotent."""
    with context.admit(credential, Verb.PROTECT_ACCOUNT) as caller:
        digests.ask(caller.connection, caller.account.id, wanted)
