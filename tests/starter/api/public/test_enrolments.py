"""Enrolment through the API: one code per establishment, the same answers for all, filing allowed once activated."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text

from law.texts import in_french
from local.postgres import Postgres
from models.engine.names import announcement_id
from models.store.database import Database
from models.store.journal import events
from models.store.people import enrolments, notices
from models.terms import VERSIONS, terms
from starter.services import enrolment
from tests.builders import Credentials, a_filing, employer
from tests.cases import a_siret, an_enrolment
from tests.starter.conftest import one_register
from tests.starter.people import Door, code_of

pytestmark = pytest.mark.usefixtures("resend_at_once")
PASSWORD = "une phrase assez longue"


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


def last(database: Database, siret: str) -> enrolments.EnrolmentRecord:
    with database.begin() as connection:
        return enrolments.get_last(connection, siret)


async def enrolled(door: Door, **changes: object) -> dict[str, str]:
    answer = await door().post("/enrolments", json=an_enrolment(**{"email": f"{a_siret()}@ateliers.invalid"} | changes))
    assert answer.status_code == 201, answer.text
    told: dict[str, str] = answer.json()
    return told


async def activated(door: Door, database: Database, siret: str, password: str = PASSWORD) -> Credentials:
    code = code_of(database, siret)
    answer = await door().post("/enrolments/activation", json={"code": code, "password": password})
    assert answer.status_code == 200, answer.text
    assert answer.json()["siret"] == siret
    return Credentials("", answer.json()["token"], siret)


NAMES = [
    "\u200b",
    "\u202e\u202c",
    "Ateliers\n\nDÉCISION D’AUTORISATION",
    "A\u2029B",
    "中",
    "\x1b[1m",
    "—",
    "A\u0301\u0301\u0301\u0301",
]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
async def test_no_name_prints_as_nothing_or_as_a_paragraph_of_the_state(door: Door, name: str) -> None:
    stated = an_enrolment(name=name, address=name, person={"name": name, "quality": name})
    answer = await door().post("/enrolments", json=stated)
    assert answer.status_code == 422
    wrong = {each["pointer"] for each in answer.json()["errors"]}
    assert wrong == {"/name", "/address", "/person/name", "/person/quality"}
    assert name not in answer.text


async def test_a_name_holds_no_sentence_of_a_stranger(door: Door) -> None:
    spoken = {"name": "votre comptable. Composez le 01 99 00 12 34", "quality": "et donnez-le : vite"}
    answer = await door().post("/enrolments", json=an_enrolment(person=spoken))
    wrong = {(each["pointer"], each["code"]) for each in answer.json()["errors"]}
    assert wrong == {("/person/name", "not-a-name"), ("/person/quality", "not-a-name")}


@pytest.mark.parametrize(
    "email", ["=?utf-8?q?a=0a?=@exemple.fr", "=?utf-8?q?x?=@a.fr", "a..b@c.fr", "a@1.2.3.4", "a@-b.fr"]
)
async def test_no_address_that_mail_programs_read_otherwise_enrols(door: Door, email: str) -> None:
    answer = await door().post("/enrolments", json=an_enrolment(email=email))
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/email"]


async def test_the_terms_in_force_are_given_with_their_digest_and_earlier_ones_too(door: Door) -> None:
    now = (await door().get("/enrolments/terms")).json()
    assert now == terms(VERSIONS[-1]).model_dump()
    first = (await door().get("/enrolments/terms", params={"version": VERSIONS[0]})).json()
    assert first["sha256"] == terms(VERSIONS[0]).sha256 != now["sha256"]
    assert (await door().get("/enrolments/terms", params={"version": "1999-01-01"})).status_code == 404


async def test_an_enrolment_is_answered_with_its_limit_and_activation_opens_filing(
    door: Door, database: Database
) -> None:
    email = f"{a_siret()}@ateliers.invalid"
    told = await enrolled(door, email=email)
    due, at = (datetime.fromisoformat(told[name]) for name in ("credentials_due_at", "requested_at"))
    assert due - at == timedelta(hours=1)
    assert told["terms_sha256"] == terms(VERSIONS[-1]).sha256
    who = await activated(door, database, told["siret"])
    answer = await door(who).post("/requests", json=a_filing())
    assert answer.status_code == 201
    with database.begin() as connection:
        kinds = [each.type for each in events.list_of(connection, told["siret"])]
        author = connection.execute(
            text("SELECT author FROM nominal WHERE reference = :r"), {"r": answer.json()["reference"]}
        )
        assert author.scalar() == "Jeanne Martin, responsable des ressources humaines"
    assert kinds == ["enrolment_requested", "credentials_issued", "enrolment_activated"]


async def test_the_accepted_text_is_kept_with_its_digest(door: Door, database: Database) -> None:
    told = await enrolled(door)
    with database.begin() as connection:
        kept = connection.execute(
            text("SELECT t.* FROM enrolment e JOIN terms t ON t.version = e.terms_version WHERE e.id = :i"),
            {"i": told["id"]},
        ).one()
    assert kept.sha256 == told["terms_sha256"]
    assert "§ 9. Conservation" in kept.content


async def test_every_fault_is_told_at_once(door: Door) -> None:
    answer = await door().post(
        "/enrolments",
        json={
            "siret": "1",
            "email": "a\r\nBcc: b@c.fr",
            "terms": {"version": "x", "accepted": False},
            "name": " ",
        },
    )
    assert answer.status_code == 422
    pointers = {each["pointer"] for each in answer.json()["errors"]}
    assert pointers == {
        "/siret",
        "/name",
        "/address",
        "/person",
        "/email",
        "/terms/version",
        "/terms/accepted",
    }


async def test_terms_that_are_not_in_force_any_more_are_refused(door: Door) -> None:
    body = an_enrolment(terms={"version": VERSIONS[0], "accepted": True})
    answer = await door().post("/enrolments", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "terms-outdated")
    assert in_french(date.fromisoformat(VERSIONS[-1])) in answer.json()["detail"]


async def test_a_code_is_good_once_and_a_wrong_used_or_old_one_is_refused_alike(door: Door, database: Database) -> None:
    siret = (await enrolled(door, email=f"{a_siret()}@ateliers.invalid"))["siret"]
    old = code_of(database, siret)
    await door().post("/enrolments/resend", json={"siret": siret, "email": last(database, siret).email})
    used = code_of(database, siret)
    assert used != old
    await activated(door, database, siret)
    answers = [
        await door().post("/enrolments/activation", json={"code": code, "password": PASSWORD})
        for code in (old, used, "ABCDE-FGHJK-LMNPQ-RSTUV", "é", "-")
    ]
    assert {each.status_code for each in answers} == {422}
    assert {each.json()["errors"][0]["code"] for each in answers} == {"code-refused"}
    assert len({each.text for each in answers}) == 1


async def test_a_code_is_read_however_it_is_written(door: Door, database: Database) -> None:
    siret = (await enrolled(door, email=f"{a_siret()}@ateliers.invalid"))["siret"]
    code = code_of(database, siret).lower().replace("-", " ")
    answer = await door().post("/enrolments/activation", json={"code": code, "password": PASSWORD})
    assert answer.status_code == 200


async def test_a_password_that_is_too_short_uses_no_code_up(door: Door, database: Database) -> None:
    siret = (await enrolled(door, email=f"{a_siret()}@ateliers.invalid"))["siret"]
    code = code_of(database, siret)
    short = await door().post("/enrolments/activation", json={"code": code, "password": "court"})
    assert short.json()["errors"][0]["code"] == "password-length"
    assert "court" not in short.text.replace("trop court", "")
    await activated(door, database, siret)


async def test_nothing_tells_an_enrolled_establishment_and_nobody_is_alarmed(door: Door, database: Database) -> None:
    known = employer(database, proven=False)
    first = await enrolled(door)
    again = await enrolled(door, siret=known.siret, email="autre@ailleurs.invalid")
    assert (again.keys(), again["advice"]) == (first.keys(), first["advice"])
    assert last(database, known.siret).status == "open"
    with database.begin() as connection:
        assert notices.list_unsent(connection, announcement_id(known.siret)) == []


async def test_asking_for_a_code_or_another_address_is_answered_alike_whatever_comes_of_it(
    door: Door, database: Database
) -> None:
    mine, other = await enrolled(door), employer(database)
    bodies: list[tuple[str, dict[str, object]]] = [
        ("resend", {"siret": mine["siret"], "email": last(database, mine["siret"]).email}),
        ("resend", {"siret": mine["siret"], "email": "autre@ailleurs.invalid"}),
        ("resend", {"siret": other.siret, "email": "autre2@ailleurs.invalid"}),
        ("resend", {"siret": a_siret(), "email": "autre3@ailleurs.invalid"}),
        ("email", {"id": mine["id"], "key": mine["key"], "email": "juste@ateliers.invalid"}),
        ("email", {"id": mine["id"], "key": "faux", "email": "voleur@ailleurs.invalid"}),
        ("email", {"id": mine["id"], "key": "é", "email": "voleur@ailleurs.invalid"}),
    ]
    answers = [await door().post(f"/enrolments/{name}", json=body) for name, body in bodies]
    assert {(each.status_code, each.text) for each in answers} == {(202, answers[0].text)}
    found = last(database, mine["siret"])
    assert (found.email, found.version) == ("juste@ateliers.invalid", 3)


async def test_codes_are_not_asked_for_in_a_row(
    door: Door, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enrolment, "RESEND_INTERVAL", timedelta(minutes=2))
    siret = (await enrolled(door))["siret"]
    for _ in range(3):
        await door().post("/enrolments/resend", json={"siret": siret, "email": last(database, siret).email})
    assert last(database, siret).version == 1


async def test_the_same_request_under_the_same_key_is_answered_as_the_first_time(door: Door) -> None:
    body, headers = an_enrolment(), {"Idempotency-Key": a_siret()}
    first = await door().post("/enrolments", json=body, headers=headers)
    again = await door().post("/enrolments", json=body, headers=headers)
    other = await door().post("/enrolments", json=body | {"name": "Autre"}, headers=headers)
    assert first.json() == again.json()
    assert other.json()["id"] != first.json()["id"]


async def test_one_person_enrols_several_establishments_with_one_password(door: Door, database: Database) -> None:
    email = f"{a_siret()}@ateliers.invalid"
    sirets = [(await enrolled(door, email=email))["siret"] for _ in range(3)]
    first = await activated(door, database, sirets[0])
    code = code_of(database, sirets[1])
    wrong = await door().post("/enrolments/activation", json={"code": code, "password": "une autre phrase"})
    assert wrong.json()["errors"][0]["code"] == "password-of-account"
    await activated(door, database, sirets[1])
    await activated(door, database, sirets[2])
    for siret in sirets:
        assert (await door(first).post("/requests", json=a_filing(siret=siret))).status_code == 201


async def test_the_receipt_is_read_once_activated_by_its_employer_only(
    door: Door, database: Database, boss: Credentials
) -> None:
    siret = (await enrolled(door, email=f"{a_siret()}@ateliers.invalid"))["siret"]
    address = f"/enrolments/{siret}/receipt"
    assert (await door().get(address)).status_code == 401
    who = await activated(door, database, siret)
    coming = await door(who).get(address)
    assert (coming.status_code, coming.headers["retry-after"]) == (503, "5")
    found = last(database, siret)
    with database.begin() as connection:
        assert enrolments.store_receipt(connection, found.id, b"%PDF", "0" * 64, found.requested_at)
        assert not enrolments.store_receipt(connection, found.id, b"other", "1" * 64, found.requested_at)
    assert (await door(who).get(address)).content == b"%PDF"
    assert (await door(boss).get(address)).status_code == 404
    assert (await door(boss).get(f"/enrolments/{boss.siret}/receipt")).status_code == 404
    assert (await door(who).get(f"/enrolments/{boss.siret}/receipt")).status_code == 404


async def test_a_code_that_went_to_a_wrong_address_is_void_as_soon_as_the_address_is_corrected(
    door: Door, database: Database
) -> None:
    mine = await enrolled(door)
    before = code_of(database, mine["siret"])
    corrected = {"id": mine["id"], "key": mine["key"], "email": "juste@ateliers.invalid"}
    assert (await door().post("/enrolments/email", json=corrected)).status_code == 202
    late = await door().post("/enrolments/activation", json={"code": before, "password": PASSWORD})
    assert late.json()["errors"][0]["code"] == "code-refused"
    await activated(door, database, mine["siret"])
