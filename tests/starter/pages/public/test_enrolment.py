"""Pages to enrol and to activate: two plain forms, returned with their errors and nothing more."""

import re
from collections.abc import Iterator

import pytest

from local.postgres import Postgres
from models.store.database import Database
from models.terms import VERSIONS
from tests.builders import Credentials, a_filing
from tests.cases import a_siret
from tests.starter.api.public.test_enrolments import PASSWORD, last
from tests.starter.conftest import one_register
from tests.starter.people import Door, code_of

pytestmark = pytest.mark.usefixtures("resend_at_once")


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


def form(**changes: str) -> dict[str, str]:
    return {
        "siret": a_siret(),
        "name": "Ateliers Durand",
        "address": "12, rue de l’Église, 34000 Montpellier",
        "department": "34",
        "person": "Jeanne Martin",
        "quality": "gérante",
        "email": f"{a_siret()}@ateliers.invalid",
        "version": VERSIONS[-1],
        "accepted": "yes",
    } | changes


async def test_a_person_enrols_and_activates_with_two_plain_forms(door: Door, database: Database) -> None:
    site = door()
    shown = await site.get("http://door/enrolment")
    assert "§" not in shown.text
    assert "9. Conservation" in shown.text
    assert "<script" not in shown.text
    filled = form()
    done = await site.post("http://door/enrolment", data=filled)
    assert (done.status_code, "Votre adhésion est reçue" in done.text) == (200, True)
    code = code_of(database, filled["siret"])
    page = await site.get("http://door/activation", params={"code": code})
    assert f'value="{code}"' in page.text
    end = await site.post("http://door/activation", data={"code": code, "password": PASSWORD})
    token = re.search(r"<pre>(tacite_[\w-]+)</pre>", end.text)
    assert token
    assert (await door(Credentials("", token[1])).post("/requests", json=a_filing())).status_code == 201


async def test_a_form_comes_back_with_what_was_written_and_what_is_wrong(door: Door) -> None:
    filled = form(siret="123", email="<script>")
    del filled["accepted"]
    shown = await door().post("http://door/enrolment", data=filled)
    assert shown.status_code == 422
    for said in ("14 chiffres", "nom@domaine.fr", "acceptez-les", 'value="Jeanne Martin"', 'href="#siret"'):
        assert said in shown.text
    assert "<script>" not in shown.text
    assert 'value="34" selected' in shown.text
    late = await door().post("http://door/enrolment", data=form(version=VERSIONS[0]))
    assert late.status_code == 422
    wrong = await door().post("http://door/activation", data={"code": "ABC", "password": PASSWORD})
    assert (wrong.status_code, PASSWORD in wrong.text) == (422, False)
    for name, data in (("code", {"siret": "1"}), ("address", {"email": "x"})):
        assert (await door().post(f"http://door/enrolment/{name}", data=data)).status_code == 422


async def test_an_address_is_corrected_and_a_code_asked_for_from_pages(door: Door, database: Database) -> None:
    filled = form()
    done = await door().post("http://door/enrolment", data=filled)
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', done.text))
    corrected = await door().post("http://door/enrolment/address", data=hidden | {"email": "juste@a.invalid"})
    again = {"siret": filled["siret"], "email": "juste@a.invalid"}
    asked = await door().post("http://door/enrolment/code", data=again)
    assert [corrected.status_code, asked.status_code] == [200, 200]
    found = last(database, filled["siret"])
    assert (found.email, found.version) == ("juste@a.invalid", 3)
    assert (await door().get("http://door/enrolment/code")).status_code == 200


async def test_a_body_that_is_no_form_or_too_large_is_refused(door: Door) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    sent = [
        await door().post("http://door/activation", content=content, headers=headers)
        for content in (b"a" * 40_000, b"\xff\xfe", b"&".join(b"a=1" for _ in range(60)))
    ]
    assert [each.status_code for each in sent] == [413, 422, 422]
    assert (await door().post("http://door/activation", json={})).status_code == 415
