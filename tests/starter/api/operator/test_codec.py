"""Decrypted payloads: read by operators and logged; erased ones stay erased."""

import json
from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from google.protobuf.json_format import MessageToJson, Parse
from structlog.testing import capture_logs
from temporalio.api.common.v1 import Payload, Payloads

from models.engine.codec import CaseCodec
from models.engine.keys import MasterKey, codec_secret
from models.engine.names import authorization_id, claim_process, letter_id, upload_process
from models.settings import Settings
from models.store.cases import requests
from models.store.database import Database
from models.store.journal import keys
from models.store.journal.keys import StoredKeys
from tests.builders import Credentials, a_filing
from tests.starter.people import Door

CLAIMS = ("034AAAA01:2026-12:1:1", "971ZZZZ99:2020-03:12:345")
CLEAR = Payload(metadata={"encoding": b"json/plain"}, data=b'{"reference":"034"}')


@pytest.fixture
async def sealed(door: Door, boss: Credentials, database: Database, settings: Settings) -> str:
    """One payload of a case, as the engine's pages send it."""
    reference = (await door(boss).post("/requests", json=a_filing())).json()["reference"]
    source = StoredKeys(database, MasterKey(settings.master_key))
    codec = CaseCodec(source, authorization_id(reference))
    return MessageToJson(Payloads(payloads=await codec.encode([CLEAR])))


JSON = {"Content-Type": "application/json"}


async def test_an_operator_reads_payloads_and_it_is_logged_without_them(
    door: Door, operator: Credentials, agent: Credentials, sealed: str
) -> None:
    assert "034" not in str(Parse(sealed, Payloads()).payloads[0].data)
    with capture_logs() as logs:
        answer = await door(operator).post("/codec/decode?secret=x", content=sealed, headers=JSON)
    assert Parse(answer.text, Payloads()).payloads == [CLEAR]
    read = next(line for line in logs if line["event"] == "payloads_decoded")
    assert (read["count"], read["reader"]) == (1, operator.account_id)
    assert "secret" not in str(logs)
    assert (await door(agent).post("/codec/decode", content=sealed, headers=JSON)).status_code == 403


@pytest.mark.parametrize(
    "process", [*map(claim_process, CLAIMS), upload_process("01a22ba2-bf69-7b2d-90e0-1616d4502f9d"), letter_id("1")]
)
async def test_payloads_of_other_processes_are_read_too(
    door: Door, operator: Credentials, settings: Settings, database: Database, process: str
) -> None:
    codec = CaseCodec(StoredKeys(database, MasterKey(settings.master_key)), process)
    sealed = MessageToJson(Payloads(payloads=await codec.encode([CLEAR])))
    answer = await door(operator).post("/codec/decode", content=sealed, headers=JSON)
    assert Parse(answer.text, Payloads()).payloads == [CLEAR]


async def test_an_altered_payload_says_so_and_a_foreign_one_is_left_alone(
    door: Door, operator: Credentials, sealed: str, database: Database
) -> None:
    message = Parse(sealed, Payloads())
    message.payloads[0].data = AESGCM(bytes(32)).encrypt(bytes(12), b"x", None)
    message.payloads.append(CLEAR)
    message.payloads.append(Payload(metadata={"encoding": b"binary/tacite", "tacite-key": b"\0\xff"}, data=b"x"))
    answer = await door(operator).post("/codec/decode", content=MessageToJson(message), headers=JSON)
    opened = Parse(answer.text, Payloads()).payloads
    assert json.loads(opened[0].data) == "altéré"
    assert list(opened[1:]) == list(message.payloads[1:])


@pytest.mark.parametrize("body", [b"", b"payloads", b'{"payloads": 3}', b"\xff"])
async def test_what_is_no_payload_is_refused(body: bytes, door: Door, operator: Credentials) -> None:
    answer = await door(operator).post("/codec/decode", content=body, headers=JSON)
    assert answer.status_code == 422, b64encode(body)


async def test_in_development_the_pages_of_the_engine_read_by_a_secret_address(
    door: Door, sealed: str, settings: Settings
) -> None:
    address = f"/codec/{codec_secret(settings.master_key)}/decode"
    origin = {"Origin": "http://127.0.0.1:8233"}
    asked = await door().options(address, headers=origin | {"Access-Control-Request-Method": "POST"})
    assert (asked.status_code, asked.headers["access-control-allow-origin"]) == (200, origin["Origin"])
    assert "x-namespace" in asked.headers["access-control-allow-headers"]
    answer = await door().post(address, content=sealed, headers=JSON | origin)
    assert Parse(answer.text, Payloads()).payloads == [CLEAR]
    assert answer.headers["access-control-allow-origin"] == origin["Origin"]
    other = await door().post(address, content=sealed, headers=JSON | {"Origin": "https://elsewhere.example"})
    assert "access-control-allow-origin" not in other.headers
    assert (await door().post("/codec/guess/decode", content=sealed, headers=JSON)).status_code == 404


async def test_an_erased_case_is_erased_for_its_operator_too(
    door: Door, operator: Credentials, sealed: str, database: Database
) -> None:
    reference = Parse(sealed, Payloads()).payloads[0].metadata["tacite-key"].decode().partition(":")[2]
    with database.begin() as connection:
        requests.close(connection, reference, requests.received_now(connection))
        keys.destroy(connection, reference)
    answer = await door(operator).post("/codec/decode", content=sealed, headers=JSON)
    assert json.loads(Parse(answer.text, Payloads()).payloads[0].data) == "effacé"
