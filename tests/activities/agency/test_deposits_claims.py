"""Claims reach the agency once, each after its nominal file; whatever breaks in between, the same bytes arrive."""

import json
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization.pkcs7 import pkcs7_decrypt_der
from cryptography.x509 import load_pem_x509_certificate
from sqlalchemy import text
from temporalio.exceptions import ApplicationError

from activities.agency.deposits import SftpAgency
from activities.transport import FolderTransport, SftpTransport
from local.programs import Agency
from models.claim_labels import ClaimState
from models.messages.deposit import Deposit
from models.store.agency import channels
from models.store.claims import ends
from models.store.claims.refusals import AdmissionRefused
from models.store.database import Database
from tests.activities.agency.agencies import an_agency
from tests.activities.agency.claims import CHANNEL, Keys, naming, prepare
from tests.activities.agency.nominal import NAME, NIR
from tests.activities.agency.test_deposits import lines
from tests.cases import IBAN
from tests.models.store.agency.builders import a_queued_claim
from tests.models.store.claims import builders
from tests.models.store.claims.builders import EMPLOYER


@pytest.fixture
def sftp(server: Agency) -> SftpTransport:
    return SftpTransport(server.address, server.client_key, server.host_key)


async def test_a_claim_arrives_once_after_its_nominal_file_and_is_handed_over(
    database: Database, server: Agency, sftp: SftpTransport, keys: Keys
) -> None:
    claim = a_queued_claim(database, naming=naming(keys))
    agency = an_agency(database, sftp)
    deposit = prepare(agency)
    assert agency.prepare_deposit(CHANNEL) == deposit
    await agency.put_deposit(deposit)
    await agency.put_deposit(deposit)
    assert agency.prepare_deposit(CHANNEL) is None
    (line,) = lines((server.deposits / deposit.name).read_bytes())
    figures = {"moisIndemnise": "12/2026", "nbSalaries": 1, "nbHeures": "7,00", "montantAllocation": "83,30"}
    assert figures.items() <= line.items()
    assert (line["iban"], line["numPartie"], line["numVersion"]) == (IBAN, 1, 1)
    nominal = (server.deposits / f"{line['empreinteNominatif']}.p7m").read_bytes()
    assert sha256(nominal).hexdigest() == line["empreinteNominatif"]
    certificate = load_pem_x509_certificate(keys.certificate.read_bytes())
    opened = pkcs7_decrypt_der(nominal, certificate, keys.key, []).decode()
    assert NIR in opened
    assert NAME in opened
    assert NAME not in json.dumps(line)
    assert builders.state(database, claim.id) == ClaimState.HANDED
    assert builders.story(database, claim.id)[-1] == "claim_handed_to_asp"
    assert builders.balances(database, claim.reference)["handed"] == (7.0, claim.allowance_cents)
    assert builders.differences(database) == ()
    assert builders.broken(database) == []


async def test_killed_between_both_puts_it_puts_the_same_bytes_again(
    database: Database, server: Agency, sftp: SftpTransport
) -> None:
    claim = a_queued_claim(database)

    class Dying(SftpAgency):
        def _mark_put(self, put: object) -> None:
            raise ConnectionError

    deposit = prepare(an_agency(database, sftp))
    with pytest.raises(ApplicationError):
        await an_agency(database, sftp, Dying).put_deposit(deposit)
    (orphan,) = [each for each in server.deposits.iterdir() if each.suffix == ".p7m" and not_before(each, database)]
    before = orphan.read_bytes()
    assert not (server.deposits / deposit.name).exists()
    again = an_agency(database, sftp)
    assert prepare(again) == deposit
    await again.put_deposit(deposit)
    assert orphan.read_bytes() == before
    assert (server.deposits / deposit.name).exists()
    assert builders.state(database, claim.id) == ClaimState.HANDED


def not_before(path: Path, database: Database) -> bool:
    """Whether a nominal file is one of this register: the folder is shared by these tests."""
    with database.begin() as connection:
        return path.stem in connection.execute(text("SELECT sha256 FROM claim_file")).scalars().all()


async def test_killed_between_put_and_commit_it_is_handed_over_once(
    database: Database, server: Agency, sftp: SftpTransport
) -> None:
    claim = a_queued_claim(database)

    class Dying(SftpAgency):
        def _mark_written(self, deposit: Deposit) -> None:
            raise ConnectionError

    deposit = prepare(an_agency(database, sftp))
    with pytest.raises(ApplicationError):
        await an_agency(database, sftp, Dying).put_deposit(deposit)
    assert builders.state(database, claim.id) == ClaimState.SIGNED
    before = sorted(server.deposits.iterdir())
    await an_agency(database, sftp).put_deposit(deposit)
    assert sorted(server.deposits.iterdir()) == before
    assert builders.story(database, claim.id).count("claim_handed_to_asp") == 1
    assert builders.differences(database) == ()


async def test_claims_of_several_authorizations_share_a_file_within_its_caps(
    database: Database, tmp_path: Path
) -> None:
    one, other = builders.authorize(database), builders.authorize(database)
    claims = [a_queued_claim(database, reference, person) for person, reference in enumerate((one, other), start=1)]
    claims.append(a_queued_claim(database, one, person=3, part=2))
    agency = an_agency(database, FolderTransport(tmp_path), agency_rows=2)
    for rows in (2, 1):
        deposit = prepare(agency)
        assert deposit.rows == rows
        await agency.put_deposit(deposit)
    assert agency.prepare_deposit(CHANNEL) is None
    assert {builders.state(database, each.id) for each in claims} == {ClaimState.HANDED}
    assert len(list(tmp_path.glob("*.p7m"))) == 3
    assert builders.broken(database) == []


def test_a_claim_in_a_file_is_nobodys_to_cancel_or_replace(database: Database) -> None:
    claim = a_queued_claim(database)
    deposit = prepare(an_agency(database, FolderTransport(Path("/nowhere"))))
    assert deposit.rows == 1
    with database.begin() as connection:
        assert not ends.end(connection, claim.id, ClaimState.VOID, EMPLOYER)
    with pytest.raises(AdmissionRefused) as refused:
        builders.claim(database, claim.reference, replaces=claim.id)
    assert refused.value.slug == "already-handed"


def test_a_claim_cancelled_while_it_waits_is_in_no_file(database: Database) -> None:
    claim = a_queued_claim(database)
    with database.begin() as connection:
        assert ends.end(connection, claim.id, ClaimState.VOID, EMPLOYER)
        assert channels.list_waiting(connection) == []
    assert an_agency(database, FolderTransport(Path("/nowhere"))).prepare_deposit(CHANNEL) is None
