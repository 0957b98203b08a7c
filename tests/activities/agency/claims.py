"""Acts of the agency on the channel of claims."""

from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from activities.agency.deposits import SftpAgency
from activities.transport import Transport
from models.messages.deposit import Channel, Deposit
from models.store.agency import channels
from models.store.database import Database
from tests.activities.agency.agencies import an_agency

CHANNEL = Channel(name=channels.CLAIMS)


class Keys(NamedTuple):
    """The agency’s certificate, and the key that opens what is enveloped to it."""

    certificate: Path
    key: RSAPrivateKey


def of_claims(
    database: Database, transport: Transport, keys: Keys, kind: type[SftpAgency] = SftpAgency, **changes: object
) -> SftpAgency:
    return an_agency(database, transport, kind, **({"agency_certificate": keys.certificate} | changes))


def prepare(agency: SftpAgency) -> Deposit:
    deposit = agency.prepare_deposit(CHANNEL)
    assert deposit
    return deposit
