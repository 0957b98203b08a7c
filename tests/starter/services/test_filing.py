"""Every invalid filing gets its own French problem, all errors at once, and nothing of what was sent is returned."""

import json
import re
from collections.abc import Iterator

import pytest

from local.postgres import Postgres
from models.store.database import Database
from models.validation_messages import sentence
from tests.builders import Credentials, a_filing, employer
from tests.starter.conftest import one_register
from tests.starter.people import Door


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


IBAN = {"iban": "FR1420041010050500013M02606", "holder": "Ateliers Durand SAS"}
OPINION = {"opinion": "favourable", "given_on": "2026-11-20", "file": "0" * 8 + "-0000-0000-0000-" + "0" * 12}
COMMITMENT = {"kind": "keep_jobs", "detail": "Maintien des postes", "until_on": "2027-06-30"}

WRONG: dict[str, tuple[dict[str, object], dict[str, str]]] = {
    "a SIRET of letters": ({"siret": "ABC"}, {"/siret": "wrong-value"}),
    "a SIRET of zeros": ({"siret": "0" * 14}, {"/siret": "wrong-value"}),
    "a SIRET with a wrong key": ({"siret": "35600000000049"}, {"/siret": "wrong-value"}),
    "a SIRET of somebody else": ({"siret": "35600000000048"}, {"/siret": "establishment-unknown"}),
    "a SIRET as a number": ({"siret": 35600000000048}, {"/siret": "not-a-text"}),
    "no ground": ({"ground": None}, {"/ground": "missing"}),
    "an unknown ground": ({"ground": "pandemic"}, {"/ground": "not-a-choice"}),
    "an unknown perimeter": ({"perimeter": "everything"}, {"/perimeter": "not-a-choice"}),
    "blank circumstances": ({"circumstances": "  "}, {"/circumstances": "empty"}),
    "empty circumstances": ({"circumstances": ""}, {"/circumstances": "empty"}),
    "endless circumstances": ({"circumstances": "é" * 10_001}, {"/circumstances": "too-long"}),
    "a NUL in the circumstances": ({"circumstances": "a\0b"}, {"/circumstances": "nul-character"}),
    "a day that does not exist": (
        {"period": {"start_on": "2027-02-29", "end_on": "2027-03-31"}},
        {"/period/start_on": "wrong-value"},
    ),
    "a French date": (
        {"period": {"start_on": "01/12/2026", "end_on": "2026-12-31"}},
        {"/period/start_on": "wrong-value"},
    ),
    "a date as a number": (
        {"period": {"start_on": 1796083200, "end_on": "2026-12-31"}},
        {"/period/start_on": "wrong-value"},
    ),
    "the first day of all": ({"placement_on": "0001-01-01"}, {"/placement_on": "wrong-value"}),
    "the last day of all": (
        {"period": {"start_on": "2026-12-01", "end_on": "9999-12-31"}},
        {"/period/end_on": "wrong-value"},
    ),
    "a period without an end": ({"period": {"start_on": "2026-12-01"}}, {"/period/end_on": "missing"}),
    "a period that is a text": ({"period": "décembre"}, {"/period": "not-an-object"}),
    "a period with more": (
        {"period": {"start_on": "2026-12-01", "end_on": "2026-12-31", "days": 31}},
        {"/period": "unknown-field"},
    ),
    "a period that ends before it begins": (
        {"period": {"start_on": "2026-12-31", "end_on": "2026-12-01"}},
        {"/period/end_on": "period-reversed"},
    ),
    "a period of more than three months": (
        {"period": {"start_on": "2026-12-01", "end_on": "2027-03-01"}},
        {"/period/end_on": "period-too-long"},
    ),
    "a period before the placement": (
        {"placement_on": "2026-12-15"},
        {"/period/start_on": "period-before-placement"},
    ),
    "a closed window": (
        {"placement_on": "2026-09-01", "period": {"start_on": "2026-09-01", "end_on": "2026-10-31"}},
        {"/placement_on": "filing-window-closed"},
    ),
    "a placement before the request, on an economic ground": (
        {"ground": "economic_conditions", "period": {"start_on": "2026-11-02", "end_on": "2026-11-30"}},
        {"/period/start_on": "filing-window-closed"},
    ),
    "no headcount": ({"headcount": 0}, {"/headcount": "too-small"}),
    "a headcount beyond any firm": ({"headcount": 10**30}, {"/headcount": "too-large"}),
    "employees as a text": ({"employees": "42"}, {"/employees": "not-a-number"}),
    "employees as a truth": ({"employees": True}, {"/employees": "not-a-number"}),
    "half an employee": ({"employees": 1.5}, {"/employees": "not-a-number"}),
    "hours as a number": ({"hours": 12000}, {"/hours": "wrong-value"}),
    "hours in Arabic figures": ({"hours": "٣٠٠"}, {"/hours": "wrong-value"}),
    "hours in full-width figures": ({"hours": "３００"}, {"/hours": "wrong-value"}),
    "hours with one figure of another script": ({"hours": "30०.5"}, {"/hours": "wrong-value"}),
    "a day in full-width figures": ({"placement_on": "２０２６-12-01"}, {"/placement_on": "wrong-value"}),
    "a commitment of the past": (
        {"commitments": [COMMITMENT | {"until_on": "1990-01-01"}]},
        {"/commitments/0/until_on": "commitment-too-short"},
    ),
    "hours below zero": ({"hours": "-1"}, {"/hours": "wrong-value"}),
    "no hours at all": ({"hours": "0"}, {"/hours": "too-small"}),
    "hours with a comma": ({"hours": "12000,5"}, {"/hours": "wrong-value"}),
    "hours to the thousandth": ({"hours": "1.005"}, {"/hours": "wrong-value"}),
    "an IBAN with a wrong key": (
        {"bank_account": IBAN | {"iban": "FR1520041010050500013M02606"}},
        {"/bank_account/iban": "wrong-value"},
    ),
    "an IBAN from beyond the euro payments area": (
        {"bank_account": IBAN | {"iban": "TR330006100519786457841326"}},
        {"/bank_account/iban": "wrong-value"},
    ),
    "an account without a holder": (
        {"bank_account": {"iban": IBAN["iban"]}},
        {"/bank_account/holder": "missing"},
    ),
    "an account of a blank holder": (
        {"bank_account": IBAN | {"holder": " "}},
        {"/bank_account/holder": "empty"},
    ),
    "an account that is a list": ({"bank_account": [IBAN]}, {"/bank_account": "not-an-object"}),
    "an opinion of no form": ({"works_council": {"asked": True}}, {"/works_council": "not-a-choice"}),
    "an opinion without its file": (
        {"works_council": {"opinion": "favourable", "given_on": "2026-11-20"}},
        {"/works_council/file": "missing"},
    ),
    "an opinion of nobody's file": ({"works_council": OPINION}, {"/works_council/file": "file-unknown"}),
    "an opinion with a file that is no id": (
        {"works_council": OPINION | {"file": "../../etc/passwd"}},
        {"/works_council/file": "wrong-form"},
    ),
    "an opinion given tomorrow": (
        {"works_council": OPINION | {"given_on": "2149-12-31"}},
        {"/works_council/given_on": "opinion-in-the-future", "/works_council/file": "file-unknown"},
    ),
    "an opinion that nobody may have": (
        {"works_council": OPINION | {"opinion": "lukewarm"}},
        {"/works_council/opinion": "not-a-choice"},
    ),
    "delegates after 2018": (
        {"works_council": {"delegates": OPINION}},
        {"/works_council": "opinion-not-sufficient", "/works_council/delegates/file": "file-unknown"},
    ),
    "fewer than 50 with 50": (
        {"headcount": 50, "works_council": {"not_required": "fewer_than_50"}},
        {"/works_council": "opinion-not-sufficient"},
    ),
    "an opinion to follow on an economic ground": (
        {"ground": "economic_conditions", "headcount": 60, "works_council": {"pending": True}},
        {"/works_council": "opinion-not-sufficient"},
    ),
    "an unknown commitment": (
        {"commitments": [COMMITMENT, COMMITMENT | {"kind": "hope"}]},
        {"/commitments/1/kind": "not-a-choice"},
    ),
    "a commitment to nothing": (
        {"commitments": [COMMITMENT | {"detail": "\t"}]},
        {"/commitments/0/detail": "empty"},
    ),
    "commitments without end": ({"commitments": [COMMITMENT] * 21}, {"/commitments": "too-many"}),
    "commitments to exhaust us": ({"commitments": [1] * 100_000}, {"/commitments": "too-many"}),
    "direct payment as a text": ({"direct_payment": "yes"}, {"/direct_payment": "not-a-boolean"}),
    "a member that is not asked": ({"usual_hours": "35"}, {"": "unknown-field"}),
    "a member named like an account": ({"FR1420041010050500013M02606": {"x": "a\0"}}, {"": "nul-character"}),
    "a list under a name of its own": ({"184 05 75 113 042 16 M. Dupont": [0] * 300}, {"": "too-many"}),
    "a NUL in a member that is known": ({"period": {"start_on": "\0"}}, {"/period/start_on": "nul-character"}),
    "a member with an odd name": ({"Jeanne Martin": 1}, {"": "unknown-field"}),
    "wrong shape and wrong law at once": (
        {
            "circumstances": 7,
            "bank_account": {"iban": "FR00"},
            "placement_on": "2026-09-01",
            "period": {"start_on": "2026-09-01", "end_on": "2026-12-31"},
        },
        {
            "/circumstances": "not-a-text",
            "/bank_account/iban": "wrong-value",
            "/bank_account/holder": "missing",
            "/placement_on": "filing-window-closed",
            "/period/end_on": "period-too-long",
        },
    ),
}


