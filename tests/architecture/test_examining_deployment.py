"""In the Compose file, what reads the files of strangers has nothing, and shares one socket."""

import re
from pathlib import Path

import pytest

from examining.confinement import MEMORY_BYTES
from examining.program import SETTING
from examining.server import MAX_CHILDREN
from starter.http.limits import MAX_BODY_BYTES_HELD
from tests.shipping import PROFILES, Service, composed, programs


def service(profile: str, name: str) -> Service:
    return composed(profile)["services"][name]


@pytest.mark.parametrize("profile", PROFILES)
def test_what_reads_the_files_of_strangers_has_no_secret_no_network_and_nothing_to_write_on(profile: str) -> None:
    told = service(profile, "examining")
    assert told["environment"].keys() == {SETTING}
    assert not told.get("secrets")
    assert told["network_mode"] == "none"
    assert not told.get("networks")
    assert told["read_only"]
    assert told["cap_drop"] == ["ALL"]
    assert told["security_opt"] == ["no-new-privileges:true"]
    assert told["image"] == service(profile, "doors")["image"]
    limits = told["deploy"]["resources"]["limits"]
    assert int(limits["memory"]) > MAX_CHILDREN * MEMORY_BYTES
    assert int(limits["pids"]) > MAX_CHILDREN + 1


@pytest.mark.parametrize("profile", PROFILES)
def test_files_on_their_way_fit_in_the_memory_of_the_doors(profile: str) -> None:
    told = service(profile, "doors")
    (folder,) = told["tmpfs"]
    size = re.fullmatch(r"/tmp:size=(\d+)m", folder)
    assert size
    assert int(size[1]) * 1024**2 > MAX_BODY_BYTES_HELD
    assert (int(size[1]) * 1024**2) * 3 < int(told["deploy"]["resources"]["limits"]["memory"])


@pytest.mark.parametrize("profile", PROFILES)
def test_clients_of_the_examination_share_its_socket_and_nothing_else(profile: str) -> None:
    clients = {each for each, told in programs(profile).items() if SETTING in told["environment"]} - {"examining"}
    assert "doors" in clients
    for client in (*clients, "examining"):
        told = service(profile, client)
        path = told["environment"][SETTING].removeprefix("unix:")
        (volume,) = [each for each in told["volumes"] if each["source"] == "examining"]
        assert str(volume["target"]) == str(Path(path).parent)
    options = composed(profile)["volumes"]["examining"]["driver_opts"]
    assert (options["type"], "uid=10001" in options["o"], "mode=0700" in options["o"]) == ("tmpfs", True, True)
