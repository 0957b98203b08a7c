"""Pages to enrol and to activate: two plain forms, returned with their errors and nothing more."""

import re
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from local.postgres import Postgres
from models.establishments import ListedEstablishment, PostalAddress
from models.store.database import Database
from models.store.people import companies, sessions, tokens
from models.terms import VERSIONS
from tests.cases import a_siret
from tests.starter.api.public.test_enrolments import PASSWORD, last
from tests.starter.conftest import one_register
from tests.starter.pages.browsing import BROWSER, SAME_SITE, Page
from tests.starter.people import Door, code_of

pytestmark = pytest.mark.usefixtures("resend_at_once")


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


def cookie_of(answer: httpx.Response) -> dict[str, str]:
    """The cookie that an answer sets, as a browser sends it back."""
    return {"Cookie": answer.headers["set-cookie"].partition(";")[0]}


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
    filled = form()
    first = await site.get("http://door/enrolment")
    assert (first.status_code, 'inputmode="numeric"' in first.text) == (200, True)
    shown = await site.get("http://door/enrolment", params={"siret": filled["siret"]})
    assert f'value="{filled["siret"]}"' in shown.text
    assert "n’a rien donné" in shown.text
    assert " selected" not in shown.text
    assert "§" not in shown.text
    assert "9. Conservation" in shown.text
    assert "<script" not in shown.text
    done = await site.post("http://door/enrolment", data=filled, headers=SAME_SITE)
    assert (done.status_code, done.headers["location"]) == (303, "/enrolment/received")
    received = await site.get("http://door/enrolment/received", headers=cookie_of(done))
    again = await site.get("http://door/enrolment/received", headers=cookie_of(done))
    assert (received.status_code, "Votre adhésion est reçue" in received.text) == (200, True)
    assert received.text == again.text
    assert filled["email"] in received.text
    assert "version du 2 avril 2020" in received.text.replace("\N{NO-BREAK SPACE}", " ")
    code = code_of(database, filled["siret"])
    page = await site.get("http://door/activation", params={"code": code})
    assert f'value="{code}"' in page.text
    assert page.text.count(" required") == 2
    end = await site.post("http://door/activation", data={"code": code, "password": PASSWORD}, headers=SAME_SITE)
    assert (end.status_code, end.headers["location"]) == (303, f"/establishments/{filled['siret']}/welcome")
    inside = cookie_of(end) | BROWSER
    welcome = await site.get(f"http://door{end.headers['location']}", headers=inside)
    assert "tacite_" not in welcome.text
    targets = {each.get("href") for each in Page(welcome.text).all("a")}
    receipt = f"/establishments/{filled['siret']}/receipt"
    assert targets >= {f"/requests/new/ground?siret={filled['siret']}", receipt, "/account"}
    first = await site.get(f"http://door/requests/new/ground?siret={filled['siret']}", headers=inside)
    assert (first.status_code, "Motif de la demande" in first.text) == (200, True)
    sealing = await site.get(f"http://door{receipt}", headers=inside)
    assert (sealing.status_code, "scellement" in sealing.text) == (503, True)
    with database.begin() as connection:
        account = sessions.find_account(connection, inside["Cookie"].partition("=")[2], timedelta(minutes=5))
        assert account is not None
        assert tokens.list_of(connection, account.id) == []


async def test_an_enrolment_is_shown_to_the_browser_that_sent_it_alone(door: Door) -> None:
    done = await door().post("http://door/enrolment", data=form(), headers=SAME_SITE)
    other = await door().post("http://door/enrolment", data=form(), headers=SAME_SITE)
    named, stolen = cookie_of(done)["Cookie"], cookie_of(other)["Cookie"]
    forged = named.rpartition(".")[0] + "." + stolen.rpartition(".")[2]
    for held in ({}, {"Cookie": forged}, {"Cookie": named[:-1]}, {"Cookie": "__Host-tacite-enrolment=x.y"}):
        answer = await door().get("http://door/enrolment/received", headers=held)
        assert (answer.status_code, answer.headers["location"]) == (303, "/enrolment")


async def test_another_site_activates_nothing(door: Door, database: Database) -> None:
    filled = form()
    await door().post("http://door/enrolment", data=filled, headers=SAME_SITE)
    sent = {"code": code_of(database, filled["siret"]), "password": PASSWORD}
    refused = await door().post("http://door/activation", data=sent, headers={"Sec-Fetch-Site": "cross-site"})
    assert (refused.status_code, "set-cookie" in refused.headers) == (403, False)
    assert (await door().post("http://door/activation", data=sent, headers=SAME_SITE)).status_code == 303


