"""A request prepared in short steps: saved at each, every error beside its field, nothing lost and nothing doubled."""

from collections.abc import Iterator

import httpx
import pytest

from local.postgres import Postgres
from models.store.database import Database
from tests.builders import a_filing
from tests.starter.conftest import one_register
from tests.starter.pages.browsing import Page
from tests.starter.pages.employer.filing_forms import (
    ACCOUNT,
    FIGURES,
    NEW,
    STEPS,
    Filer,
    a_ground,
    hidden,
    on,
)
from tests.starter.people import Door, Person, a_person, sign_in

pytestmark = pytest.mark.usefixtures("unhurried")


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture
def filer(browser: httpx.AsyncClient, chief: Person) -> Filer:
    return Filer(browser, chief)


async def test_a_request_is_prepared_step_by_step_and_filed(filer: Filer, door: Door) -> None:
    opened = await filer.open()
    assert opened.headers["location"].endswith("/figures")
    followed = []
    for name, fields in STEPS.items():
        followed.append((await filer.fill(name, fields)).headers["location"].rpartition("/")[2])
    assert followed == ["circumstances", "council", "account", "check"]
    check = await filer.check()
    for said in ("1\u202f200,5", "FR14 2004 1010 0505 0001 3M02 606", "Inondation", "Déposer la demande"):
        assert said in check
    filed = await filer.file(check)
    reference = filed.headers["location"].split("/")[2]
    confirmation = (await filer.get(filed.headers["location"])).text
    for said in (
        reference,
        "acceptée implicitement",
        "à minuit",
        "heure de Paris",
        "Pourquoi cette date",
        "Et maintenant",
    ):
        assert said in confirmation.replace("\u00a0", " ")
    view = (await door(filer.person.who).get(f"/requests/{reference}")).json()
    assert (view["hours"], view["employees"], view["placement_on"]) == ("1200.50", 42, on(2))


async def test_filing_twice_files_once_and_the_draft_leads_to_its_request(filer: Filer, door: Door) -> None:
    await filer.prepare()
    check = await filer.check()
    first, again = await filer.file(check), await filer.file(check)
    assert first.headers["location"] == again.headers["location"]
    assert len((await door(filer.person.who).get("/requests")).json()["items"]) == 1
    for name in ("figures", "check", "deletion", "council", "commitments"):
        assert (await filer.get(f"{filer.base}/{name}")).headers["location"] == first.headers["location"]
    assert (await filer.get(filer.base)).headers["location"] == first.headers["location"]
    late = await filer.post(f"{filer.base}/figures", hidden(check) | FIGURES)
    assert late.headers["location"] == first.headers["location"]


async def test_opening_twice_opens_one_draft_and_going_back_changes_it(filer: Filer, door: Door) -> None:
    page = (await filer.get(f"{NEW}/ground")).text
    fields = hidden(page) | a_ground()
    first, again = [await filer.post(f"{NEW}/ground", fields) for _ in range(2)]
    assert first.headers["location"] == again.headers["location"]
    back = await filer.post(f"{NEW}/ground", fields | {"end_on": on(80)})
    assert back.headers["location"] == first.headers["location"]
    drafts = (await door(filer.person.who).get("/requests", params={"status": "draft"})).json()["items"]
    assert len(drafts) == 1
    read = (await door(filer.person.who).get(f"/drafts/{drafts[0]['id']}")).json()
    assert read["content"]["period"]["end_on"] == on(80)


WRONG = {
    "ground": (
        {"ground": "war", "placement_on": "31/02/2027", "start_on": "demain", "end_on": "2027"},
        {"ground", "placement_on", "start_on", "end_on"},
    ),
    "figures": ({"headcount": "beaucoup", "employees": "0", "hours": "-3"}, {"headcount", "employees", "hours"}),
    "circumstances": ({"perimeter": "none", "circumstances": "\ue000"}, {"perimeter", "circumstances"}),
    "account": (
        {"iban": "FR76 0000", "holder": "12", "direct_payment": "maybe"},
        {"iban", "holder", "direct_payment"},
    ),
}


