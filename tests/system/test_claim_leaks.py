"""A claim that is submitted, agreed to, signed, sent and rejected: nobody but its employer and the agency reads a name.

Sentinels stand in its file; every file of the world, the register, documents, pages and metrics are searched after it.
Budget: 60 s on two cores.
"""

import asyncio
from base64 import b64decode
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import cast

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs7 import pkcs7_decrypt_der
from cryptography.x509 import load_pem_x509_certificate
from pypdf import PdfReader

from local.engine import NAMESPACE
from local.world import World
from models.engine.client import connect
from models.engine.keys import MasterKey
from models.engine.names import answers_id, claim_process
from models.store.agency.channels import CLAIMS
from models.store.database import Database
from models.store.journal.keys import StoredKeys
from models.store.people import sessions
from starter.auth import cookies
from tests.cases import DEPARTMENT, Employer
from tests.models.store.claims.builders import authorize
from tests.starter.claimed import LATER
from tests.system.people import Person, until
from tests.system.sentinels import Sentinels
from tests.system.test_claim_uploads import send, state
from tests.system.test_leaks import dump, sealed_of
from tests.uploads import A_LINE, a_file

pytestmark = pytest.mark.slow
MONTH = "2026-12"


@pytest.fixture
def sentinels() -> Sentinels:
    return Sentinels()


@pytest.fixture
def reference(world: World, database: Database, boss: Person) -> str:
    """An authorization whose first month is over."""
    who = Employer(boss.who.account_id, boss.who.siret, DEPARTMENT)
    return authorize(database, employer=who, master=MasterKey(world.master_key), clock_offset=LATER)


def test_of_a_claim_that_was_rejected_nobody_else_reads_who_it_is_for(
    world: World,
    database: Database,
    boss: Person,
    agent: Person,
    operator: Person,
    reference: str,
    sentinels: Sentinels,
) -> None:
    claims = f"/requests/{reference}/claims"
    address = send(world, boss.who, reference, a_claim_file(sentinels))
    until(lambda: state(boss, address) == "read", "the file is read")
    body = {"month": MONTH, "upload": address.rpartition("/")[2]}
    filed = boss.post(claims, body)
    assert filed.status_code == 201, filed.text

    def version() -> dict[str, object]:
        return cast("dict[str, object]", boss.get(f"{claims}/{MONTH}").json()["versions"][-1])

    until(lambda: version()["state"] == "under_review", "the claim is controlled")
    (world.agency.folder / "reject-people").write_text("2", "utf-8")
    agent.post("/claims/visas", {"ids": [filed.json()["id"]]})
    until(lambda: version()["state"] == "handed", "the claim is put at the agency")
    until(lambda: asyncio.run(fetch_answers(world, database)) or version()["state"] == "rejected", "it is answered")
    assert sentinels.seen(boss.get(f"{claims}/{MONTH}/lines").content) == {"name", "first name", "nir"}
    assert sentinels.seen(b"".join(opened(world))) == {"name", "first name", "nir"}

    until(lambda: any(b"rejet" in each.read_bytes() for each in world.mail.folder.glob("*.eml")), "a mail says so")
    read = b"".join(documents(boss, reference, version()))
    assert reference.encode() in read
    read += b"".join(seen_by_agents(world, database, agent, reference, str(filed.json()["id"])))
    read += operator.get("/metrics").content + operator.get("/incidents").content
    history = asyncio.run(engine_payloads(world, database, operator, f"{reference}:{MONTH}:1:1"))
    assert reference.encode() in history
    assert sentinels.seen(read + history + filed.content + boss.get(address).content) == set()
    assert sentinels.in_files(searched(world)) == {}
    assert sentinels.seen(dump(world.postgres.dsn)) == set()


def a_claim_file(sentinels: Sentinels) -> bytes:
    """One person, with a column of an account, which no list names here."""
    named = {"nom": sentinels.family_name("name"), "prenom": sentinels.family_name("first name")}
    return a_file(A_LINE | named | {"nir": sentinels.nir("nir"), "iban": sentinels.iban("iban")})


async def fetch_answers(world: World, database: Database) -> None:
    """Have the answers of the agency read now rather than at the next minute of their schedule."""
    client = await connect(world.engine.address, NAMESPACE, StoredKeys(database, MasterKey(world.master_key)))
    await client.get_schedule_handle(answers_id(CLAIMS)).trigger()
    await asyncio.sleep(0.5)


async def engine_payloads(world: World, database: Database, operator: Person, subject: str) -> bytes:
    """What the process of a claim holds, as whoever may decode it reads it."""
    client = await connect(world.engine.address, NAMESPACE, StoredKeys(database, MasterKey(world.master_key)))
    sealed = await sealed_of(client, claim_process(subject))
    answer = operator.post("/codec/decode", {"payloads": sealed})
    return b"".join(b64decode(each.get("data", "")) for each in answer.json()["payloads"])


def opened(world: World) -> Iterator[bytes]:
    """The nominal files, as the agency alone opens them."""
    folder = world.agency.folder
    certificate = load_pem_x509_certificate((folder / "certificate.pem").read_bytes())
    key = load_pem_private_key((folder / "envelope_key.pem").read_bytes(), None)
    for each in world.agency.deposits.glob("*.p7m"):
        yield pkcs7_decrypt_der(each.read_bytes(), certificate, cast(RSAPrivateKey, key), [])


def documents(boss: Person, reference: str, version: dict[str, object]) -> Iterator[bytes]:
    """The words of the receipt and of the signed claim, and their bytes."""
    listed = cast("list[dict[str, str]]", version["documents"])
    assert {each["kind"] for each in listed} == {"claim_receipt", "claim"}
    for each in listed:
        content = boss.get(f"/requests/{reference}/documents/{each['id']}").content
        yield content
        yield "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).encode()


def seen_by_agents(world: World, database: Database, agent: Person, reference: str, claim_id: str) -> Iterator[bytes]:
    """What an agent reads of it in the API and in pages."""
    for path in (
        "/desk/claims?state=rejected",
        f"/desk/claims/{claim_id}",
        f"/requests/{reference}/claims/{MONTH}/lines",
    ):
        answer = agent.get(path)
        assert answer.status_code == 200, answer.text
        yield answer.content
    with database.begin() as connection:
        secret = sessions.open_session(connection, agent.who.account_id, "totp", cookies.SESSION_LIFETIME)
    for page in ("/claims", f"/claims/{claim_id}", f"/desk/requests/{reference}"):
        shown = httpx.get(world.site + page, headers={"Cookie": f"{cookies.name(world.site)}={secret}"}, timeout=60)
        assert shown.status_code == 200, page
        yield shown.content


def searched(world: World) -> Iterator[Path]:
    """Every file of the world but those of the register, which is searched as it is dumped."""
    files = [each for each in world.folder.rglob("*") if each.is_file()]
    left = [each for each in files if not each.is_relative_to(world.postgres.data)]
    names = {each.name for each in left}
    assert {"engine.db", "worker.log", "relay.log", "starter.log"} <= names
    assert any(name.endswith(".eml") for name in names)
    assert any(name.endswith(".p7m") for name in names)
    return iter(left)
