"""The local directory of establishments: every SIRET is active, except those that its folder lists."""

import json
from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from local.companies import main
from local.processes import free_port
from local.programs import Companies

SIRET = "35600000000048"


@pytest.fixture
def companies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Companies]:
    server = Companies(tmp_path_factory.mktemp("companies"), free_port())
    server.start()
    yield server
    server.stop()


def answer(companies: Companies, path: str) -> str:
    with urlopen(f"{companies.address}/{path}") as told:
        return str(told.read().decode())


def refusal(companies: Companies, path: str) -> int:
    with pytest.raises(HTTPError) as refused:
        answer(companies, path)
    with refused.value as told:
        return told.code


def test_every_establishment_is_active_unless_the_folder_says_otherwise(companies: Companies) -> None:
    assert json.loads(answer(companies, SIRET))["state"] == "active"
    companies.know(SIRET, '{"state": "ceased"}')
    assert answer(companies, SIRET) == '{"state": "ceased"}'
    companies.know(SIRET, "")
    assert refusal(companies, SIRET) == 404


@pytest.mark.parametrize("path", ["", "companies.log", "3560000000004", "../companies.log", f"x/{SIRET}"])
def test_only_establishments_can_be_read(companies: Companies, path: str) -> None:
    assert refusal(companies, path) == 404


def test_a_refusal_asked_for_is_temporary(companies: Companies) -> None:
    with companies.fault("refuse"):
        assert refusal(companies, SIRET) == 503
    assert answer(companies, SIRET)


@pytest.mark.parametrize("arguments", [[], ["folder"], ["folder", "port"], ["folder", "1", "host", "more"]])
def test_a_wrong_use_is_told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "usage" in capsys.readouterr().err