@pytest.mark.parametrize("name", WRONG)
async def test_each_wrong_field_says_what_to_do_and_keeps_what_was_typed(name: str, filer: Filer) -> None:
    await filer.open()
    fields, wrong = WRONG[name]
    shown = await filer.fill(name, fields)
    page = Page(shown.text)
    assert shown.status_code == 422
    assert "<title>Erreur" in shown.text
    assert {each["href"] for each in page.all("a") if str(each.get("href")).startswith("#")} - {"#contenu"} == {
        f"#{each}" for each in wrong
    }
    described = " ".join(str(each.get("aria-describedby")) for each in page.all("input", "textarea"))
    assert all(f"{each}-wrong" in described for each in wrong)
    typed = [value for field, value in fields.items() if field in ("headcount", "employees", "hours", "iban", "holder")]
    assert all(f'value="{value}"' in shown.text for value in typed)
    for code in ("true", "full_closure", "economic_conditions », ", "not-a"):
        assert f"« {code}" not in shown.text


@pytest.mark.parametrize("name", ["ground", "figures", "circumstances", "council", "account"])
async def test_an_empty_step_says_what_is_missing_or_is_left_for_later(name: str, filer: Filer) -> None:
    await filer.open()
    page = (await filer.get(f"{filer.base}/{name}")).text
    empty = await filer.post(f"{filer.base}/{name}", hidden(page))
    assert (empty.status_code, "<title>Erreur" in empty.text) == (422, True)
    later = await filer.post(f"{filer.base}/{name}", hidden(page) | {"then": "later"})
    listed = await filer.get(later.headers["location"])
    assert (filer.base in listed.text, "Vos réponses sont enregistrées" in listed.text) == (True, True)


async def test_a_form_of_another_session_changes_nothing(filer: Filer) -> None:
    await filer.open()
    answer = await filer.post(f"{filer.base}/figures", FIGURES | {"form_token": "0" * 64})
    assert (answer.status_code, "rien n’a été enregistré" in answer.text) == (422, True)
    assert all(f'value="{each}"' in answer.text for each in ("42", "1 200,5"))
    assert 'value="42"' not in (await filer.get(f"{filer.base}/figures")).text


@pytest.mark.parametrize("name", ["ground", "circumstances", "account"])
async def test_what_was_typed_in_a_session_that_ended_is_given_back_and_sent_again(name: str, filer: Filer) -> None:
    await filer.open()
    fields = {"ground": a_ground(), "account": ACCOUNT, "circumstances": STEPS["circumstances"]}[name]
    typed = hidden((await filer.get(f"{filer.base}/{name}")).text) | fields
    for headers in ({}, {"Cookie": "__Host-tacite=ended"}):
        address = f"{filer.base}/{name}"
        ended = await filer.browser.post(address, data=typed, headers=filer.person.headers | {"Cookie": ""} | headers)
        assert (ended.status_code, "Votre session a pris fin" in ended.text) == (401, True)
        assert hidden(ended.text).items() >= fields.items()
        again = await filer.post(address, hidden(ended.text))
        assert (again.status_code, "rien n’a été enregistré" in again.text) == (422, True)
        saved = await filer.post(address, hidden(again.text) | fields)
        assert saved.status_code == 303


async def test_a_closed_window_is_refused_in_plain_words_and_an_open_one_counts_down(filer: Filer) -> None:
    late = await filer.open(ground="economic_conditions", placement_on=on(-40), start_on=on(-40))
    assert late.status_code == 422
    assert "Le délai de dépôt s’est achevé le" in late.text
    page = (await filer.get(f"{NEW}/ground")).text
    fields = hidden(page) | {"ground": "exceptional_circumstances", "placement_on": on(0), "then": "window"}
    shown = await filer.post(f"{NEW}/ground", fields)
    words = shown.text.replace("\u00a0", " ")
    assert shown.status_code == 200
    assert "Vous pouvez déposer jusqu’au" in words
    assert " jours</strong>" in words
    assert f'value="{on(0)}"' in words
    asked = await filer.get(f"{NEW}/ground?ground=exceptional_circumstances&placement_on={on(0)}")
    assert "Vous pouvez déposer jusqu’au" in asked.text.replace("\u00a0", " ")


