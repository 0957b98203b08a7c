"""The page of one claim: what an agent reads of it and does with it."""

import pytest

from models.claim_files.line_warnings import Warned
from models.claim_labels import ClaimSignal, ClaimState
from models.store.claims import admission, controls, steps
from models.store.database import Database
from tests.builders import staff
from tests.cases import an_agent
from tests.models.store.claims import builders, reviewed
from tests.models.store.claims.builders import state, story
from tests.models.store.claims.reviewed import CLAIM_GROUNDS
from tests.starter.claims import waiting
from tests.starter.pages.agent.acting import Desk, errors, hidden, words
from tests.starter.pages.agent.conftest import OpenDesk

LATE = "Avis du CSE non transmis dans le délai."
GROUNDS = {"in_law": CLAIM_GROUNDS[0], "in_fact": CLAIM_GROUNDS[1]}


async def test_a_claim_is_shown_with_its_sums_signals_versions_and_history(desk: Desk, database: Database) -> None:
    reference = builders.authorize(database)
    first = builders.claim(database, reference)
    second = builders.claim(database, reference, builders.a_person(1), builders.a_person(2), replaces=first.id)
    reviewed.control(database, second, ClaimSignal.DSN_TOTAL)
    shown = words(await desk.get(f"/claims/{second.id}"))
    told = (
        "2 salariés",
        "14 heures",
        "166,60 €",
        "11,90 €",
        "Par taux",
        ClaimSignal.DSN_TOTAL.label,
        "Version 1 Remplacée",
        "Demande contrôlée",
        "Donner l’accord",
    )
    assert [each for each in told if each not in shown] == []
    assert words(await desk.get(f"/claims/{first.id}")).count("Donner l’accord") == 0


async def test_one_claim_is_agreed_to_from_its_page(desk: Desk, database: Database) -> None:
    [claim] = waiting(database, 1)
    seen = hidden(await desk.get(f"/claims/{claim.id}"), "seen")
    answer = await desk.post(f"/claims/{claim.id}/visa", {"seen": seen})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/claims/{claim.id}?done=agreed")
    shown = words(await desk.get(answer.headers["location"]))
    assert "Accord enregistré." in shown
    assert "Accord de Nadia Perrin" in shown
    assert state(database, claim.id) == ClaimState.AGREED
    again = await desk.post(f"/claims/{claim.id}/visa", {})
    assert again.headers["location"].endswith("done=already")
    assert (await desk.post("/claims/x/visa", {})).headers["location"] == "/claims"


async def test_a_claim_with_a_signal_that_its_page_did_not_show_is_shown_again(desk: Desk, database: Database) -> None:
    [claim] = waiting(database, 1)
    for fields in ({}, {"seen": hidden(await desk.get(f"/claims/{claim.id}"), "seen")}):
        reviewed.signal_case(database, claim.reference, LATE)
        answer = await desk.post(f"/claims/{claim.id}/visa", fields)
        assert answer.headers["location"].endswith("done=signals-changed")
    again = await desk.get(answer.headers["location"])
    assert ("Ses signaux ont changé" in words(again), LATE in words(again)) == (True, True)
    await desk.post(f"/claims/{claim.id}/visa", {"seen": hidden(again, "seen")})
    assert state(database, claim.id) == ClaimState.AGREED


async def test_a_form_of_another_session_agrees_to_nothing(desk: Desk, database: Database) -> None:
    [claim] = waiting(database, 1)
    await desk.post(f"/claims/{claim.id}/visa", {}, token="x")
    assert state(database, claim.id) == ClaimState.UNDER_REVIEW


async def test_a_refusal_is_checked_then_registered_once(desk: Desk, database: Database) -> None:
    [claim] = waiting(database, 1)
    address = f"/claims/{claim.id}/refusal"
    assert (await desk.get(address)).status_code == 200
    shown = await desk.post(address, GROUNDS)
    assert all(each in words(shown) for each in CLAIM_GROUNDS)
    assert story(database, claim.id)[-1] == "claim_controlled"
    edited = await desk.post(address, {**GROUNDS, "do": "edit"})
    assert CLAIM_GROUNDS[1] in words(edited)
    for _ in range(2):
        done = await desk.post(f"{address}/registration", GROUNDS)
        assert done.headers["location"] == f"/claims/{claim.id}?done=refusal"
    assert story(database, claim.id).count("claim_refusal_registered") == 1
    assert "Refus de Nadia Perrin" in words(await desk.get(f"/claims/{claim.id}"))


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({}, {"in_law", "in_fact"}),
        ({"in_law": "Article R. 5122-11 du code du travail."}, {"in_fact"}),
        ({"in_fact": CLAIM_GROUNDS[1]}, {"in_law"}),
    ],
)
async def test_missing_grounds_are_said_beside_their_field(
    desk: Desk, database: Database, typed: dict[str, str], fields: set[str]
) -> None:
    [claim] = waiting(database, 1)
    for path in ("refusal", "refusal/registration"):
        answer = await desk.post(f"/claims/{claim.id}/{path}", typed)
        assert (answer.status_code, {*errors(answer)}) == (422, fields)


async def test_a_refusal_that_comes_too_late_says_what_stands(desk: Desk, database: Database) -> None:
    [claim] = waiting(database, 1)
    reviewed.agree(database, claim, an_agent(database))
    answer = await desk.post(f"/claims/{claim.id}/refusal", GROUNDS)
    assert (answer.status_code, "ne peut pas être refusée" in words(answer)) == (409, True)
    [other] = waiting(database, 1)
    reviewed.refuse(database, other, an_agent(database))
    assert (await desk.post(f"/claims/{other.id}/refusal/registration", GROUNDS)).status_code == 409


async def test_a_claim_of_elsewhere_is_unknown(open_desk: OpenDesk, database: Database) -> None:
    [claim] = waiting(database, 1)
    away = open_desk(staff(database, "agent", "75"))
    for address in (f"/claims/{claim.id}", f"/claims/{claim.id}/refusal", "/claims/x"):
        assert (await away.get(address)).status_code == 404


async def test_the_signals_of_lines_and_of_the_case_are_said_with_their_lines(desk: Desk, database: Database) -> None:
    warned = (Warned(ClaimSignal.WAGE, 23, tuple(range(2, 22))), Warned(ClaimSignal.CALENDAR, 1, (7,)))
    staged = builders.stage(database, builders.authorize(database))
    with database.begin() as connection:
        claim = admission.admit(connection, staged, builders.EMPLOYER, warned=warned)
    reviewed.signal_case(database, claim.reference, "Avis du CSE non transmis dans le délai.")
    with database.begin() as connection:
        controls.control(connection, claim.id)
        assert steps.signal(connection, claim.id, ClaimSignal.OTHER_ESTABLISHMENT)
    shown = words(await desk.get(f"/claims/{claim.id}"))
    told = (
        "Des taux horaires sont inhabituels : lignes 2, 3, 4,",
        "21 et 3 autres.",
        "ce que permettent les jours demandés : ligne 7.",
        ClaimSignal.CASE.label,
        "Avis du CSE non transmis dans le délai.",
        ClaimSignal.OTHER_ESTABLISHMENT.label,
        "Signal ajouté",
    )
    assert [each for each in told if each not in shown] == []
