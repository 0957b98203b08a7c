"""The directory asks its sources in order, under one limiter, and keeps each answer for a day."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import text

from activities.companies.directory import CompanyDirectory, CompanySource, DirectoryUnavailable, read_key
from activities.companies.exchange import EXCHANGE_TIMEOUT
from activities.companies.search import Search
from activities.companies.sirene import Sirene
from local.company_kinds import KINDS
from local.ports import free_port
from local.programs import Companies
from models.settings import Settings
from models.store.database import Database
from models.store.people import companies as answers
from models.store.people import company_slots
from tests.cases import a_siret

HEAD_OFFICE, SECONDARY = KINDS["active_head_office"].siret, KINDS["active_secondary"].siret


@contextmanager
def running(server: Companies) -> Iterator[None]:
    server.start()
    yield
    server.stop()


def counted(database: Database) -> dict[tuple[str, str], int]:
    with database.begin() as connection:
        return {(source, outcome): number for source, outcome, number in answers.counts(connection)}


def spend(database: Database, source: str) -> None:
    with database.begin() as connection:
        used = "UPDATE company_slot SET used_at = clock_timestamp() WHERE source = :s"
        connection.execute(text(used), {"s": source})


def age(database: Database, siret: str, interval: str) -> None:
    with database.begin() as connection:
        old = "UPDATE company SET asked_at = asked_at - CAST(:i AS interval) WHERE siret = :s"
        connection.execute(text(old), {"s": siret, "i": interval})


async def test_an_establishment_is_asked_for_once_a_day(database: Database, directory: CompanyDirectory) -> None:
    first = await directory.look_up(HEAD_OFFICE)
    assert (first.outcome, first.source, first.fresh) == ("listed", "sirene", True)
    assert await directory.look_up(HEAD_OFFICE) == first
    assert counted(database) == {("sirene", "listed"): 1}
    age(database, HEAD_OFFICE, "25 hours")
    assert (await directory.look_up(HEAD_OFFICE)).asked_at > first.asked_at
    assert counted(database) == {("sirene", "listed"): 2}


async def test_an_unknown_establishment_is_asked_for_again_after_an_hour(
    database: Database, directory: CompanyDirectory
) -> None:
    siret = KINDS["unknown"].siret
    for _ in range(2):
        assert (await directory.look_up(siret)).outcome == "unknown"
    age(database, siret, "61 minutes")
    await directory.look_up(siret)
    assert counted(database) == {("sirene", "unknown"): 2}


async def test_twenty_acts_at_once_ask_once(database: Database, directory: CompanyDirectory) -> None:
    found = await asyncio.gather(*(directory.look_up(HEAD_OFFICE) for _ in range(20)))
    assert len({each.asked_at for each in found}) == 1
    assert counted(database) == {("sirene", "listed"): 1}


async def test_the_head_office_is_learnt_with_a_secondary_establishment(
    database: Database, directory: CompanyDirectory
) -> None:
    await directory.look_up(SECONDARY)
    with database.begin() as connection:
        address = answers.find_mailing_address(connection, SECONDARY)
    assert address
    assert address.text == "12 rue DE L'EGLISE, 75001 PARIS 1"


@pytest.mark.parametrize("kind", ["partly_disclosed", "undisclosed", "unknown"])
async def test_no_letter_goes_to_an_address_that_the_register_does_not_give(
    database: Database, directory: CompanyDirectory, kind: str
) -> None:
    await directory.look_up(KINDS[kind].siret)
    with database.begin() as connection:
        assert answers.find_mailing_address(connection, KINDS[kind].siret) is None


async def test_a_secondary_establishment_whose_head_office_cannot_be_asked_is_known_and_asked_again(
    database: Database, companies: Companies, directory: CompanyDirectory
) -> None:
    with database.begin() as connection:
        keep_two = "UPDATE company_slot SET used_at = clock_timestamp() WHERE number > 1 OR source = 'search'"
        connection.execute(text(keep_two))
    with pytest.raises(DirectoryUnavailable) as unavailable:
        await directory.look_up(SECONDARY)
    assert unavailable.value.spent
    with database.begin() as connection:
        answer = answers.get(connection, SECONDARY)
        assert answers.find_mailing_address(connection, SECONDARY) is None
        connection.execute(text("UPDATE company_slot SET used_at = '-infinity'"))
    assert answer.fresh
    assert await directory.look_up(SECONDARY) == answer
    assert counted(database)[("sirene", "listed")] == 2


@pytest.mark.parametrize("fault", ["refuse-sirene", "malformed-sirene", "huge-sirene", "spent-sirene"])
async def test_the_second_choice_is_asked_when_the_first_fails(
    companies: Companies, directory: CompanyDirectory, fault: str
) -> None:
    with companies.fault(fault):
        answer = await directory.look_up(HEAD_OFFICE)
    assert (answer.source, answer.listed and answer.listed.department) == ("search", "34")


async def test_the_second_choice_is_asked_when_the_minute_is_spent(
    database: Database, directory: CompanyDirectory
) -> None:
    spend(database, "sirene")
    answer = await directory.look_up(SECONDARY)
    assert answer.source == "search"
    assert counted(database) == {("search", "listed"): 1}  # the head office came with it


async def test_a_register_that_is_slow_holds_up_one_act_and_not_the_next_ones(
    database: Database, companies: Companies, directory: CompanyDirectory
) -> None:
    with companies.fault("slow-sirene"):
        assert (await directory.look_up(HEAD_OFFICE)).source == "search"
        began = monotonic()
        for kind in ("ceased", "reunion", "cedex"):
            assert (await directory.look_up(KINDS[kind].siret)).source == "search"
        assert monotonic() - began < EXCHANGE_TIMEOUT
    assert counted(database) == {("sirene", "slow"): 1, ("search", "listed"): 4}


@pytest.mark.parametrize("kind", ["unknown", "undisclosed", "duplicate"])
async def test_only_insee_may_say_that_an_establishment_is_unknown(
    database: Database, directory: CompanyDirectory, kind: str
) -> None:
    """The second choice does not list them, which proves nothing: ask again when INSEE may be asked."""
    spend(database, "sirene")
    with pytest.raises(DirectoryUnavailable) as unavailable:
        await directory.look_up(KINDS[kind].siret)
    assert unavailable.value.spent


async def test_when_everything_is_away_there_is_no_answer_and_it_is_no_question_of_calls(
    database: Database, companies: Companies, directory: CompanyDirectory
) -> None:
    with companies.fault("refuse"), pytest.raises(DirectoryUnavailable) as unavailable:
        await directory.look_up(HEAD_OFFICE)
    assert not unavailable.value.spent
    assert counted(database) == {("sirene", "away"): 1, ("search", "away"): 1}
    assert (await directory.look_up(HEAD_OFFICE)).outcome == "listed"


async def test_a_register_that_says_too_much_is_left_alone_for_as_long_as_it_says(
    database: Database, companies: Companies, sirene: Sirene
) -> None:
    directory = CompanyDirectory(database, [sirene])
    with companies.fault("spent"), pytest.raises(DirectoryUnavailable):
        await directory.look_up(HEAD_OFFICE)
    with pytest.raises(DirectoryUnavailable) as unavailable:
        await directory.look_up(HEAD_OFFICE)
    assert unavailable.value.spent
    assert counted(database) == {("sirene", "limited"): 1}
    await asyncio.sleep(2.1)
    assert (await directory.look_up(HEAD_OFFICE)).outcome == "listed"


async def test_sixty_establishments_at_once_are_never_too_many_for_insee(database: Database, tmp_path: Path) -> None:
    """The counterpart counts too; its 429 would be counted as `limited`."""
    insee = Companies(tmp_path, free_port())
    directory = CompanyDirectory(database, [Sirene(insee.address, read_key(insee.key))])
    sirets = [a_siret() for _ in range(60)]
    with running(insee), insee.fault("limited"):
        found = await asyncio.gather(*(directory.look_up(each) for each in sirets), return_exceptions=True)
    refused = [each for each in found if isinstance(each, DirectoryUnavailable)]
    assert len(refused) == 60 - company_slots.CALLS["sirene"]
    assert all(each.spent for each in refused)
    assert sum(counted(database).values()) == company_slots.CALLS["sirene"]


def test_the_settings_say_which_sources_there_are(database: Database, companies: Companies) -> None:
    def sources(**changes: object) -> list[type[CompanySource]]:
        values = {
            "database": "",
            "master_key": ".",
            "blind_key": ".",
            "trust": ".",
            "seal": ".",
            "signatories": ".",
            "timestamps": (),
        }
        chosen = Settings.model_validate(values | {"agency": "file:///x", "profile": "development"} | changes)
        found = CompanyDirectory.of(database, chosen)
        return [type(each) for each in found._sources] if found else []

    both = {"companies": companies.address, "companies_key": companies.key}
    assert sources() == []
    assert sources(**both) == [Sirene]
    assert sources(companies_search=companies.search) == [Search]
    assert sources(**both, companies_search=companies.search) == [Sirene, Search]


@pytest.mark.parametrize("content", ["", "\n", "a\nb", "a\rb"])
def test_a_key_that_could_not_stand_in_a_header_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "key").write_text(content)
    with pytest.raises(ValueError, match="TACITE_COMPANIES_KEY"):
        read_key(tmp_path / "key")
