"""Forms of a head: errors beside their fields with what was typed; a question before what cannot be undone."""

import pytest

from models.store.database import Database
from tests.builders import Credentials, staff
from tests.starter.pages.agent.acting import Desk, errors, hidden, words
from tests.starter.pages.agent.conftest import OpenDesk

OPENED: dict[str, str | list[str]] = {
    "key": "K1",
    "name": "Léa Simon",
    "email": "lea@service-034.invalid",
    "role": "reader",
    "departments": ["34"],
    "subject": "lea",
}
DELEGATION: dict[str, str | list[str]] = {
    "key": "K2",
    "outcomes": ["grant"],
    "departments": ["34"],
    "from_on": "2027-01-01",
    "certificate": "delegate",
    "act": "arrêté du 2 décembre 2026",
}
ABSENCE = {"key": "K3", "from_on": "2026-12-01", "until_on": "2026-12-24"}
Rows = list[tuple[dict[str, str | list[str]], dict[str, str]]]


@pytest.fixture
def head(open_desk: OpenDesk, database: Database) -> Desk:
    return open_desk(staff(database, "head"))


async def refused(head: Desk, address: str, typed: dict[str, str | list[str]], rows: Rows) -> None:
    """Each change is refused beside its field, and what was typed stays."""
    for changes, wrong in rows:
        shown = await head.post(address, typed | changes)
        assert shown.status_code == 422, changes
        told = errors(shown)
        assert set(told) == set(wrong), changes
        assert all(sentence in told[field] for field, sentence in wrong.items()), told
        kept = {name: value for name, value in (typed | changes).items() if isinstance(value, str)}
        assert all(
            hidden(shown, name) == value for name, value in kept.items() if name not in ("role", "replacement_id")
        )


async def test_an_account_is_opened_once_and_shown(head: Desk) -> None:
    form = await head.get("/unit/opening")
    assert "Hérault (34)" in words(form)
    answers = [await head.post("/unit/opening", OPENED) for _ in range(2)]
    addresses = {each.headers["location"] for each in answers}
    assert len(addresses) == 1
    shown = words(await head.get(addresses.pop()))
    assert "Le compte est ouvert." in shown
    assert "Léa Simon" in shown


async def test_an_identity_that_is_taken_is_said_beside_its_field(head: Desk) -> None:
    typed = OPENED | {"key": "T1", "subject": "taken"}
    assert (await head.post("/unit/opening", typed)).status_code == 303
    shown = await head.post("/unit/opening", typed | {"key": "T2", "name": "Paul Roux"})
    assert shown.status_code == 422
    assert errors(shown) == {"subject": "Un autre compte porte déjà cet identifiant."}
    assert hidden(shown, "name") == "Paul Roux"


async def test_each_wrong_field_of_an_opening_says_what_to_do(head: Desk) -> None:
    rows: Rows = [
        ({"name": ""}, {"name": "Indiquez le nom de l’agent."}),
        ({"email": ""}, {"email": "Indiquez l’adresse électronique de l’agent."}),
        ({"email": "lea"}, {"email": ""}),
        ({"role": ""}, {"role": "Choisissez le rôle de l’agent."}),
        ({"role": "head"}, {"role": ""}),
        ({"departments": []}, {"departments": "Choisissez au moins un département."}),
        ({"departments": ["75"]}, {"departments": "n’est pas de l’unité"}),
        ({"subject": "é"}, {"subject": ""}),
    ]
    await refused(head, "/unit/opening", OPENED, rows)


