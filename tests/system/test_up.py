"""`tacite up`, and an operator's commands beside it in another terminal."""

import asyncio
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

import httpx
import pytest

import tacite
from law.calendar import local
from local.caller import Caller
from local.enrolment import enrolment_body, get_receipt
from local.mail import received
from local.people import Tokens, fictional
from local.processes import ROOT
from models.terms import VERSIONS
from scenarios.dossier import request_body
from tests.system.tacite_up import WAIT_TIMEOUT_SECONDS, Up, View, ended, has_second_loopback, started

pytestmark = pytest.mark.slow

FAULTS: Final = ("refuse-first", "refuse-second")
AT_HOME: Final = "00000001800010"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Up:
    """A world that was ended as soon as it had announced itself."""
    up = started(tmp_path_factory.mktemp("up"))
    ended(up, signal.SIGTERM)
    return up


@pytest.fixture(scope="module")
def up(first: Up) -> Iterator[Up]:
    """The same world, taken up again."""
    up = started(first.folder)
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
    for_others = {"employees": 10, "other_employees": True}  # several requests for the same days
    answer = await up.employer.post("/requests", request_body(AT_HOME, **for_others | stated))
    return str(answer["reference"])


async def until_event(up: Up, reference: str, event: str) -> None:
    limit = time.monotonic() + WAIT_TIMEOUT_SECONDS
    while event not in str((await up.employer.get(f"/requests/{reference}"))["events"]):
        assert time.monotonic() < limit, event
        await asyncio.sleep(0.1)


def test_it_tells_where_everything_is_in_one_line(up: Up) -> None:
    assert list(up.announced) == ["site", "api", "ui", "mail", "data", "tokens", "people"]
    assert set(Tokens.model_fields) == {"employer", "agent", "head", "operator", "auditor"}
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
    assert {mail["To"] for mail in mails if AT_HOME in str(mail["Subject"])} == {"employer@tacite.invalid"}
    sealed = asyncio.run(get_receipt(up.employer, AT_HOME))
    (up.folder / "adhesion.pdf").write_bytes(sealed)
    code, announced = command("verify", "adhesion.pdf")
    assert (code, announced["level"], announced["case_reference"]) == (0, "B-T", AT_HOME)


def test_an_hour_passes_for_one_enrolment(up: Up, command: Command) -> None:
    folder, neighbour = fictional(40, "75"), fictional(42, "75")  # refused alike: it is the server, not a mailbox
    other = folder.siret
    mail = Path(str(up.announced["data"])) / "mail"
    (mail / "refuse").touch()
    try:
        caller = Caller(str(up.announced["site"]), "")
        for who, mailbox in ((neighbour, "voisin@ailleurs.invalid"), (folder, "autre@tacite.invalid")):
            asyncio.run(caller.post("/enrolments", enrolment_body(who, mailbox, VERSIONS[-1])))
            until(partial(_is_parked, command, who.siret))
        assert command("advance", other, "56m")[0] == 0
        until(lambda: "delay" in _parts(command, other))
    finally:
        (mail / "refuse").unlink()
    for siret in (other, neighbour.siret):
        assert command("resume", siret, "--reason", "Courriel rétabli")[0] == 0
    until(lambda: _parts(command, other) == _parts(command, neighbour.siret) == [])
    assert [each for each in received(mail) if other in str(each["Subject"])]


def _is_parked(command: Command, siret: str) -> bool:
    return "mail" in _parts(command, siret)


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
    assert command("keys", "erase", reference, "--reason", "Essai")[0] == 2, "one word says nothing"
    assert tacite.run(["keys", "erase", reference, "--reason", "Essai de la commande"]) == 1  # it is not closed yet
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
        until(lambda: _parts(command, reference) != [])
        code, announced = command("incidents")
        (incident,) = [each for each in _items(announced) if each["subject"] == reference]
        assert (code, incident["subject"], incident["part"]) == (0, reference, "timestamp")
    code, announced = command("resume", reference, "--reason", "Horodatage rétabli")
    assert code == 0
    asyncio.run(until_event(up, reference, "receipt_issued"))
    until(lambda: _parts(command, reference) == [])
    assert command("incidents")[1] == {"items": []}


