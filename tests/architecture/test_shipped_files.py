"""The wheel holds every file of what ships, and nothing else."""

import zipfile

import pytest

from tests.architecture.repository import IN_THE_WHEEL, PROGRAMS, name, tracked
from tests.shipping import built_wheel

pytestmark = pytest.mark.slow
"""Building it takes a tenth of what a change should wait for."""


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    with zipfile.ZipFile(built_wheel(tmp_path_factory.mktemp("wheel"))) as wheel:
        return {each for each in wheel.namelist() if ".dist-info/" not in each}


def test_the_wheel_holds_every_file_of_what_ships(shipped: set[str]) -> None:
    places = (*(f"{package}/" for package in IN_THE_WHEEL), *(f"{program}.py" for program in PROGRAMS))
    assert shipped == {name(path) for path in tracked() if name(path).startswith(places)}


@pytest.mark.parametrize("kind", [".typ", ".sql", ".mako"])
def test_the_wheel_holds_what_is_not_python(shipped: set[str], kind: str) -> None:
    assert [each for each in shipped if each.endswith(kind)]


def test_the_wheel_holds_nothing_that_is_for_development(shipped: set[str]) -> None:
    tops = {each.partition("/")[0] for each in shipped}
    assert tops == {*IN_THE_WHEEL, *(f"{each}.py" for each in PROGRAMS)}
