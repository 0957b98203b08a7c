"""No form of the site loses what was typed when its session ends between its display and its sending, and none acts."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import httpx
import pytest
from fastapi import FastAPI

from local.postgres import Postgres
from models.settings import Settings
from models.store.database import Database
from tests.starter.conftest import a_setting, one_register
from tests.starter.http.test_heads import contents
from tests.starter.pages.browsing import SAME_SITE, open_browser
from tests.starter.pages.creating_forms import CREATING, REPEATABLE, key_field
from tests.starter.pages.posted_forms import FORM, Field, Form, Pairs, Visit, form_at, forms_of, path_of, post_paths
from tests.starter.pages.shown_forms import visits
from tests.starter.people import COOKIE, PASSWORD, Door

pytestmark = pytest.mark.usefixtures("unhurried")

WITHOUT_SESSION: Final = {
    "/enrolment": "nobody is signed in before enrolment",
    "/enrolment/code": "nobody is signed in before enrolment",
    "/enrolment/address": "nobody is signed in before enrolment",
    "/activation": "nobody is signed in before activation",
    "/verification": "open to everybody",
    "/sign-in": "opens the session",
    "/sign-out": "ends the session; nothing is typed into it",
    "/password": "by a mailed code",
    "/password/code": "by an address",
    "/invitation": "by a mailed code",
}
"""Paths whose form needs no session, so that none can end, and why."""
ONE_BUTTON: Final = (
    "/account/passkeys/removal",
    "/account/tokens/revocation",
    "/claims/instructions/{instruction_id}/revocation",
    "/claims/{claim_id}/visa",
    "/desk/requests/{reference}/pieces/{completion_id}/cancellation",
    "/establishments/{siret}/mandates/invitation",
    "/establishments/{siret}/mandates/revocation",
    "/establishments/{siret}/members/invitation",
    "/establishments/{siret}/members/removal",
    "/establishments/{siret}/members/role",
    "/operations/accounts/{account_id}/revocation",
    "/operations/acts/{act_id}",
    "/requests/new/{draft_id}/deletion",
    "/requests/{reference}/claims/{month}/cancellation",
    "/requests/{reference}/desistment",
    "/unit/leaves/{leave_id}/cancellation",
    "/unit/tools/{token_id}/revocation",
)
"""Paths of forms in which nothing is typed: they lead back to the page that asks."""
PLACES: Final = {"month": "2026-12", "siret": "99999998000017", "step": "figures", "act": "delegation"}
"""Parameters of paths that must be well formed; no other is looked at without a session."""
TYPED: Final = [
    ("text", "Saisi « à la main » <b>"),
    ("choix", "un"),
    ("choix", "deux"),
    ("outcome", "grant"),
    ("password", PASSWORD),
    ("code", "ABCD-EFGH"),
]
FORMS_OF_FILES: Final = (
    "/claims/quota-exceptions",
    "/claims/quota-exceptions/registration",
    "/desk/requests/{reference}/messages",
    "/requests/new/ground",
    "/requests/new/{draft_id}/commitments",
    "/requests/new/{draft_id}/council",
    "/requests/new/{draft_id}/opinion",
    "/requests/new/{draft_id}/{step}",
    "/requests/{reference}/claims/{month}/uploads",
    "/requests/{reference}/messages",
    "/requests/{reference}/pieces",
    "/requests/{reference}/works-council-opinion",
)
"""Paths of forms that may carry a file: their `code`, if they have one, is that of a piece."""
OTHER_SITES: Final = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "", "Origin": "https://elsewhere.example"},
    {"Sec-Fetch-Site": "", "Origin": "null"},
)
SEEN_AGAIN: Final = ("session", "event", "access_digest")
"""Tables that showing a page may change: the last use of the session, the reading of personal data."""


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    return a_setting(database, tmp_path, letters=tmp_path / "letters")


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with open_browser(app, SAME_SITE) as client:
        yield client


def address(path: str) -> str:
    """Return an address of a path; what does not exist is nobody's without a session."""
    named = path.replace("{", "\0").replace("}", "\0").split("\0")
    return "".join(PLACES.get(each, "X") if at % 2 else each for at, each in enumerate(named))


def held(page: str) -> Pairs:
    """What the page of an ended session holds."""
    [form] = forms_of(page)
    return [(name, value) for name, each in form.fields.items() for value in each.set]