def test_a_head_signs_in_with_a_browser_and_sees_its_unit(up: Up) -> None:
    with httpx.Client(base_url=str(up.announced["site"]), timeout=20) as browser:
        provider = browser.get("/agents/sign-in").headers["location"]
        back = httpx.post(provider, data={"sub": "head"}).headers["location"]
        assert browser.get(browser.get(back).headers["location"]).status_code == 200
        unit = browser.get("/unit")
        assert unit.status_code == 200
        assert "Nadia Perrin" in unit.text
        assert "Ouvrir le compte" in unit.text


def test_each_role_enters_its_page_as_it_is_told(up: Up) -> None:
    roles = ("employer", "agent", "operator", "operator-2", "auditor")
    assert {role: up.enter(role) for role in roles} == {role: up.told(role)["page"] for role in roles}


def test_the_site_answers_under_a_name_at_both_addresses_of_this_machine(up: Up) -> None:
    host, port = str(up.announced["site"]).removeprefix("http://").split(":")
    assert host == "localhost"
    for address in ("127.0.0.1", "localhost", *(["[::1]"] if has_second_loopback() else [])):
        assert httpx.get(f"http://{address}:{port}/api/v1/health").status_code == 200


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
    assert command(*delegated, "--from-on", "2026-01-01")[0] == 2, "no delegation before it is recorded"
    today = local(datetime.now(UTC), "34").date().isoformat()
    assert command(*delegated, "--from-on", today)[0] == 0
    assert command("agents", "delegate", "nobody", *act, "--from-on", today)[0] == 1
    assert tacite.run(["agents", "close", str(announced["id"])]) == 0
    assert "clos" in capsys.readouterr().err


def test_in_production_the_command_line_asks_and_an_operator_approves(
    up: Up, command: Command, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = asyncio.run(filed(up, ground="disaster_or_weather"))
    monkeypatch.setenv("TACITE_PROFILE", "production")
    monkeypatch.setenv("TACITE_OIDC_ISSUER", "https://identites.example")
    for variable in ("TACITE_COMPANIES", "TACITE_COMPANIES_SEARCH", "TACITE_FIRMS_ISSUER"):  # plain http here
        monkeypatch.setenv(variable, "https://partenaire.example")
    capsys.readouterr()
    asked = ["keys", "erase", reference, "--reason", "Demande de la personne."]
    assert tacite.run(asked) == 2
    assert "TACITE_OIDC_ACR" in capsys.readouterr().err
    monkeypatch.setenv("TACITE_OIDC_ACR", '["eidas2"]')
    assert tacite.run(["accounts", "create", "--role", "employer", "--siret", fictional(41, "75").siret]) == 2
    assert "--department" in capsys.readouterr().err
    assert tacite.run(asked) == 0
    act = capsys.readouterr().err.partition("acte ")[2].partition(".")[0]
    operator = Caller(str(up.announced["site"]), up.tokens.operator)
    asyncio.run(operator.post(f"/exceptional-acts/{act}/refusal", {}))


def test_it_migrates_what_is_current(up: Up) -> None:
    assert tacite.run(["migrate"]) == 0


def test_a_world_taken_up_again_keeps_its_tokens(first: Up, up: Up) -> None:
    assert first.process.returncode == 0
    assert up.announced == first.announced


def test_a_second_one_on_the_same_folder_is_told_so(up: Up) -> None:
    again = [sys.executable, str(ROOT / "tacite.py"), "up"]
    done = subprocess.run(again, cwd=up.folder, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "sert déjà à un autre Tacite" in done.stderr
