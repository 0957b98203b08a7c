"""Paper requests that agents register: at their certain date, and what is refused."""

from models.store.database import Database
from tests.builders import Credentials, a_filing, employer
from tests.starter.files import a_pdf, send
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
