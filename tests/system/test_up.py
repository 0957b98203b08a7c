"""`tacite up`, and an operator's commands beside it in another terminal."""

import asyncio
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import httpx
import pytest

import tacite
from local.caller import Caller
from local.enrolment import enrolment_body, get_receipt
from local.mail import received
from local.people import Tokens, fictional
from local.processes import ROOT
from models.terms import VERSIONS
from scenarios.dossier import request_body
from tests.system.tacite_up import WAIT_TIMEOUT_SECONDS, Up, View, ended, started

pytestmark = pytest.mark.slow

FAULTS: Final = ("refuse-first", "refuse-second")
AT_HOME: Final = "00000001800010"


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    up = started(tmp_path_factory.mktemp("up"))
    yield up
    assert ended(up, signal.SIGINT) == 0
    assert not (Path(str(up.announced["data"])) / "environment").exists()


@pytest.fixture(autouse=True)
def beside(up: Up, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands run in the folder where the world was started."""
    monkeypatch.chdir(up.folder)


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, View]]:
    """Run a command with `--json`; returns its exit code and its answer."""

    def run(*arguments: str) -> tuple[int, View]:
        capsys.readouterr()
        code = tacite.run([*arguments, "--json"])
        return code, json.loads(capsys.readouterr().out or "{}")

    return run


Command = Callable[..., tuple[int, View]]


async def filed(up: Up, **stated: object) -> str:
    answer = await up.employer.post("/requests", request_body(AT_HOME, **stated))
    return str(answer["reference"])


async def until_event(up: Up, reference: str, event: str) -> None:
    limit = time.monotonic() + WAIT_TIMEOUT_SECONDS
    while event not in str((await up.employer.get(f"/requests/{reference}"))["events"]):
        assert time.monotonic() < limit, event
        await asyncio.sleep(0.1)


def test_it_tells_where_everything_is_in_one_line(up: Up) -> None:
    assert list(up.announced) == ["site", "api", "ui", "mail", "data", "tokens"]
    assert set(Tokens.model_fields) == {"employer", "agent", "head", "operator"}
    assert up.announced["api"] == f"{up.announced['site']}/api/v1"


def _items(announced: View) -> list[dict[str, str]]:
    items = announced["items"]
    assert isinstance(items, list)
    return items


def _missing(announced: View) -> list[dict[str, str]]:
    return [each for each in _items(announced) if not each["ok"]]


def test_the_doctor_finds_everything_there(command: Command) -> None:
    code, announced = command("doctor")
    assert (code, _missing(announced)) == (0, [])


def test_the_doctor_says_what_to_do_about_what_is_missing(up: Up, command: Command) -> None:
    (up.authorities / "refuse-second").touch()
    try:
        code, announced = command("doctor")
    finally:
        (up.authorities / "refuse-second").unlink()
    missing = _missing(announced)
    assert code == 3
    assert [each["part"].endswith("/tsa/second") for each in missing] == [True]
    assert "TIMESTAMPS" in missing[0]["remedy"]


def test_the_employer_has_enrolled_and_its_receipt_verifies(up: Up, command: Command) -> None:
    mails = received(Path(str(up.announced["data"])) / "mail")
    assert [mail["To"] for mail in mails if AT_HOME in str(mail["Subject"])] == ["employer@tacite.invalid"]
    sealed = asyncio.run(get_receipt(up.employer, AT_HOME))
    (up.folder / "adhesion.pdf").write_bytes(sealed)
    code, announced = command("verify", "adhesion.pdf")
    assert (code, announced["level"], announced["case_reference"]) == (0, "B-T", AT_HOME)


def test_an_hour_passes_for_one_enrolment(up: Up, command: Command) -> None:
    folder = fictional(40, "75")
    other = folder.siret
    mail = Path(str(up.announced["data"])) / "mail"
    (mail / "refuse").touch()
    try:
        caller = Caller(str(up.announced["site"]), "")
        asyncio.run(caller.post("/enrolments", enrolment_body(folder, "autre@tacite.invalid", VERSIONS[-1])))
        until(lambda: "mail" in _parts(command, other))
        assert command("advance", other, "56m")[0] == 0
        until(lambda: "delay" in _parts(command, other))
    finally:
        (mail / "refuse").unlink()
    assert command("resume", other, "--reason", "Courriel rétabli")[0] == 0
    until(lambda: _parts(command, other) == [])
    assert [each for each in received(mail) if other in str(each["Subject"])]


def _parts(command: Command, subject: str) -> list[object]:
    return [each["part"] for each in _items(command("incidents")[1]) if each["subject"] == subject]


def until(truth: Callable[[], bool]) -> None:
    limit = time.monotonic() + WAIT_TIMEOUT_SECONDS
    while not truth():
        assert time.monotonic() < limit
        time.sleep(0.2)


async def test_an_account_opened_by_command_may_file(up: Up, command: Command) -> None:
    siret = "35600000000048"
    code, announced = command("accounts", "create", "--role", "employer", "--siret", siret, "--department", "2A")
    assert code == 0
    caller = Caller(str(up.announced["site"]), str(announced["token"]))
    answer = await caller.post("/requests", request_body(siret))
    assert str(answer["reference"]).startswith("02A")


def test_time_passes_for_one_case_and_its_history_replays(up: Up, command: Command) -> None:
    reference = asyncio.run(filed(up))
    asyncio.run(until_event(up, reference, "receipt_issued"))
    assert command("advance", reference, "16d")[0] == 0
    asyncio.run(until_event(up, reference, "handed_to_asp"))
    code, announced = command("replay", f"{reference}00")
    assert code == 0
    assert announced["items"] == [{"history": f"{reference}00", "ok": True, "problem": None}]
    assert tacite.run(["keys", "erase", reference]) == 1  # it is not closed yet
    document = asyncio.run(_first_document(up, reference))
    (up.folder / "receipt.pdf").write_bytes(document)
    code, announced = command("verify", "receipt.pdf")
    assert (code, announced["level"], announced["registered"]) == (0, "B-T", True)
    assert announced["case_reference"] == reference


async def _first_document(up: Up, reference: str) -> bytes:
    documents = (await up.employer.get(f"/requests/{reference}"))["documents"]
    assert isinstance(documents, list)
    return (await up.employer.get(f"/requests/{reference}/documents/{documents[0]['id']}")).raw


def test_time_passes_in_development_only(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    assert command("advance", "075AAAA99", "1d")[0] == 1
    assert command("advance", "nothing", "1d")[0] == 2
    for profile in ("training", "production"):
        monkeypatch.setenv("TACITE_PROFILE", profile)
        assert command("advance", "075AAAA01", "1d")[0] == 2


def test_what_is_parked_is_listed_and_resumed(up: Up, command: Command) -> None:
    assert command("resume", "075AAAA99", "--reason", "essai")[0] == 1
    with ExitStack() as mended:
        for fault in FAULTS:
            (up.authorities / fault).touch()
            mended.callback((up.authorities / fault).unlink)
        reference = asyncio.run(filed(up, ground="restructuring"))
        asyncio.run(until_event(up, reference, "incident_opened"))
        code, announced = command("incidents")
        (incident,) = _items(announced)
        assert (code, incident["subject"], incident["part"]) == (0, reference, "timestamp")
    code, announced = command("resume", reference, "--reason", "Horodatage rétabli")
    assert code == 0
    asyncio.run(until_event(up, reference, "receipt_issued"))
    asyncio.run(until_event(up, reference, "incident_closed"))
    assert command("incidents")[1] == {"items": []}


def test_a_head_signs_in_with_a_browser_and_sees_its_unit(up: Up) -> None:
    with httpx.Client(base_url=str(up.announced["site"]), timeout=20) as browser:
        provider = browser.get("/agents/sign-in").headers["location"]
        back = httpx.post(provider, data={"sub": "head"}).headers["location"]
        unit = browser.get(browser.get(back).headers["location"])
        assert unit.status_code == 200
        assert "Nadia Perrin" in unit.text
        assert "Ouvrir le compte" in unit.text


def test_the_first_head_and_what_it_signs_by_come_from_the_command_line(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    who = ("--name", "Marc Olivier", "--email", "marc@service.invalid", "--subject", "marc")
    opened = ("agents", "open", "--role", "head", *who)
    assert command(*opened)[0] == 2
    code, announced = command(*opened, "--department", "34")
    assert code == 0
    assert command(*opened, "--department", "34")[0] == 1
    act = ("--certificate", "director", "--act", "décret de nomination", "--department", "34")
    delegated = ("agents", "delegate", str(announced["id"]), *act)
    assert command(*delegated, "--from-on", "demain")[0] == 2
    assert command(*delegated, "--from-on", "2026-01-01")[0] == 0
    assert command("agents", "delegate", "nobody", *act, "--from-on", "2026-01-01")[0] == 1
    assert tacite.run(["agents", "close", str(announced["id"])]) == 0
    assert "clos" in capsys.readouterr().err


def test_in_production_the_command_line_asks_and_an_operator_approves(
    up: Up, command: Command, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = asyncio.run(filed(up, ground="disaster_or_weather"))
    monkeypatch.setenv("TACITE_PROFILE", "production")
    monkeypatch.setenv("TACITE_OIDC_ISSUER", "https://identites.example")
    capsys.readouterr()
    asked = ["keys", "erase", reference, "--reason", "Demande de la personne."]
    assert tacite.run(asked) == 2
    assert "TACITE_OIDC_ACR" in capsys.readouterr().err
    monkeypatch.setenv("TACITE_OIDC_ACR", '["eidas2"]')
    assert tacite.run(asked) == 0
    act = capsys.readouterr().err.partition("acte ")[2].partition(".")[0]
    operator = Caller(str(up.announced["site"]), up.tokens.operator)
    asyncio.run(operator.post(f"/exceptional-acts/{act}/refusal", {}))


def test_it_migrates_what_is_current(up: Up) -> None:
    assert tacite.run(["migrate"]) == 0


def test_a_world_taken_up_again_keeps_its_tokens(tmp_path: Path) -> None:
    first = started(tmp_path)
    assert ended(first, signal.SIGTERM) == 0
    again = started(tmp_path)
    assert again.announced == first.announced
    assert ended(again, signal.SIGINT) == 0


def test_a_second_one_on_the_same_folder_is_told_so(up: Up) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tacite.py"), "up"],
        cwd=up.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert "sert déjà à un autre Tacite" in done.stderr
