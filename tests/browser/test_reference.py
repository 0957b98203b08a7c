"""The reference of the API can be read by anybody, and its programs do what they say, on a running installation."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from local.world import World
from models.store.database import Database
from starter.pages.public.reference import PYTHON, SHELL
from tests.browser.conftest import OpenPage
from tests.browser.screens import Screens
from tests.builders import employer

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize("address", ["/reference", "/reference/employeur"])
async def test_the_reference_can_be_read_by_anybody(address: str, open_page: OpenPage, screens: Screens) -> None:
    page = await open_page()
    await page.goto(address)
    await screens.check(page, address.strip("/").replace("/", "-"))


async def test_the_programs_of_the_start_file_and_fetch_a_receipt(
    world: World, database: Database, tmp_path: Path
) -> None:
    who = employer(database)
    given = {"SITE": world.site, "TOKEN": who.token, "SIRET": who.siret}
    for program in (["bash", "-eu", str(SHELL)], [sys.executable, str(PYTHON)]):
        ran = await asyncio.to_thread(_run, program, tmp_path, given)
        assert ran.returncode == 0, ran.stderr
        assert "Déposée : 034" in ran.stdout
        receipt = tmp_path / "recepisse.pdf"
        assert receipt.read_bytes().startswith(b"%PDF")
        receipt.unlink()


def _run(program: list[str], folder: Path, given: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | given
    return subprocess.run(program, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)
