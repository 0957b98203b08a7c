"""INSEE's Sirene API: every kind of establishment is read into one record; anything malformed is no answer."""

import asyncio
import json
from datetime import date
from time import monotonic

import pytest

from activities.companies.exchange import EXCHANGE_TIMEOUT, SourceAway
from activities.companies.sirene import Sirene, read_document
from local.company_documents import Known, sirene_document
from local.company_kinds import KINDS, in_montpellier
from local.programs import Companies
from models.establishments import ListedEstablishment
from tests.cases import a_siret

STREET = "12 rue DE L'EGLISE, 34000 MONTPELLIER"
EXPECTED: dict[str, dict[str, object]] = {
    "active_head_office": {
        "name": "ATELIERS DURAND",
        "department": "34",
        "state": "active",
        "head_office": True,
        "headcount": (20, 49),
        "address": STREET,
        "partly_disclosed": False,
    },
    "active_secondary": {
        "name": "ATELIERS DURAND (L'ATELIER DU LEZ)",
        "head_office": False,
        "head_office_siret": KINDS["its_head_office"].siret,
        "department": "34",
    },
    "ceased": {"state": "ceased", "ceased_on": date(2026, 3, 31), "department": "01"},
    "reunion": {"department": "974", "state": "active"},
    "south_corsica": {"department": "2A"},
    "upper_corsica": {"department": "2B"},
    "partly_disclosed": {"name": None, "address": "38000 GRENOBLE", "department": "38", "partly_disclosed": True},
    "no_headcount": {"headcount": None},
    "no_employee": {"headcount": (0, 0)},
    "renamed": {"name": "ATELIERS DURAND (DURAND MECANIQUE)"},
    "moved_from": {"state": "ceased", "ceased_on": date(2026, 1, 15), "department": "34"},
    "moved_to": {"state": "active", "department": "69"},
    "abroad": {"department": None, "address": "12 rue DE L'EGLISE, 1000 BRUXELLES, BELGIQUE"},
    "sole_trader": {"name": "CAMILLE MARTIN", "department": "85"},
    "undisclosed_sole_trader": {"name": None, "department": "85", "partly_disclosed": True},
    "post_office": {"siret": "35600000090002", "headcount": (10_000, None), "department": "92"},
    "cedex": {"address": "12 rue DE L'EGLISE, 34961 MONTPELLIER CEDEX 2", "department": "34"},
    "saint_barthelemy": {"department": None},
    "largest": {"headcount": (10_000, None), "department": "75"},
}


def seen(record: ListedEstablishment, *names: str) -> dict[str, object]:
    """The members of a record by name, an address as one line, a headcount as its bounds."""
    band, address = record.headcount, record.address
    shown = {"address": address and address.text, "headcount": band and (band.least, band.most)}
    return {name: shown[name] if name in shown else getattr(record, name) for name in names}


@pytest.mark.parametrize("kind", EXPECTED)
async def test_each_kind_of_establishment_is_read_as_it_is_listed(sirene: Sirene, kind: str) -> None:
    found = await sirene.ask(KINDS[kind].siret)
    assert not isinstance(found, str)
    assert seen(found[0], *EXPECTED[kind]) == EXPECTED[kind]
    assert found[0].source == "sirene"


@pytest.mark.parametrize(("kind", "outcome"), [("unknown", "unknown"), ("undisclosed", "undisclosed")])
async def test_what_it_does_not_know_or_may_not_tell_is_an_answer_too(sirene: Sirene, kind: str, outcome: str) -> None:
    assert await sirene.ask(KINDS[kind].siret) == outcome


async def test_a_duplicate_is_read_under_the_siret_that_replaces_it(sirene: Sirene) -> None:
    found = await sirene.ask(KINDS["duplicate"].siret)
    assert not isinstance(found, str)
    kept = KINDS["active_head_office"].siret
    assert [(each.siret, each.listed_as) for each in found] == [(KINDS["duplicate"].siret, kept), (kept, None)]


@pytest.mark.parametrize("nic", ["ABCDE", "../..", "00000", "[ND]", "1", "", "００００１", "00010\n", 10, None])
@pytest.mark.parametrize("treated", ["x", "2026-13-45", "", "2026-11-29T10:00:00+25:00", 1, None])
def test_a_wrong_secondary_member_loses_nothing_else(nic: object, treated: object) -> None:
    known = KINDS["active_secondary"]
    document = json.loads(json.dumps(sirene_document(known)))
    listed = document["etablissement"]
    listed["uniteLegale"]["nicSiegeUniteLegale"] = nic
    listed["dateDernierTraitementEtablissement"] = treated
    listed["trancheEffectifsEtablissement"] = ["11"]
    listed["periodesEtablissement"][0]["dateDebut"] = "0000-00-00"
    found = read_document(json.dumps(document).encode(), known.siret)
    assert (found.state, found.head_office_siret, found.treated_at, found.headcount) == ("active", None, None, None)
    whole = read_document(json.dumps(sirene_document(known)).encode(), known.siret)
    assert seen(found, "name", "department", "address") == seen(whole, "name", "department", "address")
    assert found.name is not None


@pytest.mark.parametrize(
    ("part", "changes"),
    [
        ("adresseEtablissement", {"complementAdresseEtablissement": "A" * 201}),
        ("adresseEtablissement", {"numeroVoieEtablissement": 12}),
        ("adresseEtablissement", {"libellePaysEtrangerEtablissement": []}),
        ("periodesEtablissement", {"enseigne1Etablissement": "A" * 201}),
        ("periodesEtablissement", {"denominationUsuelleEtablissement": 7}),
    ],
)
def test_a_wrong_text_loses_its_address_or_its_sign_only(part: str, changes: dict[str, object]) -> None:
    known = KINDS["active_secondary"]
    document = json.loads(json.dumps(sirene_document(known)))
    listed = document["etablissement"][part]
    (listed[0] if isinstance(listed, list) else listed).update(changes)
    found = read_document(json.dumps(document).encode(), known.siret)
    assert (found.state, found.department, found.head_office_siret) == ("active", "34", known.head_office)
    assert (found.name or "").startswith("ATELIERS DURAND")
    assert (found.address is None) == (part == "adresseEtablissement")


