"""Who may do what: tokens, roles, départements, and the security headers for browsers."""

import pytest
from sqlalchemy import text

from models.store.database import Database
from models.telemetry.logs import mask
from starter.http import limits
from tests.builders import Credentials, a_filing, a_grant, staff
from tests.starter.people import Door

GUARDED = [
    ("GET", "/requests", "employer"),
    ("POST", "/requests", "employer"),
    ("POST", "/drafts", "employer"),
    ("POST", "/files", "employer agent"),
    ("GET", "/requests/034AAAA01", "employer agent"),
    ("POST", "/requests/034AAAA01/desistment", "employer"),
    ("POST", "/requests/034AAAA01/completion", "employer"),
    ("POST", "/requests/034AAAA01/works-council-opinion", "employer"),
    ("GET", "/desk", "agent"),
    ("GET", "/desk/requests/034AAAA01", "agent"),
    ("POST", "/requests/034AAAA01/decision", "agent"),
    ("DELETE", "/requests/034AAAA01/decision/D1", "agent"),
    ("POST", "/requests/034AAAA01/completion-requests", "agent"),
    ("POST", "/requests/034AAAA01/assignment", "agent"),
    ("POST", "/requests/034AAAA01/checklist", "agent"),
    ("POST", "/paper-requests", "agent"),
    ("GET", "/incidents", "operator"),
    ("POST", "/incidents/00000000-0000-0000-0000-000000000000/resume", "operator"),
    ("POST", "/codec/decode", "operator"),
]


async def test_each_call_is_for_its_roles_only(
    door: Door, boss: Credentials, agent: Credentials, operator: Credentials
) -> None:
    people = {"employer": boss, "agent": agent, "operator": operator}
    for method, address, roles in GUARDED:
        body: dict[str, object] = {"json": {}} if method == "POST" and address != "/files" else {}
        stranger = await door().request(method, address, **body)  # type: ignore[arg-type]
        assert (stranger.status_code, stranger.headers["www-authenticate"]) == (401, "Bearer"), address
        for role, who in people.items():
            answer = await door(who).request(method, address, **body)  # type: ignore[arg-type]
            assert (answer.status_code == 403) == (role not in roles.split()), (address, role, answer.text)


async def test_a_body_is_not_read_before_its_sender_is_admitted(door: Door) -> None:
    unknown = {"Authorization": "Bearer tacite_unknown", "Content-Type": "application/json"}
    for method, address, _ in GUARDED:
        if method == "POST" and address != "/files":
            answer = await door().post(address, content=b"{", headers=unknown)
            assert answer.status_code == 401, (address, answer.text)


async def test_a_case_out_of_reach_is_unknown_whatever_is_said_of_it(door: Door, agent: Credentials) -> None:
    for address in ("decision", "completion-requests", "assignment", "checklist"):
        answer = await door(agent).post(
            f"/requests/034AAAA01/{address}", content=b"{", headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 404, (address, answer.text)


@pytest.mark.parametrize("token", ["", "tacite_unknown", "é", "x" * 5_000])
async def test_an_unknown_token_opens_nothing(token: str, door: Door) -> None:
    headers = {"Authorization": f"Bearer {token}".encode()}
    answer = await door().get("/requests", headers=headers)  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/unauthenticated")


async def test_a_revoked_or_expired_token_opens_nothing(door: Door, boss: Credentials, database: Database) -> None:
    assert (await door(boss).get("/requests")).status_code == 200
    for change in ("expires_at = now() - interval '1 s'", "revoked_at = now(), expires_at = NULL"):
        with database.begin() as connection:
            connection.execute(text(f"UPDATE token SET {change}"))
        assert (await door(boss).get("/requests")).status_code == 401


async def test_an_agent_acts_in_his_departements_only(
    door: Door, boss: Credentials, agent: Credentials, database: Database
) -> None:
    reference = (await door(boss).post("/requests", json=a_filing())).json()["reference"]
    away = staff(database, "agent", "75", "2A")
    assert (await door(away).post(f"/requests/{reference}/decision", json=a_grant())).status_code == 404
    assert (await door(away).get(f"/desk/requests/{reference}")).status_code == 404
    assert (await door(away).get("/desk")).json()["items"] == []
    assert [item["reference"] for item in (await door(agent).get("/desk")).json()["items"]] == [reference]


async def test_when_too_many_wait_one_more_is_told_to_come_back(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_CALLS", 0)
    answer = await door().get("/requests")
    assert (answer.status_code, answer.json()["type"]) == (429, "/problems/too-many")
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) > 0


async def test_browsers_are_told_to_beware(door: Door) -> None:
    headers = (await door().get("/health", headers={"Origin": "https://elsewhere.example"})).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert not any(name.startswith("access-control") for name in headers)


def test_a_log_hides_what_looks_like_an_account_or_a_person() -> None:
    told = "iban FR14 2004 1010 0505 0001 3M02 606 nir 185057500601223 ref 034AAAA01"
    hidden = mask(None, "info", {"event": told})["event"]
    assert hidden == "iban [masqué] nir [masqué] ref 034AAAA01"


async def test_identifiers_in_addresses_are_found_as_they_were_pasted(
    door: Door, boss: Credentials, operator: Credentials
) -> None:
    reference = (await door(boss).post("/requests", json=a_filing())).json()["reference"]
    for pasted in (
        f"{reference[:3]}-{reference[3:7]}-{reference[7:]}",
        f"\u200b{reference.lower()} ",
        f"Dossier {reference}",
    ):
        answer = await door(boss).get(f"/requests/{pasted}")
        assert answer.status_code == 200, answer.text
        assert answer.json()["reference"] == reference
    for pasted in (f"{boss.siret[:9]}.{boss.siret[9:]}", f"SIRET {boss.siret}\u200b"):
        body = {"kind": "relocate", "subject": pasted, "reason": "Adresse fausse.", "department": "35"}
        answer = await door(operator).post("/exceptional-acts", json=body)
        assert answer.json().get("subject", boss.siret) == boss.siret, answer.text
        assert answer.status_code in (201, 409), answer.text
