"""What a case contains: read back as it was posted, by the employer and the agent; nothing before it is notified."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text

from local.postgres import Postgres
from models.engine.names import authorization_id
from models.engine.processes import hold
from models.messages.case import Incident
from models.store.cases import completions, decisions, requests, silence
from models.store.database import Database
from models.store.operations import incidents
from tests.builders import Credentials, a_filing, employer
from tests.cases import GROUNDS, HOLDER, IBAN, an_agent, attest, register_a_decision, request_pieces
from tests.starter.conftest import one_register
from tests.starter.files import PNG, a_pdf, send
from tests.starter.people import Door, readings

COMMITMENTS = [{"kind": "keep_jobs", "detail": "Aucun licenciement.", "until_on": "2027-03-31"}]


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


async def test_what_was_posted_is_read_back_by_the_employer_and_the_agent(
    door: Door, boss: Credentials, agent: Credentials, database: Database
) -> None:
    client = door(boss)
    file = (await send(client, PNG)).json()
    opinion = {"opinion": "favourable", "given_on": "2026-11-20", "file": file["id"]}
    stated = a_filing(
        works_council=opinion, commitments=COMMITMENTS, direct_payment=True, placement_on="2026-12-01", employees=40
    )
    reference = (await client.post("/requests", json=stated)).json()["reference"]
    case = (await client.get(f"/requests/{reference}")).json()
    expected = stated | {"hours": "12000.00", "siret": boss.siret, "other_employees": False}
    assert {name: case[name] for name in expected} == expected
    assert (case["files"], case["granted"], case["pieces"]) == ([file], None, [])
    assert case["name"]
    assert case["service"]["name"] == "DDETS de l’Hérault"
    desk = (await door(agent).get(f"/desk/requests/{reference}")).json()
    assert desk["bank_account"] == {"iban": IBAN, "holder": HOLDER, "authority": "proven"}
    assert desk["works_council"] == "favourable"
    assert {**desk, **{name: case[name] for name in ("bank_account", "works_council")}}.items() >= case.items()
    seen = (await door(agent).get(f"/requests/{reference}")).json()
    assert seen["bank_account"] == {"iban": IBAN, "holder": HOLDER}
    assert readings(database, agent) == [reference, reference]


@pytest.mark.parametrize("stated", [{"pending": True}, {"not_required": "no_council"}])
async def test_an_opinion_that_was_not_joined_is_read_back_in_its_form(
    door: Door, boss: Credentials, stated: dict[str, object]
) -> None:
    body = a_filing(headcount=60, works_council=stated)
    reference = (await door(boss).post("/requests", json=body)).json()["reference"]
    case = (await door(boss).get(f"/requests/{reference}")).json()
    assert case["works_council"] == stated
    assert (case["opinion_due_on"] is not None) == ("pending" in stated)


async def test_pieces_and_opinions_that_came_are_in_the_case(
    door: Door, boss: Credentials, agent: Credentials, database: Database
) -> None:
    client = door(boss)
    body = a_filing(headcount=60, works_council={"pending": True})
    reference = (await client.post("/requests", json=body)).json()["reference"]
    pieces = [
        {"code": code, "label": "Précisions", "text_reference": "R. 5122-2"} for code in ("circumstances", "period")
    ]
    asked = request_pieces(database, reference, an_agent(database), pieces=pieces)
    with database.begin() as connection:
        completions.notify(connection, asked)
    piece, opinion = [(await send(client, each)).json() for each in (PNG, a_pdf())]
    came = [{"code": "circumstances", "file": piece["id"]}, {"code": "period", "text": "Jusqu’en mars."}]
    (await client.post(f"/requests/{reference}/completion", json={"pieces": came})).raise_for_status()
    given = {"opinion": "unfavourable", "given_on": "2026-11-20", "file": opinion["id"]}
    (await client.post(f"/requests/{reference}/works-council-opinion", json=given)).raise_for_status()
    for who, address in ((boss, ""), (agent, "/desk")):
        case = (await door(who).get(f"{address}/requests/{reference}")).json()
        assert case["pieces"] == [
            {"completion": asked, "code": "circumstances", "label": "Précisions", "file": piece["id"], "text": None},
            {"completion": asked, "code": "period", "label": "Précisions", "file": None, "text": "Jusqu’en mars."},
        ]
        assert [(each["form"], each["file"]) for each in case["opinions"]] == [
            ("pending", None),
            ("unfavourable", opinion["id"]),
        ]
        assert {each["id"] for each in case["files"]} == {piece["id"], opinion["id"]}
    assert case["works_council"] == "unfavourable"


async def test_what_was_granted_stands_beside_what_was_asked(
    door: Door, boss: Credentials, agent: Credentials, database: Database
) -> None:
    reference = (await door(boss).post("/requests", json=a_filing())).json()["reference"]
    partly = register_a_decision(database, reference, an_agent(database), employees=10, hours="3600", grounds=GROUNDS)
    with database.begin() as connection:
        decisions.sign(connection, partly)
    assert (await read(door, boss, reference)).json()["granted"] is None
    with database.begin() as connection:
        decisions.notify(connection, partly)
    case = (await read(door, boss, reference)).json()
    assert (case["employees"], case["hours"]) == (42, "12000.00")
    period = {"start_on": "2026-12-01", "end_on": "2027-02-28"}
    expected = {"period": period, "employees": 10, "hours": "3600.00", "commitments": [], "partial": True}
    assert case["granted"] == expected


async def test_silence_grants_what_was_asked_and_a_refusal_nothing(door: Door, database: Database) -> None:
    who = employer(database, establishments=2)
    client = door(who)
    with database.begin() as connection:
        sirets = connection.execute(
            text("SELECT siret FROM account_establishment WHERE account_id = :a"), {"a": who.account_id}
        ).scalars()
        tacit, refused = [(await client.post("/requests", json=a_filing(siret=each))).json() for each in [*sirets]]
    refusal = register_a_decision(
        database, refused["reference"], an_agent(database), outcome="refusal", grounds=GROUNDS
    )
    with database.begin() as connection:
        requests.advance(connection, tacit["reference"], timedelta(days=20))
        silence.establish(connection, tacit["reference"])
        decisions.sign(connection, refusal)
        decisions.notify(connection, refusal)
    case = (await read(door, who, tacit["reference"])).json()
    assert (case["granted"]["employees"], case["granted"]["hours"], case["granted"]["partial"]) == (
        42,
        "12000.00",
        False,
    )
    assert (await read(door, who, refused["reference"])).json()["granted"] is None


async def test_an_employer_is_shown_no_event_of_what_is_not_notified(
    door: Door, boss: Credentials, agent: Credentials, database: Database
) -> None:
    reference = (await door(boss).post("/requests", json=a_filing())).json()["reference"]
    attest(database, reference, an_agent(database))
    register_a_decision(database, reference, an_agent(database))
    with database.begin() as connection:
        broken = Incident(subject=authorization_id(reference), act="sign_decision", part="signer")
        incidents.open_incident(connection, broken, hold(connection, broken.subject))
    internal = {"checklist_attested", "decision_registered", "incident_opened"}
    case = (await read(door, boss, reference)).json()
    assert [each["type"] for each in case["events"]] == ["request_received"]
    assert (case["decision"], case["documents"]) == (None, [])
    of_agent = {each["type"] for each in (await read(door, agent, reference)).json()["events"]}
    assert of_agent >= internal | {"request_received"}


async def test_other_requests_of_the_establishment_are_on_the_desk_of_their_departement_only(
    door: Door, boss: Credentials, agent: Credentials, database: Database
) -> None:
    first = (await door(boss).post("/requests", json=a_filing(employees=10))).json()["reference"]
    second = (await door(boss).post("/requests", json=a_filing(employees=10, other_employees=True))).json()["reference"]
    history = (await door(agent).get(f"/desk/requests/{second}")).json()["establishment_history"]
    assert [(each["reference"], each["status"], each["hours"]) for each in history] == [
        (first, "under_review", "12000.00")
    ]
    with database.begin() as connection:
        connection.execute(text("UPDATE request SET department = '75' WHERE reference = :r"), {"r": first})
    assert (await door(agent).get(f"/desk/requests/{second}")).json()["establishment_history"] == []


async def test_a_case_whose_nominal_data_are_erased_is_read_without_them(
    door: Door, boss: Credentials, agent: Credentials, database: Database
) -> None:
    reference = (await door(boss).post("/requests", json=a_filing())).json()["reference"]
    with database.begin() as connection:
        connection.execute(text("DELETE FROM nominal WHERE reference = :r"), {"r": reference})
    case = (await read(door, boss, reference)).json()
    assert (case["circumstances"], case["bank_account"]) == (None, None)
    desk = (await door(agent).get(f"/desk/requests/{reference}")).json()
    assert (desk["author"], desk["bank_account"]) == (None, None)


async def read(door: Door, who: Credentials, reference: str) -> httpx.Response:
    answer = await door(who).get(f"/requests/{reference}")
    assert answer.status_code == 200, answer.text
    return answer


async def test_the_explanation_of_a_receipt_of_an_earlier_release_names_the_legal_hour_in_french(
    door: Door, database: Database
) -> None:
    client = door(employer(database, department="974"))
    filed = (await client.post("/requests", json=a_filing())).json()
    said = "heure de La Réunion"
    assert said in [each["value"] for each in filed["why"]]
    renamed = "UPDATE receipt SET why = replace(why::text, :said, 'Indian/Reunion')::jsonb WHERE reference = :of"
    with database.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        assert connection.execute(text(renamed), {"said": said, "of": filed["reference"]}).rowcount == 1
        stored = connection.execute(
            text("SELECT why::text FROM receipt WHERE reference = :of"), {"of": filed["reference"]}
        )
        assert "Indian/Reunion" in stored.scalar_one()
    case = (await client.get(f"/requests/{filed['reference']}")).json()
    assert case["clock"]["why"] == filed["why"]