async def test_every_form_sent_without_a_session_is_given_back_but_for_passwords_and_codes(
    app: FastAPI, browser: httpx.AsyncClient
) -> None:
    paths = post_paths(app)
    assert set(WITHOUT_SESSION) <= paths
    assert len(paths) > 60
    one_button, with_code = set[str](), set[str]()
    for path in sorted(paths - set(WITHOUT_SESSION)):
        for cookie in ({}, {"Cookie": f"{COOKIE}=ended"}):
            lost = await browser.post(address(path), content=urlencode(TYPED), headers=FORM | cookie)
            if cookie and lost.status_code == 303:
                one_button.add(path)
                continue
            assert (lost.status_code, "Votre session a pris fin" in lost.text) == (401, True), path
            kept = held(lost.text)
            assert [each for each in kept if each[0] != "code"] == TYPED[:-2], path
            if len(kept) > len(TYPED[:-2]):
                with_code.add(path)
            assert ("Votre code n’est pas gardé" in lost.text) is (path not in with_code), path
            assert "peut-être celle d’une autre personne" in lost.text
            assert "Votre mot de passe n’est pas gardé" in lost.text, path
            assert [each.action for each in forms_of(lost.text)] == [address(path)]
    assert one_button == set(ONE_BUTTON)
    assert with_code == set(FORMS_OF_FILES)


@pytest.mark.parametrize("headers", OTHER_SITES)
async def test_no_form_that_another_site_filled_in_acts_or_is_shown_as_the_visitors(
    app: FastAPI, browser: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    for path in sorted(post_paths(app)):
        refused = await browser.post(address(path), content=urlencode(TYPED), headers=FORM | headers)
        assert (refused.status_code, "Saisi" in refused.text) == (403, False), path


async def test_a_form_of_files_says_that_the_file_is_to_be_chosen_again(browser: httpx.AsyncClient) -> None:
    page = "/requests/034ZZZZ99/pieces"
    for files, said in (({"file": ("avis.pdf", b"%PDF", "application/pdf")}, True), (None, False)):
        lost = await browser.post(page, data={"text": "Deux ateliers."}, files=files)
        assert ("joignez-le de nouveau" in lost.text.replace("\u00a0", " ")) is said
        assert "mot de passe" not in lost.text


def typed(field: Field) -> str:
    """Something that no page shows by itself."""
    if field.type == "date":
        return "2027-03-14"
    return f"Saisi dans « {field.name} »"


async def test_every_form_of_an_ended_session_is_shown_again_as_typed_and_does_nothing(
    app: FastAPI, browser: httpx.AsyncClient, door: Door, database: Database
) -> None:
    opened = await visits(browser, door, database)
    before, reached, lost = state(database), set[str](), list[str]()
    for visit, form in (each for page in opened for each in page.each()):
        path = path_of(app, form.action)
        reached.add(path)
        assert carries_its_key(path, form), (visit.address, form.action)
        if path not in WITHOUT_SESSION:
            assert path not in ONE_BUTTON or form.visible == [], path
            lost += [f"{visit.address}: {each}" for each in await what_is_lost(browser, visit, form)]
    assert lost == []
    assert [name for name, rows in state(database).items() if rows != before[name]] == []
    assert post_paths(app) - reached == set(UNSHOWN)


def carries_its_key(path: str, form: Form) -> bool:
    """Whether a form carries an idempotency key, if it creates something."""
    field = key_field(path, form.action)
    return field is None or (field in form.fields and len("".join(form.fields[field].set)) > 15)


def test_every_form_creates_under_a_key_or_is_said_to_need_none(app: FastAPI) -> None:
    assert sorted(post_paths(app)) == sorted([*CREATING, *REPEATABLE])


TYPED_AGAIN: Final = {"code": "with it, somebody acts as its addressee, and who signs in may be somebody else"}
"""Fields that are not shown again, and why."""
UNSHOWN: Final = {
    "/desk/batch/preview": "is reached by buttons of the form of a batch, whose tests send it",
    "/enrolment/address": "follows an enrolment, without a session",
    "/sign-out": "is in every header, and nothing is typed into it",
}
"""Paths of which no page of this world shows the form, and why."""


async def what_is_lost(browser: httpx.AsyncClient, visit: Visit, form: Form) -> list[str]:
    """What a form no longer holds, once it is sent from a session that has ended and then shown again."""
    pairs = form.filled(typed, PASSWORD)
    ended = await browser.post(form.action, content=urlencode(pairs), headers=SAME_SITE | FORM)
    assert ended.status_code == 401, (visit.address, form.action, ended.status_code)
    kept = held(ended.text) if pairs else []
    again = await visit.send(browser, form, kept, fresh=False)
    if not form.visible:
        return [] if again.status_code in (200, 303, 422) else [f"{form.action} answers {again.status_code}"]
    shown = form_at(again.text, form)
    if shown is None:
        return [f"{form.action} is not shown again: {again.status_code}"]
    sent = {(name, value) for name, value in pairs}
    now = {(each.name, value) for each in shown.visible for value in each.set}
    lost = {name for name, _ in sent - now if form.fields[name] in form.visible}
    return [f"{form.action}: {name}" for name in lost if name not in TYPED_AGAIN]


def state(database: Database) -> dict[str, object]:
    return {name: digest for name, digest in contents(database).items() if name not in SEEN_AGAIN}