def test_the_last_of_several_choices_follows_an_or() -> None:
    said = "Valeur non admise, choisissez parmi {}."
    for kind, context, choices in (
        ("union_tag_invalid", {"expected_tags": "'grant', 'refusal'"}, "« grant » ou « refusal »"),
        ("union_tag_invalid", {"expected_tags": "'a', 'b', 'c'"}, "« a », « b » ou « c »"),
        ("literal_error", {"expected": "'a', 'b' or 'c'"}, "« a », « b » ou « c »"),
        ("literal_error", {"expected": "'a'"}, "« a »"),
    ):
        assert sentence(kind, context) == ("not-a-choice", said.format(choices))


FRENCH = re.compile(r"[A-ZÀÉÊ].*[.»]$")


@pytest.mark.parametrize("name", WRONG)
async def test_a_wrong_filing_is_told_all_its_errors(name: str, door: Door, boss: Credentials) -> None:
    changes, expected = WRONG[name]
    answer = await door(boss).post("/requests", json=a_filing(**changes))
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == "/problems/invalid-input"
    assert {error["pointer"]: error["code"] for error in problem["errors"]} == expected
    assert len(problem["errors"]) == len(expected)
    assert all(FRENCH.match(error["message"]) for error in problem["errors"]), problem["errors"]


