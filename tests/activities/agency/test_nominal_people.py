"""The nominal file holds who the claim is for, as its lines stated them, and the agency alone opens it."""

from decimal import Decimal

import pytest
from cryptography.hazmat.primitives.serialization.pkcs7 import pkcs7_decrypt_der
from cryptography.x509 import load_pem_x509_certificate
from sqlalchemy import text

from activities.agency.nominal import PeopleUnreadable, envelop
from activities.agency.nominal_people import SealedPeople
from models.store.agency import claim_rows
from models.store.claims.records import ClaimRecord
from models.store.database import Database
from tests.activities.agency.claims import Keys
from tests.cases import master_key
from tests.models.store.agency.builders import sign
from tests.models.store.claims import builders
from tests.models.store.claims.builders import LAST_WEEK
from tests.models.store.claims.real_lines import SENTINEL_NAME, SENTINEL_NIR, a_line, a_nir, stage_real

PEOPLE = SealedPeople(master_key())


def a_real_claim(database: Database) -> ClaimRecord:
    """A signed claim of two people, one of whom has two weeks of different pay."""
    lines = (a_line(1), a_line(1, LAST_WEEK, line=9, hourly_gross=Decimal("16.5")), a_line(2))
    claim = builders.admit(database, stage_real(database, builders.authorize(database), *lines))
    sign(database, claim)
    with database.begin() as connection:
        assert claim_rows.hand_over(connection, claim.id) == []
    return claim


def test_each_line_is_in_the_envelope_as_it_was_stated(database: Database, keys: Keys) -> None:
    claim = a_real_claim(database)
    with database.begin() as connection:
        enveloped = envelop(PEOPLE.read(connection, claim.id), keys.certificate)
    certificate = load_pem_x509_certificate(keys.certificate.read_bytes())
    opened = pkcs7_decrypt_der(enveloped, certificate, keys.key, []).decode()
    _, *lines = opened.splitlines()
    assert [line.split(";")[0] for line in lines] == [a_nir(1), a_nir(1), a_nir(2)]
    pays = [Decimal(line.split(";")[-2].replace(",", ".")) for line in lines]
    assert pays == [Decimal(15), Decimal("16.5"), Decimal(15)]
    for named in (SENTINEL_NIR, SENTINEL_NAME):
        assert named.encode() not in enveloped


def test_what_was_altered_is_unreadable(database: Database) -> None:
    claim = a_real_claim(database)
    with database.begin() as connection:
        connection.execute(text("UPDATE claim_person SET sealed = sealed || 'x' WHERE n = 2"))
    with database.begin() as connection, pytest.raises(PeopleUnreadable):
        list(PEOPLE.read(connection, claim.id).lines)


def test_nobody_is_read_once_the_key_of_the_case_is_destroyed(database: Database) -> None:
    claim = a_real_claim(database)
    with database.begin() as connection:
        connection.execute(text("UPDATE case_key SET wrapped = NULL, destroyed_at = clock_timestamp()"))
    with database.begin() as connection, pytest.raises(PeopleUnreadable):
        list(PEOPLE.read(connection, claim.id).lines)
