"""Mails that tell the holder of an account what changed in how it is entered."""

import secrets
from typing import Final

from models.store.people import code_mails
from starter.auth.caller import Caller

KINDS: Final = ("token_issued", "codes_set", "codes_dropped", "passkey_added", "passkey_dropped", "recovery_codes_made")


def tell(caller: Caller, kind: str) -> None:
    """Announce a change to the holder of the caller’s account, who may not have made it."""
    code_mails.notify(caller.connection, caller.account.id, kind, f"{kind}-{secrets.token_hex(8)}")
