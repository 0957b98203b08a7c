"""One-time codes of an authenticator application (TOTP): the master key seals the secret, each code works once."""

from hmac import compare_digest
from typing import Final

import pyotp
import segno
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection

from models.engine.keys import MasterKey, seal, unseal
from models.errors import Unknown
from models.store.database import now
from models.store.people import totps
from starter.auth import recovery_codes

STEP_SECONDS: Final = 30
"""How long each code is valid."""
STEP_OFFSETS: Final = (0, -1, 1)
"""Steps accepted around the present one, because the clock of a telephone may be a little off."""


def begin(connection: Connection, master: MasterKey, account_id: str, name: str) -> tuple[str, str]:
    """Give an account a new secret, to be confirmed; returns the secret and its provisioning URI."""
    secret = pyotp.random_base32()
    totps.start(connection, account_id, seal(_cipher(master), secret.encode(), account_id.encode()))
    return secret, _provisioning_uri(secret, name)


def pending(connection: Connection, master: MasterKey, account_id: str, name: str) -> tuple[str, str]:
    """Return the secret that is still to be confirmed, and its provisioning URI; raises `Unknown`."""
    record = totps.find_by_account(connection, account_id, confirmed=False)
    if record is None:
        raise Unknown(account_id)
    secret = _unsealed_secret(master, record)
    return secret, _provisioning_uri(secret, name)


def qr_code(address: str) -> str:
    """Return a provisioning URI as a QR code, a data URI for `src`."""
    return str(segno.make(address, error="m").svg_data_uri(scale=4, border=2, dark="#17323a"))


def accepts(connection: Connection, master: MasterKey, account_id: str, code: str | None) -> bool:
    """Whether an account needs no code, or this one, or this recovery code, is right and unused; using it up."""
    record = totps.find_by_account(connection, account_id)
    if record is None or _use_code(connection, master, record, code or ""):
        return True
    return recovery_codes.accepts(connection, master, account_id, code or "")


def confirm(connection: Connection, master: MasterKey, account_id: str, code: str) -> bool:
    """Require codes from now on if this one is right; whether it was."""
    record = totps.find_by_account(connection, account_id, confirmed=False)
    return record is not None and _use_code(connection, master, record, code)


def is_required(connection: Connection, account_id: str) -> bool:
    """Whether an account must give a one-time code to sign in."""
    return totps.find_by_account(connection, account_id) is not None


def _use_code(connection: Connection, master: MasterKey, record: totps.TotpRecord, code: str) -> bool:
    secret = _unsealed_secret(master, record)
    sent = "".join(code.split()).encode()
    present = int(now(connection).timestamp()) // STEP_SECONDS
    for step in (present + each for each in STEP_OFFSETS):
        right = pyotp.TOTP(secret, interval=STEP_SECONDS).generate_otp(step).encode()
        if step > record.last_step and compare_digest(right, sent):
            totps.record_use(connection, record.account_id, step)
            return True
    return False


def _unsealed_secret(master: MasterKey, record: totps.TotpRecord) -> str:
    return unseal(_cipher(master), record.sealed, record.account_id.encode()).decode()


def _provisioning_uri(secret: str, name: str) -> str:
    return str(pyotp.TOTP(secret, interval=STEP_SECONDS).provisioning_uri(name=name, issuer_name="Tacite"))


def _cipher(master: MasterKey) -> AESGCM:
    return AESGCM(master.derive("one-time codes"))
