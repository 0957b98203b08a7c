"""The controls of a request inform agents in French sentences, and hold nothing up."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import text, update

from activities.companies.directory import CompanyDirectory, read_key
from activities.companies.exchange import EXCHANGE_TIMEOUT
from activities.companies.sirene import Sirene
from activities.register import StoredRegisterActs
from local.company_kinds import KINDS, in_montpellier
from local.ports import free_port
from local.programs import Companies
from models.labels import FilingSignal
from models.mailed_codes import activation_code, canonical
from models.messages.case import NOT_CONFIRMED, Ref
from models.store.cases import requests
from models.store.database import Database
from models.store.people import activations, listings
from models.store.schema.cases import request
from tests.cases import Employer, a_siret, an_employer, ask_to_enrol, file_a_case, master_key

OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND xact_start IS NOT NULL AND backend_type = 'client backend'"
)
"""Open transactions in this register, besides the one that counts them."""


async def test_a_quiet_request_raises_no_signal(database: Database, acts: StoredRegisterActs) -> None:
    assert await acts.control(Ref(reference=file_a_case(database), id="")) == ()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE authority SET proof = 'earlier'", True),
        ("UPDATE authority SET proof = 'provider'", True),
        ("DELETE FROM authority", True),
        ("UPDATE authority SET proof = 'validation'", False),
        ("UPDATE authority SET proof = 'letter'", False),
        ("UPDATE authority SET proof = 'validation', ended_at = now(), ending = 'revoked'", True),
        ("WITH gone AS (DELETE FROM authority) UPDATE establishment SET department_confirmed = true", False),
        ("WITH gone AS (DELETE FROM authority) UPDATE request SET channel = 'paper'", False),
    ],
)
async def test_without_a_register_of_establishments_a_departement_that_nobody_confirmed_is_a_signal(
    database: Database, acts: StoredRegisterActs, change: str, told: bool
) -> None:
    reference = file_a_case(database)
    with database.begin() as connection:
        connection.execute(text(change))
    found = await acts.control(Ref(reference=reference, id=""))
    assert ("Département déclaré, non confirmé." in found) is told


@pytest.mark.parametrize(("iban", "country"), [("LT121000011101001000", "LT"), ("GB29NWBK60161331926819", "GB")])
async def test_an_account_outside_france_and_monaco_is_a_signal(
    database: Database, acts: StoredRegisterActs, iban: str, country: str
) -> None:
    reference = file_a_case(database, bank_account={"iban": iban, "holder": "Ateliers Durand"})
    sentence = f"Compte bancaire tenu hors de France et de Monaco ({country})."
    assert await acts.control(Ref(reference=reference, id="")) == (sentence,)


async def test_what_the_filing_found_is_told_to_the_agent(database: Database, acts: StoredRegisterActs) -> None:
    reference = file_a_case(database)
    raised = [FilingSignal.OTHER_EMPLOYEES, FilingSignal.FOREIGN_ACCOUNT, FilingSignal.PAPER]
    with database.begin() as connection:
        found = update(request).where(request.c.reference == reference).values(filing_signals=raised)
        connection.execute(found)
    told = await acts.control(Ref(reference=reference, id=""))
    assert told == (FilingSignal.OTHER_EMPLOYEES.label, FilingSignal.PAPER.label)


async def test_what_an_agent_should_look_at_is_kept_as_french_sentences(
    database: Database, acts: StoredRegisterActs
) -> None:
    with database.begin() as connection:
        employer = an_employer(connection)
    other = file_a_case(database)
    first = file_a_case(database, employer=employer, headcount=30, employees=30)
    second = file_a_case(
        database,
        employer=employer,
        hours=Decimal(90_000),
        employees=60,
        bank_account={"iban": "FR7630006000011234567890189", "holder": "Autre"},
    )
    assert await acts.control(Ref(reference=other, id="")) == ("Compte bancaire déjà donné par 1 autre établissement.",)
    found = await acts.control(Ref(reference=second, id=""))
    assert found == await acts.control(Ref(reference=second, id=""))
    assert [sentence.split(" (")[0] for sentence in found] == [
        f"Période qui chevauche celle de la demande {first}.",
        "Compte bancaire différent de celui de la demande précédente.",
        "Salariés concernés",
        "Effectif",
        "Heures demandées",
    ]
    with database.begin() as connection:
        assert requests.get(connection, second).signals == found
        assert all("FR76" not in sentence for sentence in found)


@pytest.mark.parametrize(
    ("placement_on", "received_at", "signal"),
    [
        ("2020-03-02", "2020-04-20T12:00:00+02:00", "admise par tolérance."),
        ("2026-01-05", "2026-11-22T12:00:00+01:00", "pour une période à venir."),
        ("2026-11-10", "2026-11-22T12:00:00+01:00", None),
    ],
)
async def test_a_late_reception_is_a_signal(
    database: Database, acts: StoredRegisterActs, placement_on: str, received_at: str, signal: str | None
) -> None:
    reference = file_a_case(database, placement_on=placement_on, received_at=datetime.fromisoformat(received_at))
    found = await acts.control(Ref(reference=reference, id=""))
    assert [each for each in found if "délai de dépôt" in each] == (
        [f"Demande reçue après le délai de dépôt, {signal}"] if signal else []
    )


async def test_a_day_before_every_text_raises_no_signal_and_no_error(
    database: Database, acts: StoredRegisterActs
) -> None:
    period = {"start_on": "2013-05-01", "end_on": "2013-08-31"}
    reference = file_a_case(database, period=period, received_at=datetime(2013, 7, 15, 12, tzinfo=UTC))
    await acts.control(Ref(reference=reference, id=""))


async def test_a_period_that_nobody_can_foresee_is_a_signal(database: Database, acts: StoredRegisterActs) -> None:
    period = {"start_on": "2149-12-01", "end_on": "2149-12-31"}
    reference = file_a_case(database, period=period, hours=Decimal(100))
    (signal,) = await acts.control(Ref(reference=reference, id=""))
    assert signal.startswith("Période demandée plus de 12 mois après le dépôt")


@pytest.fixture(scope="module")
def companies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Companies]:
    server = Companies(tmp_path_factory.mktemp("companies"), free_port())
    server.start()
    yield server
    server.stop()


def acts_with(database: Database, companies: Companies) -> StoredRegisterActs:
    directory = CompanyDirectory(database, [Sirene(companies.address, read_key(companies.key))])
    return StoredRegisterActs(database, directory)


def enrolled(database: Database, siret: str) -> Employer:
    """An establishment that its employer enrolled, stating what `an_enrolment` states."""
    made = ask_to_enrol(database, siret=siret)
    with database.begin() as connection:
        activations.issue(connection, made.id, master_key())
        assert activations.activate(connection, canonical(activation_code(master_key(), made.id, 1)), None)
    return Employer(made.account_id or "", made.siret, made.department)


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({}, []),
        ({"band": "21"}, []),
        ({"band": None}, []),
        ({"band": "NN"}, []),
        ({"band": "53"}, []),
        ({"band": "11"}, ["Effectif déclaré (42) supérieur à celui du répertoire (19 au plus)."]),
        ({"band": "00"}, ["Effectif déclaré (42) supérieur à celui du répertoire (0 au plus)."]),
        ({"status": 404}, ["Établissement inconnu du répertoire."]),
        (
            {"status": 403},
            ["Établissement non diffusible : le répertoire n’en confirme ni le nom, ni l’adresse."],
        ),
        ({"state": "F"}, ["Établissement fermé, d’après le répertoire."]),
        (
            {"state": "F", "band": "00"},
            [
                "Établissement fermé, d’après le répertoire.",
                "Effectif déclaré (42) supérieur à celui du répertoire (0 au plus).",
            ],
        ),
        (
            {"postcode": "97400", "commune": "SAINT-DENIS", "commune_code": "97411"},
            [
                "Département de la demande (34) différent de celui du répertoire (974).",
                "Adresse déclarée différente de celle du répertoire : le code postal n’est pas le même.",
            ],
        ),
        ({"commune_code": None}, ["Département déclaré, que le répertoire ne confirme pas."]),
        ({"diffusion": "P"}, []),
        ({"denomination": "GRANDE FIRME SA"}, ["Nom déclaré différent de celui du répertoire."]),
        ({"denomination": "SARL ATELIERS DURAND ET FILS"}, []),
        ({"denomination": "Les Âteliers-Durand"}, []),
        (
            {"duplicate_of": KINDS["reunion"].siret},
            [
                f"SIRET en double au répertoire, qui le remplace par {KINDS['reunion'].siret}.",
                "Département de la demande (34) différent de celui du répertoire (974).",
                "Adresse déclarée différente de celle du répertoire : le code postal n’est pas le même.",
            ],
        ),
        (
            {"head_office": KINDS["its_head_office"].siret},
            ["Établissement secondaire : le siège est dans un autre département (75)."],
        ),
    ],
)
async def test_what_the_register_lists_is_said_to_the_agent_at_each_control(
    database: Database, companies: Companies, facts: dict[str, object], found: list[str]
) -> None:
    """The request states 42 employees of « Ateliers Durand », 12 rue de l’Église, 34000 Montpellier."""
    employer = enrolled(database, KINDS["active_secondary"].siret if "head_office" in facts else a_siret())
    reference = file_a_case(database, employer=employer)
    companies.describe(in_montpellier(employer.siret, **facts))
    acts, ref = acts_with(database, companies), Ref(reference=reference, id="")
    assert list(await acts.control(ref)) == found
    with database.begin() as connection:
        assert list(requests.get(connection, reference).signals) == found


async def test_a_case_says_that_nothing_is_confirmed_until_the_register_answers(
    database: Database, companies: Companies
) -> None:
    with database.begin() as connection:
        employer = an_employer(connection)
    companies.describe(in_montpellier(employer.siret))
    acts, ref = acts_with(database, companies), Ref(reference=file_a_case(database, employer=employer), id="")
    for fault in ("refuse", "malformed", "huge", "spent"):
        with companies.fault(fault):
            assert await acts.control(ref) == (NOT_CONFIRMED,)
    with database.begin() as connection:
        connection.execute(text("UPDATE company_slot SET used_at = '-infinity'"))
    assert await acts.control(ref) == ()
    with database.begin() as connection:
        assert listings.find_department(connection, employer.siret) == "34"


async def test_a_control_holds_no_transaction_while_it_asks(database: Database, companies: Companies) -> None:
    acts, ref = acts_with(database, companies), Ref(reference=file_a_case(database), id="")
    with companies.fault("slow"):
        control = asyncio.create_task(acts.control(ref))
        await asyncio.sleep(EXCHANGE_TIMEOUT / 2)
        with database.begin() as connection:
            assert connection.execute(text(OTHERS)).scalar_one() == 0
        assert await control == (NOT_CONFIRMED,)
