"""The département of an enrolment: stated, never a default; the register of establishments and the address count."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from activities.companies.directory import CompanyDirectory, read_key
from activities.companies.sirene import Sirene
from activities.enrolments import StoredEnrolmentActs
from local.company_kinds import in_montpellier
from local.ports import free_port
from local.postgres import Postgres
from local.programs import Companies
from models.establishments import ListedEstablishment
from models.messages.case import Ref
from models.store.database import Database
from models.store.people import accounts, companies
from models.terms import VERSIONS
from tests.cases import a_siret, an_enrolment, master_key
from tests.starter.conftest import one_register
from tests.starter.pages.browsing import SAME_SITE
from tests.starter.people import Door, code_of


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


def enrolment(**changes: object) -> dict[str, object]:
    """A request to enrol; a member of None is left out."""
    body = an_enrolment(**{"email": f"{a_siret()}@ateliers.invalid"} | changes)
    return {name: value for name, value in body.items() if value is not None}


def list_in(database: Database, department: str | None) -> str:
    """An establishment that the register of establishments has listed there."""
    siret = a_siret()
    record = ListedEstablishment(
        siret=siret, department=department, state="active", head_office=True, source="sirene", name="ATELIERS DURAND"
    )
    with database.begin() as connection:
        companies.store(connection, siret, "listed", "sirene", [record])
    return siret


async def test_no_department_is_guessed(door: Door) -> None:
    answer = await door().post("/enrolments", json=enrolment(department=None))
    assert answer.status_code == 422
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [("/department", "missing")]


@pytest.mark.parametrize("stated", ["75", "075", None])
async def test_the_register_gives_it(door: Door, database: Database, stated: str | None) -> None:
    answer = await door().post("/enrolments", json=enrolment(siret=list_in(database, "75"), department=stated))
    assert (answer.status_code, answer.json()["department"]) == (201, "75")


async def test_a_mismatch_with_the_register_says_both(door: Door, database: Database) -> None:
    answer = await door().post("/enrolments", json=enrolment(siret=list_in(database, "75"), department="974"))
    assert answer.status_code == 422
    (wrong,) = answer.json()["errors"]
    assert (wrong["pointer"], wrong["code"]) == ("/department", "department-mismatch")
    assert wrong["message"] == (
        "Vous déclarez La Réunion (974). "
        "D’après le répertoire des établissements, l’établissement est ailleurs : Paris (75)."
    )


def _unread(*_: object) -> None:
    raise AssertionError("what the register of establishments said is not read: its time tells nothing either")


@pytest.mark.parametrize("stated", [None, "34", "974"])
async def test_under_terms_of_before_a_listed_establishment_gets_the_answer_of_an_unknown_one(
    door: Door, database: Database, stated: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, answers = {"version": VERSIONS[0], "accepted": True}, []
    for siret in (list_in(database, "75"), a_siret()):
        with monkeypatch.context() as closed:
            closed.setattr(companies, "find", _unread)
            answer = await door().post("/enrolments", json=enrolment(siret=siret, department=stated, terms=old))
        answers.append((answer.status_code, answer.json()["errors"]))
    assert answers[0] == answers[1]
    assert [each["code"] for each in answers[0][1]] == ["terms-outdated"]


async def test_a_register_that_gives_none_leaves_what_is_stated(door: Door, database: Database) -> None:
    siret = list_in(database, None)
    assert (await door().post("/enrolments", json=enrolment(siret=siret, department=None))).status_code == 422
    assert (await door().post("/enrolments", json=enrolment(siret=siret))).status_code == 201


@pytest.mark.parametrize(
    ("address", "department", "status"),
    [
        ("1, rue de la Paix, 75001 PARIS", "974", 422),
        ("1, rue de la Paix, 75001 PARIS", "13", 422),
        ("BP 12345, 1, rue de la Paix, 75001 PARIS", "974", 422),
        ("1, rue de la Paix, 75001 PARIS", "75", 201),
        # A neighbour may share the postcode; a number that is no postcode, or none, says nothing.
        ("Le Bourg, 33220 PORT-SAINTE-FOY", "24", 201),
        ("1, rue de la Paix, F-75001 PARIS", "75", 201),
        ("BP 97400, 12, rue de l’Église, 34000 MONTPELLIER", "34", 201),
        ("12, rue de l’Église", "974", 201),
        ("5, rue de Lorient, 97133 GUSTAVIA", "971", 201),
    ],
)
async def test_while_the_register_is_silent_the_address_must_not_contradict_it(
    door: Door, address: str, department: str, status: int
) -> None:
    answer = await door().post("/enrolments", json=enrolment(address=address, department=department))
    assert answer.status_code == status, answer.text
    if status == 422:
        (wrong,) = answer.json()["errors"]
        assert (wrong["pointer"], wrong["code"]) == ("/department", "department-mismatch")
        assert "D’après le code postal de son adresse, l’établissement est ailleurs : Paris (75)" in wrong["message"]


async def test_the_page_chooses_nothing_in_the_place_of_the_employer(door: Door) -> None:
    shown = await door().get("http://door/enrolment", params={"siret": a_siret()})
    assert '<option value="">' in shown.text
    assert "selected" not in shown.text
    form = {
        "siret": a_siret(),
        "name": "Ateliers Durand",
        "address": "12, rue de l’Église, 34000 Montpellier",
        "department": "",
        "person": "Jeanne Martin",
        "quality": "gérante",
        "email": f"{a_siret()}@ateliers.invalid",
        "version": VERSIONS[-1],
        "accepted": "yes",
    }
    back = await door().post("http://door/enrolment", data=form, headers=SAME_SITE)
    assert (back.status_code, "Choisissez le département" in back.text) == (422, True)
    assert (
        await door().post("http://door/enrolment", data=form | {"department": "34"}, headers=SAME_SITE)
    ).status_code == 303


async def test_a_squatter_who_states_an_overseas_department_gains_no_hour_and_stops_nobody(
    door: Door, database: Database, tmp_path: Path
) -> None:
    """The register is away when the squatter enrols, answers before the firm does, and knows better than the first."""
    insee, siret = Companies(tmp_path, free_port()), a_siret()
    insee.describe(in_montpellier(siret))
    acts = StoredEnrolmentActs(
        database, master_key(), CompanyDirectory(database, [Sirene(insee.address, read_key(insee.key))])
    )
    stated = enrolment(siret=siret, department="974", address="Siège social")
    squatter = (await door().post("/enrolments", json=stated)).json()
    ref = Ref(reference=siret, id=squatter["id"])
    assert await acts.identify(ref) == "away"
    insee.start()
    try:
        assert await acts.identify(ref) == "active"
    finally:
        insee.stop()
    assert (await door().post("/enrolments", json=enrolment(siret=siret, department="974"))).status_code == 422
    code = code_of(database, siret)  # the squatter's: the last that was asked for
    firm = await door().post("/enrolments", json=enrolment(siret=siret))
    assert (firm.status_code, firm.json()["department"]) == (201, "34")
    password = "une phrase de passe assez longue"
    answer = await door().post("/enrolments/activation", json={"code": code, "password": password})
    assert answer.status_code == 200, answer.text
    with database.begin() as connection:
        assert accounts.get_establishment(connection, siret).department == "34"
