"""The counterpart of the register of establishments speaks both public APIs, with their keys, limits and errors."""

import json
from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

import pytest
from pydantic import BaseModel
from stdnum.fr import siret as stdnum_siret

from local.companies import KEY_HEADER, main
from local.company_kinds import BY_SIRET, KINDS, in_montpellier
from local.ports import free_port
from local.programs import Companies

SIRET = "35600000090002"


class Establishment(BaseModel):
    adresseEtablissement: dict[str, object]


class Document(BaseModel):
    etablissement: Establishment


class Stay(HTTPRedirectHandler):
    """Follows nothing."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


OPENER: OpenerDirector = build_opener(Stay)


@pytest.fixture(scope="module")
def companies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Companies]:
    server = Companies(tmp_path_factory.mktemp("companies"), free_port())
    server.start()
    yield server
    server.stop()


def sirene(companies: Companies, path: str, key: str | None = None) -> tuple[int, dict[str, object]]:
    """Status and body of a call to Sirene, under the right key unless another one is given."""
    headers = {KEY_HEADER: companies.key.read_text() if key is None else key}
    return call(f"{companies.address}/{path}", headers)


def call(address: str, headers: dict[str, str]) -> tuple[int, dict[str, object]]:
    try:
        with OPENER.open(Request(address, headers=headers)) as answer:
            return answer.status, json.load(answer)
    except HTTPError as refused:
        with refused:
            return refused.code, json.loads(refused.read() or b"{}")


def commune(companies: Companies, siret: str) -> object:
    """The INSEE code of the commune, as Sirene answers it."""
    document = Document.model_validate(sirene(companies, f"siret/{siret}")[1])
    return document.etablissement.adresseEtablissement["codeCommuneEtablissement"]


def test_there_are_at_least_twelve_kinds_and_their_sirets_are_valid() -> None:
    assert len(KINDS) >= 12
    assert len(BY_SIRET) == len(KINDS)
    assert all(stdnum_siret.is_valid(each) for each in BY_SIRET)
    assert {each.siret for each in KINDS.values() if each.siret.startswith("356")} == {SIRET}


@pytest.mark.parametrize("kind", KINDS)
def test_sirene_answers_about_each_kind_as_it_is_documented(companies: Companies, kind: str) -> None:
    known = KINDS[kind]
    status, body = sirene(companies, f"siret/{known.siret}")
    expected = 301 if known.duplicate_of else known.status
    header = body["header"]
    assert isinstance(header, dict)
    assert (status, header["statut"]) == (expected, expected)
    if expected == 200:
        establishment = body["etablissement"]
        assert isinstance(establishment, dict)
        assert establishment["siret"] == establishment["siren"] + establishment["nic"] == known.siret
        periods = establishment["periodesEtablissement"]
        assert len(periods) == establishment["nombrePeriodesEtablissement"]
        assert [each["dateFin"] is None for each in periods].count(True) == 1


def test_any_other_establishment_is_active_and_of_no_known_commune_unless_it_is_described(
    companies: Companies,
) -> None:
    siret = "73282932000074"
    assert commune(companies, siret) is None
    companies.describe(in_montpellier(siret))
    assert commune(companies, siret) == "34172"
    companies.answer(siret, b'{"header": {}}')
    assert sirene(companies, f"siret/{siret}") == (200, {"header": {}})


@pytest.mark.parametrize("key", ["", "wrong"])
def test_a_wrong_key_is_refused(companies: Companies, key: str) -> None:
    assert sirene(companies, f"siret/{SIRET}", key)[0] == 401


def test_the_search_needs_no_key_and_says_how_many_it_found(companies: Companies) -> None:
    assert call(f"{companies.search}/search?q={SIRET}", {})[1]["total_results"] == 1
    for absent in (KINDS["unknown"].siret, KINDS["undisclosed"].siret, "nothing"):
        assert call(f"{companies.search}/search?q={absent}", {})[1]["results"] == []


@pytest.mark.parametrize(
    "path", ["", "siret/", "siret/key", "siret/3560000000004", "siret/../key", f"x/{SIRET}", f"siret/{SIRET}/x"]
)
def test_nothing_else_can_be_read(companies: Companies, path: str) -> None:
    assert sirene(companies, path)[0] == 404


@pytest.mark.parametrize(("fault", "status"), [("refuse", 503), ("spent", 429)])
@pytest.mark.parametrize("api", ["sirene", "search"])
def test_each_api_fails_alone_and_for_a_time(companies: Companies, fault: str, status: int, api: str) -> None:
    def statuses() -> dict[str, int]:
        return {
            "sirene": sirene(companies, f"siret/{SIRET}")[0],
            "search": call(f"{companies.search}/search?q={SIRET}", {})[0],
        }

    with companies.fault(f"{fault}-{api}"):
        assert statuses() == {"sirene": 200, "search": 200} | {api: status}
    with companies.fault(fault):
        assert set(statuses().values()) == {status}
    assert set(statuses().values()) == {200}


def test_the_limit_of_calls_is_switched_on(companies: Companies) -> None:
    with companies.fault("limited"):
        assert 429 in [sirene(companies, "informations")[0] for _ in range(31)]
    assert sirene(companies, "informations")[0] == 200


@pytest.mark.parametrize("arguments", [[], ["folder"], ["folder", "port"], ["folder", "1", "host", "more"]])
def test_a_wrong_use_is_told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "usage" in capsys.readouterr().err
