"""Two stories, from both sides, by pages and by calls: the squatter, and the mistyped address.

Each is told with the register of establishments up, away, and knowing better than what was stated.
"""

import re
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from activities.companies.directory import CompanyDirectory
from activities.enrolments import StoredEnrolmentActs
from law.calendar import local
from local import programs
from local.company_documents import Known
from local.ports import free_port
from local.postgres import Postgres
from models.labels import Proof
from models.messages.case import Ref
from models.store.cases import authority_holds
from models.store.database import Database
from models.store.journal.events import Actor
from models.store.people import enrolments, notices, sessions, tokens
from starter.services.case_schemas import ServiceView
from tests.builders import Credentials, a_filing, staff
from tests.cases import a_siret, master_key
from tests.starter.api.public.test_enrolments import PASSWORD, activated, enrolled, last
from tests.starter.conftest import a_setting, one_register
from tests.starter.pages.browsing import SAME_SITE
from tests.starter.pages.public.test_enrolment import form
from tests.starter.people import Door, code_of

pytestmark = pytest.mark.usefixtures("resend_at_once", "unhurried")
REGISTER = ("up", "away", "knowing better")
PARIS = "1 rue du Test, 75001 PARIS"


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture(scope="module")
def companies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[programs.Companies]:
    server = programs.Companies(tmp_path_factory.mktemp("companies"), free_port())
    server.start()
    yield server
    server.stop()


class Directory:
    """The register of establishments as one story finds it; the process of an enrolment asks it."""

    def __init__(self, database: Database, server: programs.Companies, folder: Path, state: str) -> None:
        asked = {"companies": server.address, "companies_key": server.key, "companies_search": server.search}
        directory = CompanyDirectory.of(database, a_setting(database, folder, **asked))
        self._acts = StoredEnrolmentActs(database, master_key(), directory)
        self._server, self.state = server, state

    def knows(self, siret: str) -> None:
        """Describe a firm of Paris, unless the register is away."""
        if self.state != "away":
            place = {"postcode": "75001", "commune": "PARIS", "commune_code": "75101"}
            street = {"number": "1", "street_kind": "RUE", "street": "DU TEST"}
            firm = {"siret": siret, "denomination": "GRANDE FIRME"} | place | street
            self._server.describe(Known.model_validate(firm))

    async def asked_about(self, enrolment: str, siret: str) -> str:
        with self._server.fault("refuse") if self.state == "away" else nullcontext():
            return await self._acts.identify(Ref(reference=siret, id=enrolment))


@pytest.fixture(params=REGISTER)
def directory(
    database: Database, companies: programs.Companies, tmp_path: Path, request: pytest.FixtureRequest
) -> Directory:
    return Directory(database, companies, tmp_path, request.param)


async def by_pages(door: Door, database: Database, **stated: str) -> Credentials:
    """Enrol and activate with the two forms, and make a token."""
    shown = (await door().get("http://door/enrolment", params={"siret": stated["siret"]})).text
    rendering = re.search(r'name="rendering" value="([^"]+)"', shown)
    assert rendering
    done = await door().post("http://door/enrolment", data=form(rendering=rendering[1], **stated), headers=SAME_SITE)
    assert (done.status_code, done.headers["location"]) == (303, "/enrolment/received")
    sent = {"code": code_of(database, stated["siret"]), "password": PASSWORD}
    opened = await door().post("http://door/activation", data=sent, headers=SAME_SITE)
    assert opened.status_code == 303, opened.text
    secret = opened.headers["set-cookie"].partition(";")[0].partition("=")[2]
    with database.begin() as connection:
        account = sessions.find_account(connection, secret, timedelta(minutes=5))
        assert account is not None
        return Credentials(account.id, tokens.issue(connection, account.id, "Essai")[0], stated["siret"])


def account_of(database: Database, who: Credentials) -> str:
    with database.begin() as connection:
        found = tokens.find_bearer(connection, who.token)
    assert found
    return found[0].id


async def file(door: Door, who: Credentials, **changes: object) -> dict[str, Any]:
    answer = await door(who).post("/requests", json=a_filing(employees=9, **changes))
    assert answer.status_code == 201, answer.text
    filed: dict[str, Any] = answer.json()
    return filed