async def test_odd_figures_are_confirmed_before_one_goes_on_and_again_before_filing(filer: Filer, door: Door) -> None:
    await filer.prepare()
    odd = FIGURES | {"employees": "600", "hours": "9999999"}
    asked = await filer.fill("figures", odd)
    assert asked.status_code == 422
    words = asked.text.replace("\u00a0", " ").replace("\u202f", " ")
    assert "600 salariés pour un effectif de 42" in words
    assert "9 999 999 heures" in words
    confirmed = next(each["value"] for each in Page(asked.text).all("input") if each.get("id") == "confirmed")
    other = await filer.post(
        f"{filer.base}/figures", hidden(asked.text) | odd | {"hours": "8888888", "confirmed": str(confirmed)}
    )
    assert other.status_code == 422
    again = await filer.post(f"{filer.base}/figures", hidden(other.text) | odd | {"confirmed": str(confirmed)})
    assert again.status_code == 303
    check = await filer.check()
    assert (await filer.file(check)).status_code == 422
    filed = await filer.file(check, confirmed="yes")
    assert "Plus de salariés concernés" in (await filer.get(filed.headers["location"])).text
    key = {"Idempotency-Key": f"page-{filer.base.rpartition('/')[2]}"}
    answer = await door(filer.person.who).post(f"/drafts/{filer.base.rpartition('/')[2]}/filing", headers=key)
    assert {each["code"] for each in answer.json()["signals"]} == {"employees-above-headcount", "hours-above-calendar"}


async def test_two_windows_neither_overwrite_in_silence_nor_file_what_was_not_read(filer: Filer) -> None:
    await filer.prepare()
    old = hidden((await filer.get(f"{filer.base}/figures")).text)
    check = await filer.check()
    assert (await filer.fill("figures", FIGURES | {"hours": "800"})).status_code == 303
    stale = await filer.post(f"{filer.base}/figures", old | FIGURES | {"hours": "900"})
    assert (stale.status_code, "une autre fenêtre" in stale.text) == (422, True)
    assert 'value="900"' in stale.text
    unread = await filer.file(check)
    assert (unread.status_code, "relisez-les" in unread.text, "800" in unread.text) == (422, True, True)
    assert (
        await filer.post(f"{filer.base}/figures", hidden(stale.text) | FIGURES | {"hours": "900"})
    ).status_code == 303


async def test_a_change_asked_for_from_the_check_leads_back_to_it(filer: Filer) -> None:
    await filer.prepare()
    page = (await filer.get(f"{filer.base}/account?then=check")).text
    assert 'name="then" value="check"' in page
    changed = await filer.post(
        f"{filer.base}/account", hidden(page) | ACCOUNT | {"holder": "Autre nom", "then": "check"}
    )
    assert changed.headers["location"] == f"{filer.base}/check"
    assert "Autre nom" in await filer.check()


async def test_a_request_for_the_same_days_says_so_and_asks_for_other_employees(filer: Filer, door: Door) -> None:
    period = {"start_on": on(2), "end_on": on(60)}
    body = a_filing(period=period, placement_on=on(2), employees=10, hours="100")
    first = (await door(filer.person.who).post("/requests", json=body)).json()["reference"]
    await filer.open()
    asked = await filer.fill("figures", FIGURES | {"employees": "5"})
    assert asked.status_code == 422
    assert f"La demande {first} couvre déjà" in asked.text.replace("\u00a0", " ")
    said = FIGURES | {"employees": "5", "hours": "100", "other_employees": "yes"}
    assert (await filer.fill("figures", said)).status_code == 303
    too_many = await filer.fill("figures", said | {"employees": "40"})
    assert (too_many.status_code, "pour un effectif déclaré de 42" in too_many.text.replace("\u00a0", " ")) == (
        422,
        True,
    )


async def test_several_establishments_are_a_question_and_an_unproven_authority_is_said(
    browser: httpx.AsyncClient, door: Door, database: Database
) -> None:
    person = a_person(database, establishments=2)
    await sign_in(door(), person)
    filer = Filer(browser, person)
    asked = await filer.get(NEW)
    assert (asked.status_code, asked.text.count('type="radio"')) == (200, 2)
    assert (await filer.get(f"{NEW}/ground")).headers["location"] == f"{NEW}?chosen=none"
    assert (await filer.get(f"{NEW}?chosen=none")).status_code == 422
    assert (await filer.get(f"{NEW}/ground?siret={person.who.siret}")).status_code == 200
    foreign = await filer.get(f"{NEW}/ground?siret=35600000000048")
    assert foreign.headers["location"] == f"{NEW}?chosen=none"
