"""Paper requests that agents register: at their certain date, and what is refused."""

from hashlib import sha256

from sqlalchemy import Connection, text

from models.bodies.unit import AgentChange
from models.labels import HoldReason, Proof
from models.store.audit import orphans
from models.store.audit.findings import Findings
from models.store.cases import holds, limits, requests
from models.store.database import Database
from models.store.journal import events
from models.store.journal.events import SYSTEM
from models.store.people import accounts, agents, authorities, delegations
from tests.builders import Credentials, a_filing, employer, staff
from tests.cases import a_delegation
from tests.starter.files import JPEG, PNG, a_pdf, send
from tests.starter.people import Door


def a_paper(siret: str, file_id: str, **changes: object) -> dict[str, object]:
    opinion = {"opinion": "favourable", "given_on": "2014-08-20", "file": file_id}
    period = {"start_on": "2014-10-01", "end_on": "2014-12-31"}
    request = a_filing(siret=siret, period=period, works_council=opinion)
    return {"received_at": "2014-09-01T09:30:00+02:00", "request": request} | changes


async def test_a_paper_request_of_2014_is_registered_at_its_certain_date(
    door: Door, boss: Credentials, agent: Credentials
) -> None:
    file_id = (await send(door(agent), a_pdf())).json()["id"]
    answer = await door(agent).post("/paper-requests", json=a_paper(boss.siret, file_id))
    assert answer.status_code == 201, answer.text
    assert answer.json()["tacit_acceptance_at"] == "2014-09-17T00:00:00+02:00"
    assert "DIRECCTE" in answer.json()["service"]["name"]
    assert (await door(boss).get(f"/requests/{answer.json()['reference']}")).status_code == 200


async def test_the_filer_of_a_paper_request_is_a_proven_member_or_else_the_agent(
    door: Door, agent: Credentials, database: Database
) -> None:
    stranger = employer(database, proven=False)
    file_id = (await send(door(agent), a_pdf())).json()["id"]
    answer = await door(agent).post("/paper-requests", json=a_paper(stranger.siret, file_id))
    assert answer.status_code == 201, answer.text
    with database.begin() as connection:
        assert requests.get(connection, answer.json()["reference"]).account_id == agent.account_id
        authorities.record(connection, stranger.siret, stranger.account_id, Proof.LETTER)
        filer = accounts.find_filer(connection, stranger.siret)
    assert filer is not None
    assert filer.id == stranger.account_id


async def test_a_wrong_paper_request_is_refused(
    door: Door, boss: Credentials, agent: Credentials, database: Database
) -> None:
    file_id = (await send(door(agent), a_pdf())).json()["id"]
    away = employer(database, "75").siret
    for body, expected in (
        (a_paper(boss.siret, file_id, received_at="2014-10-01T00:00:00+02:00"), {"/request": "online-only"}),
        (a_paper(boss.siret, file_id, received_at="2014-09-01T09:30:00"), {"/received_at": "naive-instant"}),
        (a_paper(away, file_id), {"/request/siret": "establishment-unknown"}),
        (a_paper("35600000000048", file_id), {"/request/siret": "establishment-unknown"}),
        ({"received_at": "2014-09-01T09:30:00+02:00", "request": []}, {"/request": "not-an-object"}),
    ):
        answer = await door(agent).post("/paper-requests", json=body)
        assert answer.status_code == 422, answer.text
        errors = {error["pointer"]: error["code"] for error in answer.json()["errors"]}
        assert expected.items() <= errors.items()


async def test_an_instructor_or_a_signatory_without_a_delegation_to_grant_registers_none(
    door: Door, boss: Credentials, agent: Credentials, database: Database
) -> None:
    file_id = (await send(door(agent), a_pdf())).json()["id"]
    refusing = staff(database, "instructor")
    with database.begin() as connection:
        agents.change(connection, refusing.account_id, AgentChange(role="signatory"), SYSTEM)
        delegations.give(connection, refusing.account_id, a_delegation(outcomes=["refusal"]), None)
    for who, sentence in ((staff(database, "instructor"), "Votre compte"), (refusing, "délégation de signature")):
        answer = await door(who).post("/paper-requests", json=a_paper(boss.siret, file_id))
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/forbidden")
        assert sentence in answer.json()["detail"]
    assert (await door(boss).get("/requests")).json()["items"] == []