async def test_a_squatter_comes_first_and_the_firm_loses_nothing(
    door: Door, database: Database, directory: Directory, operator: Credentials
) -> None:
    siret = a_siret()
    directory.knows(siret)
    overseas = "974" if directory.state != "up" else "75"
    mine = await enrolled(door, siret=siret, department=overseas, address="Grande Firme SA")
    await directory.asked_about(mine["id"], siret)
    squatter = await activated(door, database, siret)
    theirs = await file(door, squatter)
    assert theirs["reference"][:3] == ("974" if directory.state == "away" else "075")

    owner = await by_pages(door, database, siret=siret, department="75", address=PARIS)
    period = {"start_on": "2027-03-01", "end_on": "2027-03-31"}
    own = await file(door, owner, period=period)
    assert own["reference"][:3] == "075"
    assert own["service"] == ServiceView.of("75", datetime.fromisoformat(own["received_at"]).date()).model_dump()
    for name in ("received_at", "tacit_acceptance_at"):
        instant = datetime.fromisoformat(own[name])
        assert instant.utcoffset() == local(instant, "75").utcoffset(), "the squatter’s département is on Réunion"
    for who, readable, hidden in ((owner, own, theirs), (squatter, theirs, own)):
        assert (await door(who).get(f"/requests/{readable['reference']}")).status_code == 200
        assert (await door(who).get(f"/requests/{hidden['reference']}")).status_code == 404

    agent = Actor(role="agent", account_id=staff(database, "agent", "75", "974").account_id)
    with database.begin() as connection:
        authority_holds.prove(connection, siret, account_of(database, owner), Proof.VALIDATION, agent)
        entitled = [authority_holds.was_filed_with_authority(connection, each["reference"]) for each in (own, theirs)]
    assert entitled == [True, False]
    assert (await door(squatter).get("/requests")).json()["items"] == []
    assert (await door(squatter).post("/requests", json=a_filing())).status_code == 422
    assert (await door(owner).get(f"/requests/{theirs['reference']}")).status_code == 200

    second = staff(database, "operator")
    acts: list[dict[str, object]] = [{"kind": "evict", "subject": mine["id"]}]
    acts += [{"kind": "relocate", "subject": siret, "department": "75"}] if directory.state == "away" else []
    for act in acts:
        asked = await door(operator).post("/exceptional-acts", json=act | {"reason": "Ce n’est pas cette entreprise."})
        assert (await door(second).post(f"/exceptional-acts/{asked.json()['id']}/approval")).status_code == 200
    assert (await door(squatter).get("/requests")).status_code == 401
    later = await file(door, owner, period={"start_on": "2027-06-01", "end_on": "2027-06-30"})
    assert later["reference"][:3] == "075"


@pytest.mark.parametrize("channel", ["pages", "calls"])
async def test_a_mistyped_address_costs_one_more_form_and_frightens_nobody(
    door: Door, database: Database, directory: Directory, channel: str
) -> None:
    siret, wrong, right = a_siret(), f"{a_siret()}@bouchrie.invalid", f"{a_siret()}@boucherie.invalid"
    directory.knows(siret)
    stated = {"siret": siret, "department": "75", "address": PARIS}
    if channel == "pages":
        shown = await door().post("http://door/enrolment", data=form(email=wrong, **stated), headers=SAME_SITE)
        assert (shown.status_code, shown.headers["location"]) == (303, "/enrolment/received")
    else:
        await enrolled(door, email=wrong, **stated)
    first = last(database, siret)
    code = code_of(database, siret)
    await directory.asked_about(first.id, siret)
    if channel == "pages":
        person = await by_pages(door, database, email=right, **stated)
    else:
        await enrolled(door, email=right, **stated)
        person = await activated(door, database, siret)
    filed = await file(door, person)
    assert filed["reference"].startswith("075")

    with database.begin() as connection:
        told = [each.kind for each in notices.list_unsent(connection, first.process) if each.account.email == wrong]
        assert (told, enrolments.was_activated_since(connection, first)) == (["credentials"], True)
    stranger = await door().post("/enrolments/activation", json={"code": code, "password": PASSWORD})
    holder = Credentials("", stranger.json()["token"], siret)
    assert (await door(holder).get("/requests")).json()["items"] == []
    assert (await door(holder).get(f"/requests/{filed['reference']}")).status_code == 404
    assert len((await door(holder).get("/members", params={"siret": siret})).json()["items"]) == 1