async def test_every_member_that_lacks_is_named(door: Door, boss: Credentials) -> None:
    answer = await door(boss).post("/requests", json={})
    missing = {error["pointer"] for error in answer.json()["errors"] if error["code"] == "missing"}
    assert missing == {f"/{name}" for name in a_filing()}


async def test_several_establishments_need_a_siret(door: Door, database: Database) -> None:
    answer = await door(employer(database, establishments=2)).post("/requests", json=a_filing(hours="0"))
    assert {error["pointer"] for error in answer.json()["errors"]} == {"/siret", "/hours"}


UNREADABLE: dict[str, tuple[bytes, str, int, str]] = {
    "no JSON": (b"ground=5", "application/json", 422, "invalid-input"),
    "nothing": (b"", "application/json", 422, "invalid-input"),
    "a list": (b"[]", "application/json", 422, "invalid-input"),
    "a text in another encoding": (
        '{"circumstances":"é"}'.encode("latin-1"),
        "application/json",
        422,
        "invalid-input",
    ),
    "half a character": (b'{"circumstances":"\\ud800"}', "application/json", 422, "invalid-input"),
    "a deep nest": (b'{"a":' * 50_000, "application/json", 422, "invalid-input"),
    "a number of 5000 digits": (
        b'{"headcount":' + b"9" * 5_000 + b"}",
        "application/json",
        422,
        "invalid-input",
    ),
    "a member twice": (b'{"ground":1,"ground":2}', "application/json", 422, "invalid-input"),
    "a member twice, deep in a list": (
        b'{"a":[[{"b":{"c":1,"\\u0063":2}}]]}',
        "application/json",
        422,
        "invalid-input",
    ),
    "what is no number": (b'{"headcount":NaN}', "application/json", 422, "invalid-input"),
    "a NUL in a name": (b'{"a\\u0000":1}', "application/json", 422, "invalid-input"),
    "too many members": (
        json.dumps({f"a{n}": n for n in range(201)}).encode(),
        "application/json",
        422,
        "invalid-input",
    ),
    "more than a mebibyte": (b'{"a":"' + b"a" * 1024 * 1024 + b'"}', "application/json", 413, "too-large"),
    "a form": (b"ground=5", "application/x-www-form-urlencoded", 415, "unsupported-media-type"),
    "no type": (b"{}", "", 415, "unsupported-media-type"),
    "XML": (b"<a/>", "application/xml", 415, "unsupported-media-type"),
}


@pytest.mark.parametrize("name", UNREADABLE)
async def test_an_unreadable_body_is_a_problem_in_french(name: str, door: Door, boss: Credentials) -> None:
    raw, kind, status, slug = UNREADABLE[name]
    answer = await door(boss).post("/requests", content=raw, headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{slug}"), answer.text
    assert FRENCH.match(answer.json()["detail"])


@pytest.mark.parametrize("key", ["", "a b", "k" * 201, "clé".encode().decode("latin-1")])
async def test_a_wrong_key_is_refused(key: str, door: Door, boss: Credentials) -> None:
    headers = {"Idempotency-Key": key.encode("latin-1")}
    answer = await door(boss).post("/requests", json=a_filing(), headers=headers)  # type: ignore[arg-type]
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/Idempotency-Key"]


@pytest.mark.parametrize("sign", [".", "-", " ", "\u200b", "\u2011", "\u202f"])
async def test_the_siret_of_a_filing_is_found_as_it_was_pasted(sign: str, door: Door, database: Database) -> None:
    boss = employer(database)
    pasted = (sign.join(boss.siret), f"SIRET : {boss.siret}", boss.siret.translate(FULL_WIDTH))
    for siret in pasted:
        answer = await door(boss).post("/requests", json=a_filing(siret=siret, circumstances=7))
        assert [each["pointer"] for each in answer.json()["errors"]] == ["/circumstances"], answer.text
        answer = await door(boss).post("/requests", json=a_filing(siret=siret, employees=1, other_employees=True))
        assert answer.status_code == 201, answer.text


FULL_WIDTH = {ord("0") + digit: 0xFF10 + digit for digit in range(10)}