async def test_the_scan_is_kept_with_the_case_and_its_digest_in_the_event(
    door: Door, boss: Credentials, agent: Credentials, database: Database
) -> None:
    client = door(agent)
    opinion, scan = [(await send(client, content)).json() for content in (a_pdf(), PNG)]
    answer = await client.post("/paper-requests", json=a_paper(boss.siret, opinion["id"], file=scan["id"]))
    assert answer.status_code == 201, answer.text
    reference = answer.json()["reference"]
    assert [each["code"] for each in answer.json()["signals"]] == ["paper"]
    with database.begin() as connection:
        received = events.list_of(connection, reference)[0]
        assert (received.type, received.data["scan"]) == ("request_received", sha256(PNG).hexdigest())
        assert events.broken_links(connection, reference) == []
        kept = connection.execute(text("SELECT scan_id FROM request WHERE reference = :r"), {"r": reference}).scalar()
        assert str(kept) == scan["id"]
        assert told_of(connection, reference) == []
        changed = {"f": scan["id"], "bytes": JPEG, "sha256": sha256(JPEG).hexdigest()}
        connection.execute(text("UPDATE file SET bytes = :bytes, sha256 = :sha256 WHERE id = :f"), changed)
        assert told_of(connection, reference) == [
            "la demande papier numérisée n’est plus celle que sa réception a inscrite"
        ]


def told_of(connection: Connection, reference: str) -> list[str]:
    """What the audit finds amiss in the rows of a case."""
    findings = Findings()
    orphans.check(connection, findings, offsets=True)
    return [each.what for each in findings.verdict(0, everything=True).broken if each.subject == reference]


async def test_a_paper_request_without_a_scan_says_so_and_waits_for_another_signatory(
    door: Door, boss: Credentials, agent: Credentials, database: Database
) -> None:
    file_id = (await send(door(agent), a_pdf())).json()["id"]
    answer = await door(agent).post("/paper-requests", json=a_paper(boss.siret, file_id))
    assert [each["code"] for each in answer.json()["signals"]] == ["paper", "unscanned"]
    reference = answer.json()["reference"]
    with database.begin() as connection:
        assert "scan" not in events.list_of(connection, reference)[0].data
        limits.hold_for_review(connection, reference)
        assert holds.was_held(connection, reference, HoldReason.PAPER)


async def test_a_scan_is_a_picture_that_the_agent_sent_and_is_refused_with_everything_else(
    door: Door, boss: Credentials, agent: Credentials
) -> None:
    client = door(agent)
    file_id = (await send(client, a_pdf())).json()["id"]
    table = (await send(client, b"nom;heures\nun;35\ndeux;35\n")).json()["id"]
    of_boss = (await send(door(boss), a_pdf())).json()["id"]
    for wrong, code in ((table, "not-a-scan"), (of_boss, "file-unknown"), ("x", "wrong-form")):
        body = a_paper(boss.siret, file_id, file=wrong)
        answer = await client.post("/paper-requests", json=body)
        assert answer.status_code == 422, answer.text
        assert {"/file": code}.items() <= {each["pointer"]: each["code"] for each in answer.json()["errors"]}.items()
    late = a_paper(boss.siret, file_id, file=table, received_at="2014-10-02T09:00:00+02:00")
    errors = {
        each["pointer"]: each["code"] for each in (await client.post("/paper-requests", json=late)).json()["errors"]
    }
    assert {"/file": "not-a-scan", "/request": "online-only"}.items() <= errors.items()


async def test_a_period_of_today_is_not_asked_for_on_the_paper_of_2014(
    door: Door, boss: Credentials, agent: Credentials
) -> None:
    """The attack: a reception of 2014 accepted by silence, and claims that are not forfeit yet."""
    file_id = (await send(door(agent), a_pdf())).json()["id"]
    body = a_paper(boss.siret, file_id, received_at="2014-09-20T09:30:00+02:00")
    request = body["request"]
    assert isinstance(request, dict)
    request["period"] = {"start_on": "2026-12-01", "end_on": "2027-02-28"}
    answer = await door(agent).post("/paper-requests", json=body)
    errors = {each["pointer"]: each for each in answer.json()["errors"]}
    assert errors["/request/period/start_on"]["code"] == "period-not-foreseeable"
    assert "20 septembre 2015" in errors["/request/period/start_on"]["message"]
    assert (await door(boss).get("/requests")).json()["items"] == []


async def test_once_its_claims_are_forfeit_nobody_has_a_paper_request_handed_over(
    door: Door, boss: Credentials, agent: Credentials, database: Database
) -> None:
    """The paying agency would learn the account that an agent typed: two signatories together change nothing."""
    file_id = (await send(door(agent), a_pdf())).json()["id"]
    reference = (await door(agent).post("/paper-requests", json=a_paper(boss.siret, file_id))).json()["reference"]
    with database.begin() as connection:
        limits.hold_for_review(connection, reference)
    other = staff(database, "signatory")
    answer = await door(other).post(f"/requests/{reference}/hand-over", json={"reason": "Comparée à l’original reçu."})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/hand-over-blocked")
    assert "avant le 1er janvier 2019 (L. 5122-1, prescription quadriennale)" in answer.json()["detail"]
