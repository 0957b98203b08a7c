"""A register of establishments that is away is asked again, later and later; nothing waits for it meanwhile."""

from collections.abc import AsyncIterator

import pytest

from activities.companies.directory import CompanyDirectory, read_key
from activities.companies.sirene import Sirene
from local.company_kinds import in_montpellier
from local.ports import free_port
from local.programs import Companies
from models.mailed_codes import activation_code, canonical
from models.messages.case import NOT_CONFIRMED, Ref
from models.store.cases import requests
from models.store.people import activations, enrolments
from tests.cases import a_siret, an_employer, master_key
from tests.workflows.conftest import Stage


@pytest.fixture(scope="module")
def companies(tmp_path_factory: pytest.TempPathFactory) -> Companies:
    return Companies(tmp_path_factory.mktemp("companies"), free_port())


@pytest.fixture
async def asking(stage: Stage, companies: Companies) -> AsyncIterator[Stage]:
    """Workers whose register of establishments is the counterpart, not started yet: it is away."""
    async with stage.without_workers():
        sirene = Sirene(companies.address, read_key(companies.key))
        stage.companies = CompanyDirectory(stage.database, [sirene])
    yield stage
    companies.stop()


def signals(stage: Stage, reference: str) -> tuple[str, ...]:
    with stage.database.begin() as connection:
        return requests.get(connection, reference).signals


def listed(stage: Stage, siret: str) -> str | None:
    with stage.database.begin() as connection:
        return enrolments.get_last(connection, siret).listed


async def test_a_case_is_controlled_again_until_the_register_answers(asking: Stage, companies: Companies) -> None:
    with asking.database.begin() as connection:
        employer = an_employer(connection)
    companies.describe(in_montpellier(employer.siret, state="F"))
    reference = await asking.open(employer=employer)
    await asking.until(lambda: signals(asking, reference) == (NOT_CONFIRMED,))
    await asking.advance(reference, minutes=2)
    assert signals(asking, reference) == (NOT_CONFIRMED,)
    companies.start()
    await asking.advance(reference, minutes=5)
    await asking.until(lambda: signals(asking, reference) == ("Établissement fermé, d’après le répertoire.",))


@pytest.mark.slow
async def test_a_register_that_never_answers_delays_neither_silence_nor_the_end_of_the_process(
    asking: Stage,
) -> None:
    reference = await asking.open()
    await asking.advance(reference, days=16)
    await asking.until(lambda: "authorization_tacitly_granted" in asking.event_types(reference))
    assert NOT_CONFIRMED in signals(asking, reference)
    history = await asking.handle(reference).fetch_history()
    assert len(history.events) < 200


async def test_an_enrolment_asks_again_and_ends_when_it_is_activated_all_the_same(
    asking: Stage, companies: Companies
) -> None:
    siret = a_siret()
    companies.describe(in_montpellier(siret))
    enrolment = await asking.enrol(siret=siret)
    await asking.until(lambda: listed(asking, siret) == "away")
    await asking.until(lambda: enrolments_sent(asking, siret))
    with asking.database.begin() as connection:
        code = canonical(activation_code(master_key(), enrolment.id, 1))
        assert activations.activate(connection, code, None)
    handle = asking.client.get_workflow_handle(enrolment.process)
    await handle.execute_update("complete", Ref(reference=siret, id=enrolment.id), id="complete")
    assert (await handle.result())["status"] == "activated"
    assert listed(asking, siret) == "away"


async def test_an_enrolment_learns_what_the_register_says_when_it_is_back(asking: Stage, companies: Companies) -> None:
    siret = a_siret()
    companies.describe(in_montpellier(siret))
    await asking.enrol(siret=siret)
    await asking.until(lambda: listed(asking, siret) == "away")
    companies.start()
    await asking.advance(siret, minutes=2)
    await asking.until(lambda: listed(asking, siret) == "active")


def enrolments_sent(stage: Stage, siret: str) -> bool:
    with stage.database.begin() as connection:
        return enrolments.get_last(connection, siret).sent_at is not None
