"""The real PostgreSQL on this machine: what survives which shutdown, and under which user it runs."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import psycopg
import pytest

import local.postgres
from local.postgres import AS_ANOTHER, Postgres
from local.processes import ProgramFailed, gone


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    server = Postgres(tmp_path_factory.mktemp("postgres"))
    server.start()
    yield server
    server.stop()


def one(dsn: str, query: str) -> object:
    with psycopg.connect(dsn) as session:
        row = session.execute(query.encode()).fetchone()
    return row[0] if row else None


def test_the_register_is_durable_checked_and_in_universal_time(postgres: Postgres) -> None:
    names = ("server_encoding", "data_checksums", "fsync", "synchronous_commit", "TimeZone")
    kept = [one(postgres.dsn, f"SELECT current_setting('{name}')") for name in names]
    assert kept == ["UTF8", "on", "on", "on", "UTC"]
    assert str(one(postgres.dsn, "SELECT current_setting('server_version')")).startswith("18.")


def test_nobody_enters_without_the_password(postgres: Postgres) -> None:
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(postgres.dsn.replace(":" + (postgres.folder / "password").read_text(), ""))
    assert (postgres.folder / "password").stat().st_mode & 0o077 == 0


def test_a_database_is_copied_from_a_template_within_a_moment(postgres: Postgres) -> None:
    template = postgres.database("model")
    with psycopg.connect(template) as session:
        session.execute("CREATE TABLE kept AS SELECT 7 AS value")
    began = time.monotonic()
    copy = postgres.database("copy", "model")
    assert time.monotonic() - began < 10
    assert one(copy, "SELECT value FROM kept") == 7
    postgres.drop("copy")


def test_the_clock_of_one_database_can_be_wrong(postgres: Postgres) -> None:
    skewed = postgres.database("skewed")
    postgres.skew("skewed", -3)
    apart = "SELECT extract(epoch FROM clock_timestamp() - pg_catalog.clock_timestamp())::float"
    assert one(skewed, apart) == pytest.approx(-3, abs=0.5)
    assert one(skewed, "SELECT current_schema()") == "public"
    assert one(postgres.dsn, apart) == pytest.approx(0, abs=0.5)


def test_a_server_with_another_on_its_folder_is_refused(postgres: Postgres) -> None:
    rival = Postgres(postgres.folder)
    rival.stop_timeout = 0.2
    with pytest.raises(ProgramFailed, match="tourne déjà"):
        rival.start()


def test_what_was_committed_survives_a_kill_and_no_session_does(postgres: Postgres) -> None:
    with psycopg.connect(postgres.dsn, autocommit=True) as session:
        session.execute("CREATE TABLE filed AS SELECT 1 AS id")
    with psycopg.connect(postgres.dsn) as open_one:
        open_one.execute("INSERT INTO filed VALUES (2)")
        family = psutil.Process(postgres.pid).children(recursive=True)
        postgres.kill()
        assert all(gone(process) for process in family)
        assert (postgres.data / "postmaster.pid").exists()
        postgres.start()
        with pytest.raises(psycopg.OperationalError):
            open_one.execute("SELECT 1")
    assert one(postgres.dsn, "SELECT array_agg(id) FROM filed") == [1]


def test_a_postmaster_killed_from_outside_leaves_a_busy_session_that_does_not_prevent_the_restart(
    postgres: Postgres,
) -> None:
    with closing(psycopg.connect(postgres.dsn)) as busy:
        backend = psutil.Process(busy.info.backend_pid)
        busy.pgconn.send_query(b"DO $$ BEGIN LOOP NULL; END LOOP; END $$")
        os.kill(postgres.pid, signal.SIGKILL)
        while postgres.running:
            time.sleep(0.01)
        postgres.start()
        assert gone(backend)
    assert one(postgres.dsn, "SELECT 1") == 1


def test_a_hurried_server_gives_durability_up_and_takes_its_folder_up_again(tmp_path: Path) -> None:
    server = Postgres(tmp_path, durable=False)
    server.start()
    assert one(server.dsn, "SELECT current_setting('fsync')") == "off"
    with psycopg.connect(server.dsn) as session:
        session.execute("CREATE TABLE kept AS SELECT 7 AS value")
    server.stop()
    again = Postgres(tmp_path, durable=False)
    again.start()
    assert one(again.dsn, "SELECT value FROM kept") == 7
    again.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs to be somebody else")
def test_root_without_user_namespaces_runs_it_as_another_user_in_a_folder_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local.postgres, "_identity", lambda: AS_ANOTHER)
    tmp_path.chmod(0o700)
    server = Postgres(tmp_path / "postgres", durable=False)
    server.start()
    assert psutil.Process(server.pid).uids().effective == local.postgres.NOBODY
    server.kill()
    server.start()
    assert one(server.dsn, "SELECT 1") == 1
    server.stop()
    assert tmp_path.stat().st_mode & 0o777 == 0o700
