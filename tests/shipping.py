"""What ships, as its own tools see it: the Dockerfile, the resolved Compose file, the wheel."""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path
from typing import TypedDict

from tests.architecture.repository import ROOT, tracked

TOOLS = Path(sys.executable).parent
DOCKERFILE = ROOT / "Dockerfile"
PROFILES = ("dev", "production")
"""Each has a file of variables in deploy/."""


class Resources(TypedDict):
    """What a container may use."""

    limits: dict[str, str | int]


class Deploy(TypedDict, total=False):
    """How a service is deployed."""

    resources: Resources
    replicas: int


class Volume(TypedDict, total=False):
    """A named volume."""

    driver_opts: dict[str, str]


class Service(TypedDict, total=False):
    """The part of a resolved service that tests read."""

    image: str
    build: dict[str, object]
    command: list[str] | None
    entrypoint: list[str] | None
    environment: dict[str, str]
    secrets: list[dict[str, str]]
    volumes: list[dict[str, object]]
    ports: list[dict[str, object]]
    healthcheck: dict[str, object]
    depends_on: dict[str, dict[str, object]]
    deploy: Deploy
    restart: str
    profiles: list[str]
    network_mode: str
    networks: dict[str, object]
    read_only: bool
    tmpfs: list[str]
    cap_drop: list[str]
    security_opt: list[str]


class Composed(TypedDict):
    """A resolved Compose file."""

    services: dict[str, Service]
    secrets: dict[str, dict[str, str]]
    volumes: dict[str, Volume]


@cache
def composed(profile: str) -> Composed:
    """The Compose file of a profile, resolved by the real Compose; raises CalledProcessError on an error."""
    compose = [str(TOOLS / "docker-compose"), "--profile", profile, "--project-directory", str(ROOT)]
    command = [*compose, "--env-file", f"deploy/{profile}.env", "config", "--format", "json"]
    result = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    resolved: Composed = json.loads(result.stdout)
    return resolved


def programs(profile: str) -> dict[str, Service]:
    """The services that are our own programs, without those that simulate partners."""
    services = composed(profile)["services"].items()
    return {name: each for name, each in services if each["image"].startswith("tacite:") and "dev" not in each["image"]}


def configured(profile: str) -> dict[str, Service]:
    """Our programs that have the settings of `models.settings`: all but the one that reads the files of strangers."""
    return {name: each for name, each in programs(profile).items() if name != "examining"}


def partners() -> dict[str, Service]:
    """The services that simulate partners."""
    return {name: each for name, each in composed("dev")["services"].items() if each["image"].endswith("-dev")}


def stage(name: str) -> str:
    """The lines of one stage of the Dockerfile."""
    stages = re.split(r"(?m)^FROM ", DOCKERFILE.read_text("utf-8"))
    return next(each for each in stages if re.match(rf".* AS {name}$", each, re.MULTILINE))


def copied(name: str) -> list[str]:
    """The paths that one stage copies from the repository."""
    lines = re.findall(r"(?m)^COPY (?!--from)(.+) \S+$", stage(name))
    return [source for line in lines for source in line.split()]


def built_wheel(folder: Path) -> Path:
    """Build the wheel in `folder` as the Dockerfile does, only from what it copies."""
    for path in tracked():
        relative = path.relative_to(ROOT)
        if relative.parts[0] in copied("wheel"):
            (folder / "src" / relative).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, folder / "src" / relative)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "wheel", "--no-index"]
    options = ["--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(folder / "src")]
    subprocess.run([*pip, *options], check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def installed(folder: Path) -> Path:
    """The content of a wheel built in `folder`, usable as a Python path."""
    site = folder / "site"
    with zipfile.ZipFile(built_wheel(folder)) as wheel:
        wheel.extractall(site)
    return site


def fresh_environment(folder: Path) -> Path:
    """Create a virtual environment with only `requirements.lock` and the wheel; returns its bin folder."""
    python = folder / "venv" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--quiet", "--disable-pip-version-check"]
    install = [*pip, "install", "--no-input", "--no-deps", "--no-compile"]
    locked = ["--require-hashes", "--requirement", str(ROOT / "requirements.lock")]
    for what in (locked, ["--no-index", str(built_wheel(folder))]):
        subprocess.run([*install, *what], check=True, capture_output=True)
    return python.parent
