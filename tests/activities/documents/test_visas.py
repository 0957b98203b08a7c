"""Visas: codes, delegation, request, opinion and pieces, one a line."""

from dataclasses import replace
from datetime import date

from activities.documents.compose import Composer
from activities.documents.kinds import bank_change_decision
from activities.documents.visas import visas
from activities.signing.signatories import Signatory
from models.bodies.completion import Completion
from models.store.cases import completions, requests
from models.store.database import Database
from models.store.journal.events import Actor
from tests import bank_changes
from tests.amendments import amend
from tests.cases import an_agent, file_a_case, request_pieces
from tests.models.store.claims.builders import authorize

DELEGATE = Signatory(
    id="delegate",
    name="Nadia Perrin",
    quality="la responsable de l’unité activité partielle",
    departments=("*",),
    from_on=date(2020, 1, 1),
    until_on=None,
    delegation="arrêté du 3 janvier 2024",
    folder="delegate",
)


def read(database: Database, reference: str, signatory: Signatory | None = DELEGATE) -> tuple[str, ...]:
    with database.begin() as connection:
        case = Composer("https://tacite.example", "production").case_file(connection, reference)
        return visas(replace(case, signatory=signatory))


def test_each_visa_is_a_line_and_the_last_one_ends_the_list(database: Database) -> None:
    reference = file_a_case(database)
    found = read(database, reference)
    assert all(line.startswith("Vu ") and line.endswith(" ;") for line in found[:-1])
    assert found[0].startswith("Vu le code du travail, notamment ses articles L. 5122-1")
    assert "Vu l’acte donnant délégation de signature à Nadia Perrin : arrêté du 3 janvier 2024 ;" in found
    assert any(f"n° {reference}" in line for line in found)
    assert found[-1].endswith(",")
    assert "comité" in found[-1]


def test_a_director_signs_without_a_visa_of_delegation(database: Database) -> None:
    director = DELEGATE.model_copy(update={"delegation": None})
    assert not any("délégation" in line for line in read(database, file_a_case(database), director))


def test_an_amendment_names_the_authorization_that_it_amends(database: Database) -> None:
    reference = authorize(database)
    found = read(database, amend(database, reference))
    named = f"Vu la demande d’avenant n° {reference}01 à l’autorisation n° {reference}00, reçue le "
    assert [line for line in found if line.startswith(named)]
    assert not [line for line in found if "demande préalable" in line]


def test_a_change_of_account_is_based_on_the_delegation_and_the_authorization(database: Database) -> None:
    reference = authorize(database)
    number = bank_changes.ask(database, reference)
    bank_changes.acknowledge(database, reference, number)
    bank_changes.decide(database, reference, number)
    with database.begin() as connection:
        case = Composer("https://tacite.example", "production").case_file(connection, reference)
        *found, last = bank_change_decision.compose(replace(case, signatory=DELEGATE), number).visas
    assert found[0].startswith("Vu le code du travail")
    assert found[-2:] == [
        "Vu l’acte donnant délégation de signature à Nadia Perrin : arrêté du 3 janvier 2024 ;",
        f"Vu l’autorisation n° {reference}00 ;",
    ]
    assert last.startswith(f"Vu la demande de changement de compte n° {number}, reçue le ")


def test_the_pieces_that_came_are_among_the_visas(database: Database) -> None:
    reference, agent = file_a_case(database), an_agent(database)
    asked = request_pieces(database, reference, agent)
    with database.begin() as connection:
        completions.notify(connection, asked)
        answer = Completion.model_validate({"pieces": [{"code": "circumstances", "text": "Les deux ateliers."}]})
        employer = Actor(role="employer", account_id=requests.get(connection, reference).account_id)
        completions.supply(connection, reference, answer, employer, requests.received_now(connection))
    assert "Vu les pièces demandées et reçues le" in read(database, reference)[-1]
