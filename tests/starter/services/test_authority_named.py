"""From the doors: an agent validates the account that is named, and a name that leads nowhere is no silence."""

from models.store.database import Database
from tests.builders import a_filing, employer, staff
from tests.starter.people import Door


async def test_a_request_of_another_firm_or_of_another_account_names_nobody(door: Door, database: Database) -> None:
    newcomer, why = employer(database, proven=False), {"reason": "vu au guichet"}
    own, others, far = [
        (await door(each).post("/requests", json=a_filing())).json()["reference"]
        for each in (newcomer, employer(database), employer(database, "75"))
    ]
    signatory, path = door(staff(database)), f"/establishments/{newcomer.siret}/validation"
    for named, status, pointer in (
        ({"request": others}, 422, "/request"),
        ({"request": others, "account": newcomer.account_id}, 422, "/request"),
        ({"request": own, "account": staff(database).account_id}, 422, "/account"),
        ({"request": far}, 404, ""),
        ({"request": "034ZZZZ99"}, 404, ""),
    ):
        answer = await signatory.post(path, json=why | named)
        told = [(error["pointer"], error["code"]) for error in answer.json().get("errors", ())]
        assert (answer.status_code, told) == (status, [(pointer, "account-unknown")] if pointer else [])
        [establishment] = (await door(newcomer).get("/account")).json()["establishments"]
        assert establishment["authority"] == "unproven"
    agreeing = {"request": own, "account": newcomer.account_id}
    assert (await signatory.post(path, json=why | agreeing)).status_code == 200
