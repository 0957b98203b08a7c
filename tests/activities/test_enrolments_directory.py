"""What the register of establishments says of one that enrols: kept, told to agents, stronger than what was stated."""

from collections.abc import Iterator
from contextlib import nullcontext

import pytest

from activities.companies.directory import CompanyDirectory, read_key
from activities.companies.sirene import Sirene
from activities.enrolments import StoredEnrolmentActs
from activities.register import StoredRegisterActs
from local import programs
from local.company_kinds import in_montpellier
from local.ports import free_port
from models.mailed_codes import activation_code, canonical
from models.messages.case import Ref
from models.store.database import Database
from models.store.people import accounts, activations, enrolments, listings, notices
from tests.activities.test_enrolments import kinds, ref
from tests.cases import Employer, an_agent, ask_to_enrol, file_a_case, master_key


@pytest.fixture(scope="module")
def companies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[programs.Companies]:
    server = programs.Companies(tmp_path_factory.mktemp("companies"), free_port())
    server.start()
    yield server
    server.stop()


def acts_of(database: Database, companies: programs.Companies) -> StoredEnrolmentActs:
    directory = CompanyDirectory(database, [Sirene(companies.address, read_key(companies.key))])
    return StoredEnrolmentActs(database, master_key(), directory)


@pytest.mark.parametrize(
    ("facts", "fault", "listed", "told"),
    [
        ({}, "", "active", 0),
        ({"state": "F"}, "", "ceased", 1),
        ({"status": 404}, "", "unknown", 1),
        ({"status": 403}, "", "undisclosed", 0),
        ({}, "refuse", "away", 1),
        ({}, "malformed", "away", 1),
        ({}, "spent", "away", 0),
    ],
)
async def test_what_the_register_of_establishments_says_is_told_to_agents_and_holds_nothing_up(
    database: Database,
    companies: programs.Companies,
    facts: dict[str, object],
    fault: str,
    listed: str,
    told: int,
) -> None:
    """Agents hear of what is wrong or away; that this minute's calls are spent is no news."""
    an_agent(database)
    made = ask_to_enrol(database)
    companies.describe(in_montpellier(made.siret, **facts))
    acts = acts_of(database, companies)
    with companies.fault(fault) if fault else nullcontext():
        assert [await acts.identify(ref(made)) for _ in range(2)] == [listed] * 2
    with database.begin() as connection:
        waiting = [each.kind for each in notices.list_unsent(connection, made.process)]
        assert enrolments.get(connection, made.id).listed == listed
    assert waiting == [f"enrolment_{listed}"] * told
    assert kinds(database, made.siret).count("establishment_looked_up") == 1
    assert acts.issue_credentials(ref(made)).status == "open"


async def test_a_register_that_answers_later_is_heard_and_its_answer_recorded(
    database: Database, companies: programs.Companies
) -> None:
    made = ask_to_enrol(database)
    companies.describe(in_montpellier(made.siret))
    acts = acts_of(database, companies)
    with companies.fault("refuse"):
        assert await acts.identify(ref(made)) == "away"
    assert await acts.identify(ref(made)) == "active"
    with database.begin() as connection:
        assert enrolments.get(connection, made.id).listed == "active"


@pytest.mark.parametrize("answers_first", [True, False])
async def test_name_address_and_department_come_from_the_register_whenever_it_answers(
    database: Database, companies: programs.Companies, answers_first: bool
) -> None:
    """A stranger stated La Réunion, where the instant comes three hours earlier; the firm is in Montpellier."""
    made = ask_to_enrol(database, department="974")
    companies.describe(in_montpellier(made.siret, denomination="GRANDE FIRME SA"))
    acts = acts_of(database, companies)
    if answers_first:
        await acts.identify(ref(made))
    acts.issue_credentials(ref(made))
    with database.begin() as connection:
        activations.activate(connection, canonical(activation_code(master_key(), made.id, 1)), None)
    if not answers_first:
        await acts.identify(ref(made))
    with database.begin() as connection:
        found = accounts.get_establishment(connection, made.siret)
        assert listings.find_department(connection, made.siret) == "34"
    assert (found.department, found.name, found.address) == (
        "34",
        "GRANDE FIRME SA",
        "12 rue DE L'EGLISE, 34000 MONTPELLIER",
    )
    reference = file_a_case(database, employer=Employer(made.account_id or "", made.siret, found.department))
    assert reference.startswith("034")


async def test_what_was_said_of_an_establishment_that_enrolled_is_told_with_its_requests(
    database: Database, companies: programs.Companies
) -> None:
    made = ask_to_enrol(database)
    with companies.fault("refuse"):
        await acts_of(database, companies).identify(ref(made))
    acts_of(database, companies).issue_credentials(ref(made))
    with database.begin() as connection:
        activations.activate(connection, canonical(activation_code(master_key(), made.id, 1)), None)
    who = Employer(made.account_id or "", made.siret, made.department)
    reference = file_a_case(database, employer=who)
    signals = await StoredRegisterActs(database).control(Ref(reference=reference, id=""))
    assert signals == (
        "Département déclaré, non confirmé.",
        "Établissement non vérifié lors de l’adhésion : le répertoire ne répondait pas.",
    )