async def test_each_wrong_field_of_a_delegation_says_what_to_do(head: Desk, agent: Credentials) -> None:
    rows: Rows = [
        ({"outcomes": []}, {"outcomes": "Choisissez au moins un acte."}),
        ({"departments": []}, {"departments": "Choisissez au moins un département."}),
        ({"from_on": ""}, {"from_on": "Indiquez le premier jour."}),
        ({"from_on": "2020-01-01"}, {"from_on": "ne prend pas effet avant l’acte qui l’inscrit"}),
        ({"from_on": "demain"}, {"from_on": ""}),
        ({"until_on": "2026-12-31"}, {"until_on": "prend fin avant de commencer"}),
        ({"certificate": ""}, {"certificate": "Indiquez l’identifiant du certificat."}),
        ({"certificate": "a b"}, {"certificate": ""}),
        ({"act": ""}, {"act": "Indiquez l’acte qui donne la délégation."}),
    ]
    address = f"/unit/agents/{agent.account_id}/delegation"
    await refused(head, address, DELEGATION, rows)
    for _ in range(2):
        given = await head.post(address, DELEGATION)
        assert given.headers["location"].endswith("?done=delegation")
    shown = words(await head.get(given.headers["location"]))
    assert shown.count("arrêté du 2 décembre 2026") == 2  # its heading, and whom its link concerns
    assert "Pour autoriser, à partir du 1er janvier 2027, sans date de fin" in shown


async def test_an_absence_says_who_replaces_and_is_cancelled(
    head: Desk, agent: Credentials, database: Database
) -> None:
    colleague = staff(database)
    address = f"/unit/agents/{agent.account_id}"
    rows: Rows = [
        ({"from_on": ""}, {"from_on": "Indiquez le premier jour."}),
        ({"until_on": ""}, {"until_on": "Indiquez le dernier jour."}),
        ({"until_on": "2026-11-01"}, {"until_on": "prend fin avant de commencer"}),
        ({"replacement_id": agent.account_id}, {"replacement_id": "Aucun collègue"}),
    ]
    await refused(head, f"{address}/absence", dict(ABSENCE), rows)
    kept = await head.post(f"{address}/absence", ABSENCE | {"replacement_id": colleague.account_id})
    shown = await head.get(kept.headers["location"])
    assert "Absence du 1er décembre 2026 au 24 décembre 2026, avec Nadia Perrin pour remplacer." in words(shown)
    assert "avec Nadia Perrin pour remplacer" in words(await head.get("/unit"))
    (cancel,) = {each.partition('"')[0] for each in shown.text.split('action="')[1:] if "/cancellation" in each[:90]}
    ended = await head.post(cancel, {"back": address})
    assert ended.headers["location"] == f"{address}?done=cancelled"
    assert "Aucune absence inscrite." in words(await head.get(address))
    elsewhere = await head.post(cancel, {"back": "https://evil.invalid/"})
    assert elsewhere.headers["location"] == "/unit?done=cancelled"


async def test_an_account_is_changed_closed_after_a_question_and_reopened(head: Desk, agent: Credentials) -> None:
    address = f"/unit/agents/{agent.account_id}"
    form = await head.get(f"{address}/change")
    assert hidden(form, "email") == "agent@example.invalid"
    typed = {"key": "C", "email": "faux", "departments": ["34"], "role": "signatory"}
    assert set(errors(await head.post(f"{address}/change", typed))) == {"email"}
    changed = await head.post(f"{address}/change", typed | {"email": "n.perrin@service-034.invalid"})
    assert "n.perrin@service-034.invalid" in words(await head.get(changed.headers["location"]))
    asked = words(await head.get(f"{address}/closing"))
    assert "Ses sessions, ses jetons et ses délégations prennent fin aussitôt" in asked
    closed = await head.post(f"{address}/closing", {})
    shown = words(await head.get(closed.headers["location"]))
    assert "Le compte est clos." in shown
    assert "Compte clos" in shown
    reds = ['class="danger"' in (await head.get(f"{address}/{act}")).text for act in ("closing", "reopening")]
    assert reds == [True, False]
    opened = await head.post(f"{address}/reopening", {})
    assert "Le compte est rouvert" in words(await head.get(opened.headers["location"]))


async def test_a_stale_form_changes_nothing_and_loses_nothing(head: Desk, agent: Credentials) -> None:
    address = f"/unit/agents/{agent.account_id}"
    lost = await Desk(head.client, "ended").post(f"{address}/delegation", DELEGATION)
    assert (lost.status_code, hidden(lost, "act")) == (401, DELEGATION["act"])
    for page, typed in (("delegation", DELEGATION), ("closing", {})):
        shown = await head.post(f"{address}/{page}", typed, token="old")
        assert shown.status_code == 200
    assert "Compte clos" not in words(await head.get(address))
    assert "arrêté du 2 décembre" not in words(await head.get(address))