@pytest.mark.parametrize(("siret", "said"), [("", "Indiquez le SIRET"), ("123", "14 chiffres"), ("1" * 14, "valable")])
async def test_a_wrong_siret_is_said_before_anything_else_is_asked(door: Door, siret: str, said: str) -> None:
    shown = await door().get("http://door/enrolment", params={"siret": siret})
    assert (shown.status_code, said in shown.text, "Nom et prénom" in shown.text) == (422, True, False)
    assert f'value="{siret}"' in shown.text


async def test_what_the_register_says_is_proposed_and_can_be_changed(door: Door, database: Database) -> None:
    siret, closed, unknown = a_siret(), a_siret(), a_siret()
    place = PostalAddress(lines=("3 QUAI DES BRUMES",), postcode="97400", commune="SAINT-DENIS", commune_code="97411")
    listed = ListedEstablishment(
        siret=siret,
        name="LE FOURNIL",
        address=place,
        department="974",
        state="active",
        head_office=True,
        source="sirene",
    )
    with database.begin() as connection:
        companies.store(connection, siret, "listed", "sirene", [listed])
        gone = listed.model_copy(update={"siret": closed, "state": "ceased"})
        companies.store(connection, closed, "listed", "sirene", [gone])
        companies.store(connection, unknown, "unknown", "sirene")
    shown = (await door().get("http://door/enrolment", params={"siret": siret})).text
    for said in ('value="LE FOURNIL"', 'value="3 QUAI DES BRUMES, 97400 SAINT-DENIS"', 'value="974" selected'):
        assert said in shown
    assert "est fermé" in (await door().get("http://door/enrolment", params={"siret": closed})).text
    assert "ne connaît pas ce SIRET" in (await door().get("http://door/enrolment", params={"siret": unknown})).text
    renamed = form(siret=siret, name="Boulangerie Le Fournil", department="974", address=place.text)
    assert (await door().post("http://door/enrolment", data=renamed, headers=SAME_SITE)).status_code == 303
    elsewhere = await door().post("http://door/enrolment", data=form(siret=siret), headers=SAME_SITE)
    assert (elsewhere.status_code, "La Réunion (974)" in elsewhere.text) == (422, True)


async def test_a_form_comes_back_with_what_was_written_and_what_is_wrong(door: Door) -> None:
    filled = form(siret="123", email="<script>")
    del filled["accepted"]
    shown = await door().post("http://door/enrolment", data=filled, headers=SAME_SITE)
    assert shown.status_code == 422
    for said in ("14 chiffres", "nom@domaine.fr", "acceptez-les", 'value="Jeanne Martin"', 'href="#siret"'):
        assert said in shown.text
    assert "<script>" not in shown.text
    assert 'value="34" selected' in shown.text
    late = await door().post("http://door/enrolment", data=form(version=VERSIONS[0]), headers=SAME_SITE)
    assert late.status_code == 422
    wrong = await door().post("http://door/activation", data={"code": "ABC", "password": PASSWORD}, headers=SAME_SITE)
    assert (wrong.status_code, PASSWORD in wrong.text) == (422, False)
    for name, data in (("code", {"siret": "1"}), ("address", {"email": "x"})):
        assert (await door().post(f"http://door/enrolment/{name}", data=data, headers=SAME_SITE)).status_code == 422


async def test_an_address_is_corrected_and_a_code_asked_for_from_pages(door: Door, database: Database) -> None:
    filled = form()
    done = await door().post("http://door/enrolment", data=filled, headers=SAME_SITE)
    shown = await door().get("http://door/enrolment/received", headers=cookie_of(done))
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', shown.text))
    corrected = await door().post(
        "http://door/enrolment/address", data=hidden | {"email": "juste@a.invalid"}, headers=SAME_SITE
    )
    again = {"siret": filled["siret"], "email": "juste@a.invalid"}
    asked = await door().post("http://door/enrolment/code", data=again, headers=SAME_SITE)
    assert [each.headers["location"] for each in (corrected, asked)] == ["/enrolment/sent"] * 2
    assert "Un courriel part" in (await door().get("http://door/enrolment/sent")).text
    found = last(database, filled["siret"])
    assert (found.email, found.version) == ("juste@a.invalid", 3)
    assert (await door().get("http://door/enrolment/code")).status_code == 200


async def test_a_body_that_is_no_form_or_too_large_is_refused(door: Door) -> None:
    headers = SAME_SITE | {"Content-Type": "application/x-www-form-urlencoded"}
    sent = [
        await door().post("http://door/activation", content=content, headers=headers)
        for content in (b"a" * 40_000, b"\xff\xfe", b"&".join(b"a=1" for _ in range(60)))
    ]
    assert [each.status_code for each in sent] == [413, 422, 422]
    assert (await door().post("http://door/activation", json={}, headers=SAME_SITE)).status_code == 415
