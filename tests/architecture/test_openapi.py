"""The OpenAPI document is clean under a linter, and says which calls create under a key."""

import hashlib
import json
import subprocess
from pathlib import Path
from typing import Final

import playwright
import pytest

from docs.openapi import FILE

LINTER: Final = Path(__file__).with_name("redocly")
NODE: Final = Path(playwright.__file__).parent / "driver" / "node"
"""The Node.js that comes with the browser tests."""
DOCUMENT: Final = json.loads(FILE.read_text("utf-8"))
NAMED: Final = "names what it changes, and finds it changed the second time"
READS: Final = "creates nothing"
SETS: Final = "sets what stands, to the same value the second time"
ONCE: Final = "its code serves once"
VOIDS: Final = "each mail voids the code before"
OWN_ID: Final = "its body has an id of its own, which does the same"
REPEATABLE: Final[dict[str, str]] = {
    "/account/passkeys/challenge": READS,
    "/account/password": "the password given is no longer the current one",
    "/account/totp": "the secret shown last is the one that is confirmed",
    "/account/totp/confirmation": ONCE,
    "/account/totp/recovery-codes": "the codes shown last are those that stand",
    "/account/totp/removal": SETS,
    "/claims/visas": NAMED,
    "/claims/{claim_id}/refusal": NAMED,
    "/claims/{claim_id}/refusal/preview": READS,
    "/codec/decode": READS,
    "/enrolments/activation": ONCE,
    "/enrolments/email": VOIDS,
    "/enrolments/resend": VOIDS,
    "/establishments/{siret}/proof": ONCE,
    "/exceptional-acts/{act_id}/approval": NAMED,
    "/exceptional-acts/{act_id}/refusal": NAMED,
    "/invitations/acceptance": ONCE,
    "/letters/{letter_id}/printing": NAMED,
    "/mandates/acceptance": NAMED,
    "/mandates/{mandate_id}/invitation": VOIDS,
    "/members/{member_id}/invitation": VOIDS,
    "/password": ONCE,
    "/password/code": VOIDS,
    "/requests/{reference}/assignment": SETS,
    "/requests/{reference}/bank-changes/{number}/decision": OWN_ID,
    "/requests/{reference}/completion-requests": OWN_ID,
    "/requests/{reference}/completion-requests/preview": READS,
    "/requests/{reference}/decision": OWN_ID,
    "/requests/{reference}/decision/preview": READS,
    "/requests/{reference}/desistment": NAMED,
    "/session": "a session more opens nothing else",
    "/session/passkey": "what is signed serves once",
    "/session/passkey/challenge": READS,
    "/unit/agents/{agent_id}/tool-access": SETS,
    "/unit/reassignments": SETS,
    "/verifications": READS,
}
"""Path of a POST without `Idempotency-Key` → why a second one makes nothing more."""


def problems(document: Path) -> list[dict[str, str]]:
    """What the linter finds in a document."""
    command = [NODE, LINTER / "lint.mjs", document]
    ran = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    found: list[dict[str, str]] = json.loads(ran.stdout)
    return found


def test_the_linter_finds_nothing() -> None:
    assert problems(FILE) == []


def test_the_linter_finds_what_is_wrong(tmp_path: Path) -> None:
    wrong = json.loads(FILE.read_text("utf-8"))
    wrong["paths"]["/api/v1/requests"]["post"]["answers"] = {}
    wrong["paths"]["/api/v1/drafts"]["post"]["operationId"] = "file_request"
    broken = tmp_path / "openapi.json"
    broken.write_text(json.dumps(wrong), "utf-8")
    assert {each["rule"] for each in problems(broken)} >= {"struct", "operation-operationId-unique"}


def test_the_linter_is_the_one_that_is_stated() -> None:
    lines = (LINTER / "VENDORED.txt").read_text("utf-8").splitlines()[1:]
    stated = {name: digest for digest, name in (line.split() for line in lines)}
    kept = {each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in LINTER.glob("*.js")}
    assert kept == stated


def test_every_call_creates_under_a_key_or_is_said_to_need_none() -> None:
    without = set()
    for path, calls in DOCUMENT["paths"].items():
        names = {each["name"] for each in calls.get("post", {}).get("parameters", [])}
        if "post" in calls and "Idempotency-Key" not in names:
            without.add(path.removeprefix("/api/v1"))
            assert "201" not in calls["post"]["responses"], path
    assert sorted(without) == sorted(REPEATABLE)


@pytest.mark.parametrize("path", ["/requests/{reference}/completion-requests", "/requests/{reference}/decision"])
def test_a_call_with_an_id_of_its_own_requires_it(path: str) -> None:
    body = DOCUMENT["paths"][f"/api/v1{path}"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    schemas = [DOCUMENT["components"]["schemas"][each["$ref"].rpartition("/")[2]] for each in body.get("oneOf", [])]
    assert all("id" in each["required"] for each in schemas or [body])
