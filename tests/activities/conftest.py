"""One set of authorities per session; acts with real keys on the test's register."""

from collections.abc import Iterator

import pytest

from activities.documents.acts import StoredDocumentActs
from activities.documents.compose import Composer
from activities.register import StoredRegisterActs
from activities.signing.acts import DocumentSigner
from local.authorities import timestamp_urls
from local.ports import free_port
from local.programs import Authorities
from models.store.database import Database

SITE = "https://tacite.example"


@pytest.fixture(scope="session")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authorities]:
    server = Authorities(tmp_path_factory.mktemp("authorities"), free_port())
    server.start()
    yield server
    server.stop()


@pytest.fixture
def acts(database: Database) -> StoredRegisterActs:
    return StoredRegisterActs(database)


@pytest.fixture
def signing(authorities: Authorities) -> DocumentSigner:
    folder = authorities.folder
    urls = timestamp_urls(authorities.url)
    return DocumentSigner(folder / "seal", folder / "signatories", folder / "trust", urls)


@pytest.fixture
def papers(database: Database, signing: DocumentSigner) -> StoredDocumentActs:
    return StoredDocumentActs(database, signing, Composer(SITE, "development"))
