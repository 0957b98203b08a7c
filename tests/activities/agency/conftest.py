"""One certificate of the agency per session, and its server."""

from collections.abc import Iterator

import pytest

from activities.agency.answers import SftpAnswers
from activities.transport import SftpTransport
from local.processes import free_port
from local.programs import Agency
from models.store.database import Database
from tests.activities.agency.agencies import settings_of
from tests.activities.agency.claims import Keys, of_claims
from tests.activities.agency.exchanges import Exchange
from tests.activities.agency.nominal import make_certificate


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
    own = Keys(server.certificate, keys.key)
    sftp = SftpTransport(server.address, server.client_key, server.host_key)
    inbox = SftpTransport(server.address.replace("/depot", "/retrait"), server.client_key, server.host_key)
    deposits = of_claims(database, sftp, own)
    acts = SftpAnswers(database, inbox, settings_of(database), deposits)
    made = Exchange(database, server, acts, deposits, sftp, keys.key)
    yield made
    made.check()
