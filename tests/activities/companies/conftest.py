"""The counterpart of both APIs, and the directory that asks it."""

from collections.abc import Iterator

import pytest

from activities.companies.directory import CompanyDirectory, CompanySource, read_key
from activities.companies.search import Search
from activities.companies.sirene import Sirene
from local.ports import free_port
from local.programs import Companies
from models.store.database import Database


@pytest.fixture(scope="session")
def companies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Companies]:
    server = Companies(tmp_path_factory.mktemp("companies"), free_port())
    server.start()
    yield server
    server.stop()


@pytest.fixture
def sirene(companies: Companies) -> Sirene:
    return Sirene(companies.address, read_key(companies.key))


@pytest.fixture
def search(companies: Companies) -> Search:
    return Search(companies.search)


@pytest.fixture
def directory(database: Database, sirene: Sirene, search: Search) -> CompanyDirectory:
    sources: list[CompanySource] = [sirene, search]
    return CompanyDirectory(database, sources)
