"""One certificate of the agency per session, and its server."""

from collections.abc import Iterator

import pytest

from activities.agency.answers import SftpAnswers
from activities.transport import SftpTransport
from local.ports import free_port
from local.programs import Agency
from models.store.database import Database
from tests.activities.agency.agencies import an_agency, settings_of
from tests.activities.agency.claims import Keys
from tests.activities.agency.exchanges import Exchange
from tests.activities.agency.nominal import make_certificate
from tests.cases import master_key


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return Keys(*make_certificate(tmp_path_factory.mktemp("keys")))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agency]:
    agency = Agency(tmp_path_factory.mktemp("agency"), free_port())
    agency.start()
    yield agency
    agency.stop()


@pytest.fixture
def exchange(database: Database, server: Agency, keys: Keys) -> Iterator[Exchange]:
    sftp = SftpTransport(server.address, server.client_key, server.host_key)
    inbox = SftpTransport(server.address.replace("/depot", "/retrait"), server.client_key, server.host_key)
    deposits = an_agency(database, sftp)
    acts = SftpAnswers(database, inbox, settings_of(database), deposits, master_key())
    made = Exchange(database, server, acts, deposits, sftp, Keys(server.certificate, keys.key))
    yield made
    made.check()
