"""Recovery codes: ten, shown once; each stands once for a one-time code when the telephone is lost."""

import secrets
from typing import Final

from sqlalchemy import Connection

from models.engine.keys import MasterKey
from models.mailed_codes import RECOVERY_LENGTH, RECOVERY_SIGNS, canonical
from models.store.journal import accesses
from models.store.people import accounts, code_mails, recovery_codes

MANY: Final = 10
GROUP: Final = RECOVERY_LENGTH // 2


def make(connection: Connection, master: MasterKey, account_id: str) -> tuple[str, ...]:
    """Replace the codes of an account; returns the new ones, which cannot be read again."""
    made = tuple("".join(secrets.choice(RECOVERY_SIGNS) for _ in range(RECOVERY_LENGTH)) for _ in range(MANY))
    recovery_codes.replace(connection, account_id, [_digest(master, account_id, each) for each in made])
    return tuple(f"{each[:GROUP]}-{each[GROUP:]}" for each in made)


def accepts(connection: Connection, master: MasterKey, account_id: str, code: str) -> bool:
    """Use up a code of an account, and tell its holder; False when it is none."""
    if not recovery_codes.use(connection, account_id, _digest(master, account_id, code)):
        return False
    left = recovery_codes.count_left(connection, account_id)
    accesses.write_last(connection, "recovery_code_used", accounts.get(connection, account_id).actor)
    code_mails.notify(connection, account_id, "recovery_code_used", f"recovery-{secrets.token_hex(8)}", count=str(left))
    return True


def _digest(master: MasterKey, account_id: str, code: str) -> bytes:
    return master.derive("recovery code", account_id, canonical(code))
