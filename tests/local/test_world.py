"""The world: all real parts under one folder, and nothing left when its owner dies."""

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

import psutil
import psycopg
import pytest

from local.companies import KEY_HEADER
from local.ports import free
from local.processes import ROOT, ProgramFailed, gone
from local.world import PARTNERS, World
from models.settings import Settings

HOLD = """
import pathlib, sys, time
from local.world import World
world = World(pathlib.Path(sys.argv[1]), parts=sys.argv[3:])
world.start()
print(world.postgres.dsn, flush=True)
time.sleep(float(sys.argv[2]))
world.stop()
"""


def test_the_partners_run_and_our_programs_are_told_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    with World(tmp_path, parts=PARTNERS, settings={"TACITE_AGENCY_ROWS": "3"}, say=said.append) as world:
        for name, value in world.environment.items():
            monkeypatch.setenv(name, value)
        settings = Settings()
        assert settings.agency_rows == 3
        assert len(settings.timestamps) == 2
        assert len(base64.b64decode(settings.master_key.read_text())) == 32
        assert settings.master_key.stat().st_mode & 0o077 == 0
        assert (settings.trust / "root.pem").exists()
        assert (settings.seal / "key.pem").exists()
        assert (settings.signatories / "signatories.json").exists()
        assert settings.agency_key is not None
        assert settings.agency_key.exists()
        with psycopg.connect(settings.database) as session:
            assert session.execute("SELECT to_regclass('request') IS NOT NULL").fetchone() == (True,)
        with urlopen(world.mail.url) as page:
            assert "Aucun courriel" in page.read().decode()
        assert settings.companies_key is not None
        asked = Request(
            f"{settings.companies}/siret/35600000000048", headers={KEY_HEADER: settings.companies_key.read_text()}
        )
        with urlopen(asked) as answer:
            assert json.load(answer)["header"]["statut"] == 200
        with urlopen(f"{settings.companies_search}/search?q=35600000000048") as answer:
            assert json.load(answer)["total_results"] == 1
        with urlopen(f"{settings.oidc_issuer}/.well-known/openid-configuration") as answer:
            assert json.load(answer)["issuer"] == settings.oidc_issuer
    assert len(said) == len(PARTNERS)
    assert all("prêt en" in line for line in said)
    assert not any(getattr(world, part).running for part in PARTNERS)


def test_a_folder_keeps_its_ports_and_holds_one_world_at_a_time(tmp_path: Path) -> None:
    with (
        World(tmp_path, parts=("mail",)) as world,
        pytest.raises(ProgramFailed, match=r"^Le dossier .* sert déjà à un autre Tacite\.$"),
    ):
        World(tmp_path, parts=("mail",)).start()
    again = World(tmp_path, parts=())
    assert (again.site, again.mail.url, again.pages.url) == (world.site, world.mail.url, world.pages.url)


def test_a_part_that_fails_takes_the_others_down(tmp_path: Path) -> None:
    world = World(tmp_path, parts=("mail", "agency"))
    world.agency.folder.mkdir()
    (world.agency.folder / "files").write_text("not a folder")
    with pytest.raises(ProgramFailed, match="Agence de paiement s’est arrêté"):
        world.start()
    assert not world.mail.running


def test_a_part_that_does_not_end_is_killed_and_the_world_says_so(tmp_path: Path) -> None:
    said: list[str] = []
    with World(tmp_path, parts=("mail", "agency"), say=said.append) as world:
        world.mail.pause()
        world.mail.stop_timeout = 0.3
        said.clear()
    assert said == ["Boîte aux lettres : tué, ne s’était pas arrêté en 0 s"]
    assert not world.mail.running


def test_a_part_that_cannot_be_ended_keeps_no_other_from_being_stopped(tmp_path: Path) -> None:
    world = World(tmp_path, parts=("mail", "companies"))
    world.start()
    world.mail.pause()
    world.mail.stop_timeout, world.mail.kill_timeout = 0.3, -1
    with pytest.raises(ProgramFailed, match=r"^Boîte aux lettres ne meurt pas : processus \[\d+\]$"):
        world.stop()
    assert not world.companies.running
    world.mail.kill_timeout = 30
    world.mail.kill()
    with World(tmp_path, parts=()):
        pass  # its folder is free again


def test_a_folder_whose_holder_was_killed_can_be_taken_up_at_once(tmp_path: Path) -> None:
    with _holder(tmp_path, parts=("postgres", "engine")) as holder:
        dsn = _told(holder)
        holder.kill()
    with World(tmp_path, parts=("postgres", "engine")) as world:
        assert world.postgres.dsn == dsn


def test_nothing_outlives_a_killed_holder_by_more_than_seconds_even_a_busy_session(tmp_path: Path) -> None:
    with _holder(tmp_path) as holder, closing(psycopg.connect(_told(holder))) as busy:
        busy.pgconn.send_query(b"DO $$ BEGIN LOOP NULL; END LOOP; END $$")
        family = psutil.Process(holder.pid).children(recursive=True)
        assert {"postgres", "temporal"} <= {process.name() for process in family}
        assert sum(process.name().startswith("python") for process in family) == 6
        holder.kill()
        limit = time.monotonic() + 60
        while left := [process for process in family if not gone(process)]:
            assert time.monotonic() < limit, left
            time.sleep(0.05)
    world = World(tmp_path, parts=())
    assert free(world.postgres.port)
    assert free(world.engine.port)


@pytest.mark.skipif(os.geteuid() != 0, reason="these tests already run as an ordinary user")
def test_an_ordinary_user_has_the_same_world() -> None:
    # Root's Python may be unreadable for others; read access does not make PostgreSQL's user root.
    ordinary = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    ordinary += ["--inh-caps=-all,+dac_read_search", "--ambient-caps=+dac_read_search"]
    folder = Path(tempfile.mkdtemp())
    os.chown(folder, 65534, 65534)
    try:
        with _holder(folder / "world", seconds=0, prefix=ordinary) as holder:
            assert _told(holder).startswith("postgresql://")
        assert holder.returncode == 0
        assert (folder / "world" / "postgres" / "data").stat().st_uid == 65534
    finally:
        shutil.rmtree(folder)


@contextmanager
def _holder(
    folder: Path, seconds: int = 60, parts: Sequence[str] = PARTNERS, prefix: Sequence[str] = ()
) -> Iterator["subprocess.Popen[str]"]:
    command = [*prefix, sys.executable, "-c", HOLD, str(folder), str(seconds), *parts]
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as holder:
        try:
            yield holder
        except BaseException:
            holder.kill()
            raise


def _told(holder: "subprocess.Popen[str]") -> str:
    assert holder.stdout is not None
    return holder.stdout.readline().strip()
