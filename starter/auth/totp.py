"""One-time codes of an application (TOTP): a secret sealed by the master key, codes that serve once."""

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

STEP: Final = 30
"""Seconds that a code lasts."""
AROUND: Final = (0, -1, 1)
"""Steps that are tried: clocks of telephones are a little early or late."""


def begin(connection: Connection, master: MasterKey, account_id: str, name: str) -> tuple[str, str]:
    """Give an account a secret to be confirmed; returns it and the address that applications read."""
    secret = pyotp.random_base32()
    totps.start(connection, account_id, seal(_cipher(master), secret.encode(), account_id.encode()))
    return secret, _address(secret, name)


def pending(connection: Connection, master: MasterKey, account_id: str, name: str) -> tuple[str, str]:
    """Return again the secret that waits to be confirmed, and its address; raises `Unknown`."""
    record = totps.find_by_account(connection, account_id, confirmed=False)
    if record is None:
        raise Unknown(account_id)
    secret = _opened(master, record)
    return secret, _address(secret, name)


def picture(address: str) -> str:
    """Draw an address as a QR code, an image for `src`."""
    return str(segno.make(address, error="m").svg_data_uri(scale=4, border=2, dark="#17323a"))


def passes(connection: Connection, master: MasterKey, account_id: str, code: str | None) -> bool:
    """Whether an account needs no code, or this one is right and has not served; it serves no more then."""
    record = totps.find_by_account(connection, account_id)
    return record is None or _serve(connection, master, record, code or "")


def confirm(connection: Connection, master: MasterKey, account_id: str, code: str) -> bool:
    """Ask for codes from now on, if the application of the account makes the right ones."""
    record = totps.find_by_account(connection, account_id, confirmed=False)
    return record is not None and _serve(connection, master, record, code)


def required(connection: Connection, account_id: str) -> bool:
    """Whether an account signs in with a one-time code."""
    return totps.find_by_account(connection, account_id) is not None


def _serve(connection: Connection, master: MasterKey, record: totps.TotpRecord, code: str) -> bool:
    secret = _opened(master, record)
    sent = "".join(code.split()).encode()
    present = int(now(connection).timestamp()) // STEP
    for step in (present + each for each in AROUND):
        right = pyotp.TOTP(secret, interval=STEP).generate_otp(step).encode()
        if step > record.last_step and compare_digest(right, sent):
            totps.record_use(connection, record.account_id, step)
            return True
    return False


def _opened(master: MasterKey, record: totps.TotpRecord) -> str:
    return unseal(_cipher(master), record.sealed, record.account_id.encode()).decode()


def _address(secret: str, name: str) -> str:
    return str(pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=name, issuer_name="Tacite"))


def _cipher(master: MasterKey) -> AESGCM:
    return AESGCM(master.derive("one-time codes"))
