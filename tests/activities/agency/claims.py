"""Acts of the agency on the channel of claims."""

from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from activities.agency.deposits import SftpAgency
from activities.agency.nominal import PeopleReader
from activities.agency.nominal_acts import EnvelopedPeople
from models.messages.case import Ref
from models.messages.deposit import Channel, Deposit
from models.store.agency import channels
from models.store.claims.records import ClaimRecord
from models.store.database import Database
from tests.activities.agency.nominal import people_of
from tests.models.store.agency.builders import Naming

CHANNEL = Channel(name=channels.CLAIMS)


class Keys(NamedTuple):
    """The agency’s certificate, and the key that opens what is enveloped to it."""

    certificate: Path
    key: RSAPrivateKey


def naming(keys: Keys, people: PeopleReader = people_of) -> Naming:
    """Make the nominal file of an agreed claim, as the act does."""

    def name(database: Database, claim: ClaimRecord) -> None:
        EnvelopedPeople(database, keys.certificate, people).envelop_people(Ref(reference=claim.reference, id=claim.id))

    return name


def prepare(agency: SftpAgency) -> Deposit:
    deposit = agency.prepare_deposit(CHANNEL)
    assert deposit
    return deposit
