"""An extract of the register is judged as strictly as a document: by whom it is sealed, when, and whether it was so."""

import asyncio
import json
from base64 import b64encode
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

import pytest

from activities.signing import published
from activities.signing.archive import Archiver
from activities.signing.keys import load_signer
from activities.signing.revocations import fetch
from activities.signing.timestamp import FailoverTimeStamper
from activities.signing.verdicts import ExtractNotTrusted, Judge, Unusable, check_trust
from examining.kinds.extract import canonical
from local.authorities import timestamp_urls
from models.messages.verification import ArchivedDocument
from tests.activities.signing.forging import DAY, Forger
from tests.judging import an_examiner, verify


@pytest.fixture
def forger(authority_folder: Path, tmp_path: Path) -> Forger:
    return Forger(authority_folder, tmp_path)


def listing(archived: bytes) -> ArchivedDocument:
    digest = sha256(archived).hexdigest()
    names = {"reference": "034AQHV02", "kind": "receipt", "number": "034AQHV0200", "file": "documents/x.pdf"}
    return ArchivedDocument.model_validate(names | {"sha256": "0" * 64, "archived_sha256": digest})


@pytest.fixture
def extract(forger: Forger, archived: bytes) -> bytes:
    urls = timestamp_urls((forger.folder / "base_url").read_text("utf-8"))
    return Archiver(forger.folder / "trust", forger.folder / "seal", urls).extract([listing(archived)])


def forged(
    forger: Forger, identity: Path, archived: bytes, timestamps: FailoverTimeStamper | None, trust: Path
) -> bytes:
    """An extract that lists a document, sealed with any key; it comes with all the revocation data there is."""
    listed = [listing(archived).model_dump()]
    sealing = load_signer(identity).async_sign_general_data(canonical(listed), "sha256", timestamper=timestamps)
    evidence, _ = asyncio.run(fetch(published.read(trust), trust))
    signature = b64encode(asyncio.run(sealing).dump()).decode()
    return json.dumps({"extract": listed, "signature": signature, "evidence": asdict(evidence)}).encode()


def judge(trust: Path) -> Judge:
    return Judge(trust, an_examiner(), online=False)


def test_an_extract_of_the_seal_tells_what_is_registered(forger: Forger, extract: bytes, archived: bytes) -> None:
    known = judge(forger.trust).extract(extract)
    found = verify(archived, forger.trust, known)
    assert (found.valid, found.registered, found.case_reference) == (True, True, "034AQHV02")
    assert known("1" * 64) is None


def test_an_extract_by_anybody_else_is_not_believed(
    forger: Forger, archived: bytes, timestamps: FailoverTimeStamper
) -> None:
    ended = forger.publish(forger.identity("Ancien cachet", -900 * DAY, -1 * DAY), "seal")
    retired = forger.publish(forger.identity("Cachet retiré"), "seal", until_on="2026-01-01")
    director = forger.folder / "signatories" / "director"
    stranger, seal = forger.identity("Jean Fraudeur"), forger.folder / "seal"
    genuine = forged(forger, seal, archived, timestamps, forger.trust)
    assert judge(forger.trust).extract(genuine)(sha256(archived).hexdigest()) == "034AQHV02"
    for identity, stamps, reason in (
        (stranger, timestamps, "scellé par ce service"),
        (director, timestamps, "scellé par ce service"),
        (ended, timestamps, "cours de validité"),
        (retired, timestamps, "scellé par ce service"),
        (seal, None, "pas horodatée"),
    ):
        content = forged(forger, identity, archived, stamps, forger.trust)
        with pytest.raises(ExtractNotTrusted, match=reason):
            judge(forger.trust).extract(content)


def test_an_extract_that_was_changed_is_not_believed(forger: Forger, extract: bytes) -> None:
    for changed in (
        extract.replace(b"034AQHV02", b"075AAAA01"),
        extract.replace(b'"signature": "', b'"signature": "AA'),
        extract[: len(extract) // 2],
        b"[]",
    ):
        with pytest.raises(ExtractNotTrusted):
            judge(forger.trust).extract(changed)


def test_an_extract_without_its_revocation_data_is_not_believed(forger: Forger, extract: bytes) -> None:
    bare = json.loads(extract) | {"evidence": {}}
    with pytest.raises(ExtractNotTrusted, match="révocation"):
        judge(forger.trust).extract(json.dumps(bare).encode())


def test_a_folder_must_say_who_signs(forger: Forger) -> None:
    check_trust(forger.trust)
    (forger.trust / published.FILE).unlink()
    with pytest.raises(Unusable, match=r"signers\.json"):
        check_trust(forger.trust)
