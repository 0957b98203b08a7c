"""Agents review a case: what they see of it, who takes charge of it, what they attest."""

from models.labels import HoldReason
from models.store.cases import holds
from models.store.database import Database
from tests.builders import Credentials, a_filing, staff
from tests.cases import CIRCUMSTANCES, DEPARTMENT, Employer
from tests.models.store.claims.builders import authorize, missing_opinion
from tests.starter.people import Door


async def test_a_case_on_the_desk_shows_all_that_is_known(door: Door, boss: Credentials, agent: Credentials) -> None:
    reference = (await door(boss).post("/requests", json=a_filing())).json()["reference"]
    items = [{"code": "ground", "label": "Motif établi", "attested": True}]
    address, key = f"/requests/{reference}/checklist", {"Idempotency-Key": "checklist"}
    for _ in range(2):
        kept = await door(agent).post(address, json={"items": items}, headers=key)
        assert (kept.status_code, kept.json()) == (200, {"reference": reference, "version": 1})
    case = (await door(agent).get(f"/desk/requests/{reference}")).json()
    assert (case["circumstances"], case["works_council"]) == (CIRCUMSTANCES, "fewer_than_50")
    assert case["checklist"]["items"] == items
    assert case["seconds_left"] > 0
    assert case["legal_bases"][0] == {
        "code": "no_loss_of_activity",
        "article": "L. 5122-1",
        "label": "Absence de fermeture ou de réduction d’horaire",
    }
    assert [event["type"] for event in case["events"]] == ["request_received", "checklist_attested"]


async def test_a_case_is_given_to_an_agent_of_its_departement_only(
    door: Door, boss: Credentials, agent: Credentials, database: Database
) -> None:
    reference = (await door(boss).post("/requests", json=a_filing())).json()["reference"]
    colleague, stranger = staff(database), staff(database, "agent", "75")
    given = await door(agent).post(f"/requests/{reference}/assignment", json={"assigned_to": colleague.account_id})
    assert given.json() == {"reference": reference, "assigned_to": colleague.account_id}
    read = (await door(agent).get(f"/desk/requests/{reference}")).json()
    assert read["assigned_to"] == colleague.account_id
    for nobody in (stranger.account_id, boss.account_id, "x", "a\0"):
        wrong = await door(agent).post(f"/requests/{reference}/assignment", json={"assigned_to": nobody})
        assert wrong.status_code == 422
    back = await door(agent).post(f"/requests/{reference}/assignment", json={"assigned_to": None})
    assert back.json()["assigned_to"] is None


async def test_nothing_is_attested_after_the_outcome(door: Door, boss: Credentials, agent: Credentials) -> None:
    reference = (await door(boss).post("/requests", json=a_filing())).json()["reference"]
    await door(boss).post(f"/requests/{reference}/desistment")
    items = [{"code": "ground", "label": "Motif établi", "attested": True}]
    late = await door(agent).post(f"/requests/{reference}/checklist", json={"items": items})
    assert (late.status_code, late.json()["type"]) == (409, "/problems/already-decided")


async def test_a_wrong_checklist_is_refused(door: Door, boss: Credentials, agent: Credentials) -> None:
    reference = (await door(boss).post("/requests", json=a_filing())).json()["reference"]
    item = {"code": "ground", "label": "Motif", "attested": "oui"}
    for body, pointer in (
        ({"items": []}, "/items"),
        ({"items": [item]}, "/items/0/attested"),
        ({}, "/items"),
    ):
        wrong = await door(agent).post(f"/requests/{reference}/checklist", json=body)
        assert [error["pointer"] for error in wrong.json()["errors"]] == [pointer]


async def test_a_suspended_hand_over_is_allowed_by_a_signatory_with_a_reason(
    door: Door, case: str, agent: Credentials, database: Database
) -> None:
    address, body = f"/requests/{case}/hand-over", {"reason": "Les ateliers concernés ne sont pas les mêmes."}
    nothing = await door(agent).post(address, json=body)
    assert (nothing.status_code, nothing.json()["type"]) == (409, "/problems/nothing-held")
    with database.begin() as connection:
        holds.hold(connection, case, HoldReason.LIMITS)
    assert (await door(staff(database, "instructor")).post(address, json=body)).status_code == 403
    assert (await door(agent).post(address, json={"reason": " "})).status_code == 422
    key = {"Idempotency-Key": "hand-over"}
    for _ in range(2):
        answer = await door(agent).post(address, json=body, headers=key)
        assert (answer.status_code, answer.json()) == (200, {"reference": case, "released": ["limits"]})
    other = await door(agent).post(address, json={"reason": "Une tout autre raison."}, headers=key)
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-reused")
    assert (await door(agent).post(address, json=body)).status_code == 409
    assert (await door(agent).get(f"/desk/requests/{case}")).json()["hand_over_held_for"] == []


async def test_an_opinion_that_is_missing_is_waived_once_by_a_signatory_with_a_reason(
    door: Door, agent: Credentials, boss: Credentials, database: Database
) -> None:
    by = Employer(boss.account_id, boss.siret, DEPARTMENT)
    reference = authorize(database, employer=by, **missing_opinion())
    address, body = f"/requests/{reference}/opinion-waiver", {"reason": "Le comité n’a plus d’élus depuis mars."}
    assert (await door(agent).get(f"/desk/requests/{reference}")).json()["opinion_missing"] is True
    for role in ("reader", "instructor"):
        assert (await door(staff(database, role)).post(address, json=body)).status_code == 403
    assert (await door(agent).post(address, json={"reason": " "})).status_code == 422
    answers = [await door(agent).post(address, json=body, headers={"Idempotency-Key": "waiver"}) for _ in range(2)]
    assert [each.status_code for each in answers] == [200, 200], answers[0].text
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["reference"] == reference
    again = await door(agent).post(address, json=body)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/opinion-not-missing")
    assert (await door(agent).get(f"/desk/requests/{reference}")).json()["opinion_missing"] is False
    read = (await door(boss).get(f"/requests/{reference}")).json()
    assert [each["type"] for each in read["events"]].count("works_council_opinion_waived") == 1
    assert "élus" not in str(read)
