"""The pages of operators and auditors, with what they show when something is parked, asked, wrong or found."""

import pytest
from sqlalchemy import text

from local.caller import Caller
from local.world import World
from models.agency_answers import AnswerFault
from models.engine.keys import MasterKey
from models.engine.names import authorization_id
from models.engine.processes import hold
from models.labels import Part
from models.messages.case import Incident
from models.store.agency import answer_files
from models.store.agency.channels import AMENDMENTS, CLAIMS
from models.store.database import Database
from models.store.operations import incidents
from tests.browser.conftest import OpenPage
from tests.browser.screens import Screens
from tests.builders import a_filing, employer, staff
from tests.models.store.claims.builders import authorize, claim

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_pages_of_operators_can_be_read_by_anybody(
    open_page: OpenPage, screens: Screens, database: Database, world: World
) -> None:
    who = employer(database)
    filed = await Caller(world.site, who.token).post("/requests", a_filing())
    process = authorization_id(str(filed["reference"]))
    with database.begin() as connection:
        held = hold(connection, process)
        assert held is not None
        incidents.open_incident(connection, Incident(subject=process, act="remind", part=Part.MAIL), held)
        [parked] = incidents.list_of_subject(connection, str(filed["reference"]))
    page = await open_page(staff(database, "operator").account_id)
    incident = f"/operations/incidents/{parked.id}"
    for name, address in {
        "operations": "/operations",
        "accounts": f"/operations/accounts?q={who.account_id}",
        "account-tokens": f"/operations/accounts/{who.account_id}",
        "revocation": f"/operations/accounts/{who.account_id}/revocation",
    }.items():
        await page.goto(address)
        await screens.check(page, name)
    for name, address in {"act-new": "/operations/acts/new", "incident": incident}.items():
        await page.goto(address)
        await screens.send_empty(page, name)
    await page.goto("/operations/acts/new")
    await page.check("#kind")
    await page.fill("#subject", str(filed["reference"]))
    await page.fill("#reason", "Le dossier est clos depuis longtemps.")
    await page.click("main form button[type=submit]")
    await page.wait_for_url("**/operations/acts/*?fait=demande")
    await screens.check(page, "act")


async def test_the_pages_of_channels_can_be_read_by_anybody(
    open_page: OpenPage, screens: Screens, database: Database, world: World
) -> None:
    file, address = set_aside(database, MasterKey(world.master_key)), f"/operations/channels/{AMENDMENTS}"
    page = await open_page(staff(database, "operator").account_id)
    await page.goto(f"{address}/freeze")
    await screens.send_empty(page, "channel-freeze")
    await page.fill("#reason", "L’agence annonce une migration de ses serveurs.")
    await page.fill("#until_on", "2149-12-31")
    await page.fill("#until_time", "09:30")
    await page.click("main form button[type=submit]")
    await page.wait_for_url(f"**{address}?fait=gele")
    await screens.check(page, "channel-frozen")
    await page.goto(f"{address}/resumption")
    await screens.send_empty(page, "channel-resumption")
    await page.fill("#reason", "L’agence reçoit de nouveau nos fichiers.")
    await page.click("main form button[type=submit]")
    await page.wait_for_url(f"**{address}?fait=repris")
    for name, where in {"channels": "/operations/channels", "channel-claims": f"/operations/channels/{CLAIMS}"}.items():
        await page.goto(where)
        await screens.check(page, name)
    await page.goto(f"/operations/quarantine/{file}")
    await screens.send_empty(page, "answer-file")
    await page.goto(f"/operations/deposits/{an_unanswered_file(database)}")
    await screens.send_empty(page, "deposit")


def set_aside(database: Database, master: MasterKey) -> str:
    """A file of answers that three runs could not apply."""
    with database.begin() as connection:
        name = "TACITE_DI_20261201091530_FichierRetour.json"
        file = answer_files.note(connection, CLAIMS, name, b'{"lignesTelechargement": [{"numLigne": 1}]}', master)
        for _ in range(answer_files.MAX_TRIES):
            answer_files.fail(connection, file.id, AnswerFault.MALFORMED)
    return file.id


def an_unanswered_file(database: Database) -> str:
    """A file of one claim that was put twice; written as rows, because the programs of this world put others."""
    row = {"claim": claim(database, authorize(database)).id, "digest": "0" * 64}
    with database.begin() as connection:
        for statement in _UNANSWERED:
            found: str = connection.execute(text(statement), row).scalar_one()
    return found


_UNANSWERED = (
    "UPDATE claim SET state = 'handed' WHERE id = CAST(:claim AS uuid) RETURNING id",
    "INSERT INTO document (reference, kind, subject, claim_id, number, sha256, bytes, signed_at, published_at)"
    " SELECT reference, 'claim', id::text, id, reference || '00', :digest, 'x', clock_timestamp(), clock_timestamp()"
    " FROM claim WHERE id = CAST(:claim AS uuid) RETURNING id",
    "WITH put AS (INSERT INTO deposit (channel, name, bytes, sha256, written_at, resent_at) VALUES ('claims',"
    "  'TACITE_DI_20261201091530.json', 'x', :digest, clock_timestamp(), clock_timestamp()) RETURNING id),"
    " placed AS (INSERT INTO deposit_row (key, channel, reference, claim_id, document_id, deposit_id, line)"
    "  SELECT :digest, 'claims', d.reference, d.claim_id, d.id, put.id, 1 FROM document d, put"
    "  WHERE d.claim_id = CAST(:claim AS uuid) AND d.kind = 'claim')"
    " SELECT id::text FROM put",
)


async def test_the_page_of_auditors_can_be_read_by_anybody(
    open_page: OpenPage, screens: Screens, database: Database, world: World
) -> None:
    filed = await Caller(world.site, employer(database).token).post("/requests", a_filing())
    await Caller(world.site, staff(database, "signatory").token).get(f"/desk/requests/{filed['reference']}")
    page = await open_page(staff(database, "auditor").account_id)
    for name, address in {
        "audit": f"/audit?about={filed['reference']}",
        "audit-errors": "/audit?from_on=hier&to_on=2026-11-01&account=Nadia",
    }.items():
        await page.goto(address)
        await screens.check(page, name)