async def test_a_wrong_key_is_no_answer(companies: Companies) -> None:
    with pytest.raises(SourceAway, match="key"):
        await Sirene(companies.address, "wrong").ask(a_siret())


@pytest.mark.parametrize(
    ("fault", "reason"),
    [("refuse", "away"), ("malformed", "malformed"), ("huge", "huge"), ("spent", "limited")],
)
async def test_a_register_that_fails_gives_no_answer_and_says_why(
    companies: Companies, sirene: Sirene, fault: str, reason: str
) -> None:
    with companies.fault(fault), pytest.raises(SourceAway) as away:
        await sirene.ask(a_siret())
    assert (away.value.reason, away.value.retry_after) == (reason, 2 if fault == "spent" else 0)


async def test_a_register_that_never_answers_is_left_after_three_seconds(companies: Companies, sirene: Sirene) -> None:
    began = monotonic()
    with companies.fault("slow"), pytest.raises(SourceAway, match="slow"):
        await sirene.ask(a_siret())
    assert EXCHANGE_TIMEOUT <= monotonic() - began < EXCHANGE_TIMEOUT + 20


@pytest.mark.parametrize("drip", [b" ", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"])
async def test_a_register_that_sends_byte_by_byte_is_left_after_three_seconds(drip: bytes) -> None:
    left = asyncio.Event()

    async def serve(_: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        out.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not out.is_closing():
            out.write(drip)
            await asyncio.sleep(0.1)
        out.close()
        left.set()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    began = monotonic()
    async with server:
        with pytest.raises(SourceAway, match="slow"):
            await Sirene(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", "key").ask(a_siret())
        assert monotonic() - began < EXCHANGE_TIMEOUT + 20
        await left.wait()


@pytest.mark.parametrize(
    "reply",
    [
        b"301 Moved\r\nLocation: http://127.0.0.1:1/siret/35600000000048",
        b"301 Moved\r\nLocation: https://elsewhere.invalid/siret/35600000000048",
        b"301 Moved\r\nLocation: //elsewhere.invalid/siret/35600000000048",
        b"301 Moved\r\nLocation: /siret/35600000000048/../../admin",
        b"301 Moved\r\nLocation: /siret/3560000000004",
        b"301 Moved\r\nLocation: ",
        b"302 Found",
        b"302 Found\r\nLocation: http://[",
    ],
)
async def test_no_redirection_leads_elsewhere(reply: bytes) -> None:
    async def serve(_: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        out.write(b"HTTP/1.1 " + reply + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        out.close()
        await out.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        with pytest.raises(SourceAway, match="redirection"):
            await Sirene(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", "key").ask(a_siret())


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:1", "http://register.invalid", "http://", "nowhere", "http://a b"]
)
async def test_an_address_where_nobody_answers_is_a_register_away(address: str) -> None:
    with pytest.raises(SourceAway, match="away"):
        await Sirene(address, "key").ask(a_siret())


def edited(**changes: object) -> bytes:
    """The document of an ordinary establishment, with members of the establishment replaced."""
    document = sirene_document(in_montpellier("35600000000048"))
    establishment = document["etablissement"]
    assert isinstance(establishment, dict)
    return json.dumps(document | {"etablissement": establishment | changes}).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"<html>Bonjour</html>",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"etablissement":' * 5_000,
        edited(siret="73282932000074"),
        edited(siret=35600000000048),
        edited(statutDiffusionEtablissement="X"),
        edited(etablissementSiege="true"),
        edited(periodesEtablissement=[]),
        edited(periodesEtablissement=[{"dateFin": None, "etatAdministratifEtablissement": "A"}] * 2),
        edited(periodesEtablissement=[{"dateFin": "2020-01-01", "etatAdministratifEtablissement": "A"}]),
        edited(periodesEtablissement=[{"dateFin": None, "etatAdministratifEtablissement": "Z"}]),
        edited(periodesEtablissement=[{"dateFin": None, "etatAdministratifEtablissement": "A"}] * 2_000),
        edited(uniteLegale=None),
        edited(uniteLegale={"denominationUniteLegale": "A" * 201}),
        edited(uniteLegale={"denominationUniteLegale": 7}),
    ],
)
def test_a_malformed_document_is_none_at_all(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_document(content, "35600000000048")


@pytest.mark.parametrize(
    ("denomination", "name"),
    [
        ("ATELIERS\nDURAND\u202e", "ATELIERS DURAND"),
        ("\u200b\u2060", None),
        ("DU\u200bRAND \ufb01ls", "DURAND fils"),
        ("DURAND \U00013000", None),
        ("A" + "\u0301" * 9, None),
        ("[ND]", None),
        ("E\u0301COLE", "ÉCOLE"),
        ("   ", None),
        ("---", None),
        (None, None),
    ],
)
def test_a_name_is_what_prints_on_one_line(denomination: str | None, name: str | None) -> None:
    assert read_document(edited(uniteLegale={"denominationUniteLegale": denomination}), "35600000000048").name == name


@pytest.mark.parametrize("code", ["9", "ZZ", "", "54", "1", None])
def test_an_unknown_headcount_is_never_a_guess(code: str | None) -> None:
    known = Known(siret="35600000000048", band=code)
    assert read_document(json.dumps(sirene_document(known)).encode(), known.siret).headcount is None
