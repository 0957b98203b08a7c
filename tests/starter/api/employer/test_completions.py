"""The pieces that an employer supplies: what is refused, all at once."""

from models.store.cases import completions
from models.store.database import Database
from tests.builders import Credentials, a_completion_request
from tests.starter.people import Door


async def test_wrong_pieces_are_refused_all_at_once(
    door: Door, case: str, agent: Credentials, boss: Credentials, database: Database
) -> None:
    await door(agent).post(f"/requests/{case}/completion-requests", json=a_completion_request())
    with database.begin() as connection:
        completions.notify(connection, "C1")
    file_id = "00000000-0000-0000-0000-000000000000"
    pieces = [
        {"code": "balance_sheet", "text": "Voir ci-joint."},
        {"code": "circumstances"},
        {"code": "circumstances", "file": file_id},
    ]
    answer = await door(boss).post(f"/requests/{case}/completion", json={"pieces": pieces})
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [
        ("/pieces/0/code", "piece-not-asked"),
        ("/pieces/1", "file-or-text"),
        ("/pieces/2/code", "piece-repeated"),
        ("/pieces/2/file", "file-unknown"),
    ]
