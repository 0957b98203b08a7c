"""From the doors: an agent's word for a firm moves no money until another signatory has acted."""

from sqlalchemy import text

from models.labels import HoldReason
from models.store.agency import rows
from models.store.cases import silence
from models.store.database import Database
from models.store.people import accounts
from tests.builders import a_filing, employer, staff
from tests.starter.people import Door


async def test_one_signatory_alone_pays_nobody(door: Door, database: Database) -> None:
    newcomer = employer(database, proven=False)
    alone, second, siret = staff(database), staff(database, "head"), newcomer.siret
    reference = (await door(newcomer).post("/requests", json=a_filing())).json()["reference"]
    path, body = f"/establishments/{siret}/validation", {"reason": "Entreprise connue du service."}
    with database.begin() as connection:
        own = accounts.get(connection, str(newcomer.account_id)).email
        accounts.readdress(connection, str(alone.account_id), own.upper())
    assert (await door(alone).post(path, json=body)).status_code == 403
    with database.begin() as connection:
        accounts.readdress(connection, str(alone.account_id), "agent@service.invalid")
    for _ in range(2):
        assert (await door(alone).post(path, json=body, headers={"Idempotency-Key": "validation"})).status_code == 200
    assert (await door(alone).post(path, json=body)).status_code == 409
    with database.begin() as connection:
        connection.execute(text("UPDATE request SET clock_offset = deadline_at - clock_timestamp() + interval '1 s'"))
        silence.establish(connection, reference)
        assert rows.hand_over(connection, reference) == [HoldReason.VALIDATION]
    allowing = f"/requests/{reference}/hand-over"
    refused = await door(alone).post(allowing, json={"reason": "Tout est en ordre, je confirme."})
    assert (refused.status_code, "autre signataire" in refused.text) == (403, True), refused.text
    allowed = await door(second).post(allowing, json={"reason": "Signature comparée à celle du registre."})
    assert (allowed.status_code, allowed.json()["released"]) == (200, ["validation"]), allowed.text
