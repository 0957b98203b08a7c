"""Deciding in pages: what is wrong is said beside its field, what would be signed is shown, one click is one act."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text

from models.engine.keys import MasterKey
from models.settings import Settings
from models.store.cases import act_limits, decisions
from models.store.database import Database
from tests.builders import Credentials, a_grant, staff
from tests.cases import GROUNDS, Employer, file_a_case
from tests.starter.pages.agent.acting import Desk, errors, hidden, words
from tests.starter.pages.agent.conftest import OpenDesk
from tests.starter.people import Door, readings

ASKED = {"start_on": "2026-12-01", "end_on": "2027-02-28", "employees": "42", "hours": "12 000"}
REASONS = {"in_law": GROUNDS[0], "in_fact": GROUNDS[1]}
FULL = {"id": "W1", "outcome": "grant", **ASKED}
LESS = FULL | {"employees": "18", "hours": "3\u202f600,5"} | REASONS
REFUSAL = {"id": "W1", "outcome": "refusal", **REASONS}


def address(case: str, page: str) -> str:
    return f"/desk/requests/{case}/{page}"


def taken(database: Database, case: str) -> list[tuple[str, str]]:
    with database.begin() as connection:
        return [(each.id, each.outcome) for each in decisions.list_of(connection, case)]


async def test_the_form_of_a_grant_is_filled_in_with_what_was_asked(desk: Desk, case: str) -> None:
    shown = await desk.get(address(case, "grant"))
    assert shown.status_code == 200
    assert {name: hidden(shown, name).replace("\u202f", " ") for name in ASKED} == ASKED
    assert "Si aucune décision n’est notifiée au plus tard le" in words(shown)


async def test_two_openings_of_a_form_are_two_acts(desk: Desk, case: str) -> None:
    first, second = [hidden(await desk.get(address(case, "refusal")), "id") for _ in range(2)]
    assert first != second


async def test_what_would_be_signed_is_shown_and_nothing_is_registered(
    desk: Desk, case: str, agent: Credentials, database: Database
) -> None:
    shown = await desk.post(address(case, "grant"), LESS)
    said = words(shown)
    assert "Autorisation partielle" in said
    assert "Salariés 42 18" in said
    assert "12 000" in said
    assert "3 600,5" in said
    assert all(each in said for each in GROUNDS)
    assert "ne peut plus être reprise" in said
    assert "La validité n’est pas attestée" in said
    assert taken(database, case) == []
    assert case in readings(database, agent)


async def test_signing_twice_takes_one_decision_and_leads_to_its_page(
    desk: Desk, case: str, database: Database
) -> None:
    for _ in range(2):
        answer = await desk.post(address(case, "decision"), LESS)
        assert (answer.status_code, answer.headers["location"]) == (303, address(case, "decisions/W1"))
    assert taken(database, case) == [("W1", "grant")]
    with database.begin() as connection:
        record = decisions.get(connection, "W1")
    assert (record.employees, str(record.hours), record.partial) == (18, "3600.50", True)
    shown = await desk.get(address(case, "decisions/W1"))
    assert "Signature en cours" in words(shown)
    assert 'hx-trigger="every 2s"' in shown.text
    assert '<noscript><meta http-equiv="refresh"' in shown.text


async def test_a_page_and_the_api_take_the_same_decision(
    desk: Desk, case: str, door: Door, agent: Credentials, database: Database
) -> None:
    await desk.post(address(case, "decision"), REFUSAL)
    body = {"id": "W1", "outcome": "refusal", "grounds": GROUNDS}
    assert (await door(agent).post(f"/requests/{case}/decision", json=body)).status_code == 202
    assert taken(database, case) == [("W1", "refusal")]


WRONG: list[tuple[dict[str, str], dict[str, str]]] = [
    ({"employees": ""}, {"employees": "Indiquez le nombre de salariés accordé."}),
    ({"employees": "beaucoup"}, {"employees": "Écrivez le nombre de salariés en chiffres"}),
    ({"employees": "0"}, {"employees": ""}),
    ({"employees": "9" * 5_000}, {"employees": ""}),
    ({"employees": "43"}, {"employees": "La décision ne peut pas accorder plus que la demande."}),
    ({"hours": ""}, {"hours": "Indiquez les heures accordées."}),
    ({"hours": "douze"}, {"hours": "Écrivez les heures en chiffres"}),
    ({"hours": "12 000,001"}, {"hours": ""}),
    ({"hours": "12001"}, {"hours": "La décision ne peut pas accorder plus que la demande."}),
    ({"start_on": ""}, {"start_on": "Indiquez le premier jour accordé."}),
    ({"start_on": "", "end_on": ""}, {"start_on": "", "end_on": ""}),
    ({"start_on": "hier"}, {"start_on": ""}),
    ({"end_on": "2026-02-31"}, {"end_on": ""}),
    ({"end_on": "2027-03-01"}, {"end_on": "La décision ne peut pas accorder plus que la demande."}),
    ({"start_on": "2027-02-01", "end_on": "2027-01-01"}, {"end_on": "La période accordée s’achève avant"}),
    ({"in_law": ""}, {"in_law": "Il manque le motif de droit"}),
    ({"in_fact": ""}, {"in_fact": "Il manque le motif de fait"}),
    ({"in_law": "", "in_fact": ""}, {"in_law": "Accorder moins que la demande", "in_fact": "Il manque"}),
    ({"in_fact": "non"}, {"in_fact": "Il manque le motif de fait"}),
    ({"in_fact": GROUNDS[1] + "\nIl reste […] commandes."}, {"in_fact": "Complétez chaque « […] »"}),
    ({"in_law": GROUNDS[0] + " […]"}, {"in_law": "Complétez chaque « […] »"}),
    ({"in_fact": "x" * 4_001}, {"in_fact": ""}),
]


async def test_each_wrong_field_of_a_partial_grant_says_what_to_do_and_keeps_what_was_typed(
    desk: Desk, case: str, database: Database
) -> None:
    for changes, wrong in WRONG:
        typed = LESS | changes
        shown = await desk.post(address(case, "grant"), typed)
        assert shown.status_code == 422
        told = errors(shown)
        assert set(told) == set(wrong), changes
        assert all(sentence in told[field] for field, sentence in wrong.items()), told
        assert (hidden(shown, "id"), hidden(shown, "employees")) == ("W1", typed["employees"])
        assert typed["in_fact"].partition("\n")[0] in words(shown)
    refused = await desk.post(address(case, "decision"), LESS | {"in_fact": "non"})
    assert set(errors(refused)) == {"in_fact"}
    assert taken(database, case) == []


async def test_a_refusal_without_law_or_without_facts_is_refused_beside_its_field(desk: Desk, case: str) -> None:
    for fields in ({"in_law": "non"}, {"in_fact": "non"}, {}):
        shown = await desk.post(address(case, "refusal"), {"id": "W1", **fields})
        assert shown.status_code == 422
        assert set(errors(shown)) == {"in_law", "in_fact"}


async def test_the_models_of_a_day_are_proposed_and_added_to_what_was_typed(desk: Desk, case: str) -> None:
    shown = await desk.get(address(case, "refusal"))
    assert "Circonstances étrangères aux motifs de recours" in words(shown)
    assert "Forfait annuel" not in words(shown)
    typed = {"id": "W1", "in_fact": "Ma phrase.", "basis": ["ground_not_met", "too_long"], "do": "models"}
    added = await desk.post(address(case, "refusal"), typed)
    assert added.status_code == 200
    said = words(added)
    assert "Ma phrase. La baisse d’activité décrite vient de […]" in said
    assert "L’article R. 5122-1 du code du travail énumère" in said
    assert "L’article R. 5122-9 du code du travail limite" in said
    unchanged = await desk.post(address(case, "refusal"), {"id": "W1", "basis": "unheard_of", "do": "models"})
    assert unchanged.status_code == 200


async def test_models_as_they_are_do_not_make_a_refusal(desk: Desk, case: str) -> None:
    model = {"in_law": "L’article R. 5122-1 du code du travail énumère les circonstances.", "in_fact": "Vient de […]."}
    shown = await desk.post(address(case, "refusal"), {"id": "W1", **model})
    assert set(errors(shown)) == {"in_fact"}


async def test_a_decision_that_stands_is_named(desk: Desk, case: str, door: Door, database: Database) -> None:
    await door(staff(database)).post(f"/requests/{case}/decision", json=a_grant(id="D7"))
    for page in ("refusal", "decision"):
        shown = await desk.post(address(case, page), REFUSAL)
        assert shown.status_code == 409
        assert "Ce dossier a déjà une issue" in words(shown)
        assert "D7" in words(shown)
        assert f'href="{address(case, "decisions/D7")}"' in shown.text


async def test_changed_after_it_was_sent_a_decision_leads_to_what_was_taken(
    desk: Desk, case: str, database: Database
) -> None:
    await desk.post(address(case, "decision"), FULL)
    for page in ("grant", "decision"):
        answer = await desk.post(address(case, page), LESS)
        assert (answer.status_code, answer.headers["location"]) == (303, address(case, "decisions/W1"))
    assert taken(database, case) == [("W1", "grant")]


async def test_after_the_instant_the_page_says_what_silence_did(
    desk: Desk, database: Database, boss: Credentials, settings: Settings
) -> None:
    late = file_a_case(
        database,
        employer=Employer(boss.account_id, boss.siret, "34"),
        left=timedelta(seconds=-1),
        master=MasterKey(settings.master_key),
    )
    shown = await desk.post(address(late, "decision"), REFUSAL)
    assert shown.status_code == 409
    assert "vaut acceptation" in words(shown)


async def test_who_may_not_sign_sees_the_draft_and_no_button(
    open_desk: OpenDesk, case: str, database: Database
) -> None:
    instructor = open_desk(staff(database, "instructor"))
    shown = await instructor.post(address(case, "grant"), FULL)
    assert shown.status_code == 200
    assert "Vous ne pouvez pas signer cette décision" in words(shown)
    assert f'action="{address(case, "decision")}"' not in shown.text
    assert (await instructor.post(address(case, "decision"), FULL)).status_code == 403
    assert taken(database, case) == []


async def test_foreign_and_unknown_cases_are_alike(open_desk: OpenDesk, case: str, database: Database) -> None:
    stranger = open_desk(staff(database, "agent", "75"))
    for page in ("grant", "refusal", "checklist", "pieces"):
        foreign, unknown = [await stranger.get(address(each, page)) for each in (case, "034ZZZZ99")]
        assert (foreign.status_code, unknown.status_code) == (404, 404)
        assert (await stranger.post(address(case, page), FULL)).status_code == 404


async def test_a_decision_of_another_case_is_unknown_here(desk: Desk, case: str, database: Database) -> None:
    await desk.post(address(case, "decision"), FULL)
    other = file_a_case(database)
    assert (await desk.get(address(other, "decisions/W1"))).status_code == 404
    assert (await desk.get(address(case, "decisions/W2"))).status_code == 404


async def test_days_may_be_written_as_people_write_them(desk: Desk, case: str, database: Database) -> None:
    await desk.post(address(case, "decision"), FULL | {"start_on": "01/12/2026", "end_on": "28/02/2027"})
    with database.begin() as connection:
        record = decisions.get(connection, "W1")
    assert (str(record.start_on), str(record.end_on), record.partial) == ("2026-12-01", "2027-02-28", False)


async def test_an_unknown_outcome_is_no_act(desk: Desk, case: str) -> None:
    assert (await desk.post(address(case, "decision"), FULL | {"outcome": "tacit"})).status_code == 404


async def test_an_ended_session_loses_nothing_and_does_nothing_until_it_is_sent_again(
    desk: Desk, case: str, open_desk: OpenDesk, agent: Credentials, database: Database
) -> None:
    nobody = Desk(desk.client, "ended")
    lost = await nobody.post(address(case, "decision"), REFUSAL)
    assert lost.status_code == 401
    assert hidden(lost, "in_fact") == REFUSAL["in_fact"]
    assert 'href="/sign-in"' in lost.text
    again = open_desk(agent)
    restored = await again.post(address(case, "decision"), REFUSAL, token="of-another-session")
    assert restored.status_code == 200
    assert "Votre session avait pris fin" in words(restored)
    assert GROUNDS[1] in words(restored)
    assert taken(database, case) == []
    sent: httpx.Response = await again.post(address(case, "decision"), REFUSAL)
    assert sent.status_code == 303


async def test_another_site_decides_nothing(desk: Desk, case: str, database: Database) -> None:
    desk.client.headers["Sec-Fetch-Site"] = "cross-site"
    assert (await desk.post(address(case, "decision"), FULL)).status_code == 403
    assert taken(database, case) == []


async def test_what_a_page_prints_does_not_change_what_was_typed(desk: Desk, case: str, database: Database) -> None:
    shown = await desk.post(address(case, "refusal"), REFUSAL)
    printed = {name: hidden(shown, name) for name in ("id", "outcome", "in_law", "in_fact")}
    assert printed["in_law"] == GROUNDS[0]  # « R. 5122-1 » breaks in what a field holds, and nowhere else
    await desk.post(address(case, "decision"), printed)
    with database.begin() as connection:
        assert list(decisions.get(connection, "W1").reasons) == GROUNDS


async def test_what_was_typed_is_kept_when_the_acts_of_the_day_are_used_up(
    desk: Desk, case: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(act_limits, "MAX_ACTS_A_DAY", 1)
    await desk.post(address(case, "decision"), REFUSAL)
    assert (await desk.post(address(case, "decisions/W1/cancellation"), {})).status_code == 303
    for page in ("decision", "decision/preview", "refusal"):
        later = await desk.post(address(case, page), REFUSAL | {"id": "W2"})
        assert (later.status_code, "Vous avez enregistré 1 décisions" in words(later)) == (429, True), page
        assert int(later.headers["retry-after"]) > 0
        assert all(each in words(later) for each in GROUNDS)
        assert hidden(later, "id") == "W2"
    assert taken(database, case) == [("W1", "refusal")]


async def test_what_was_typed_is_kept_when_no_delegation_is_in_force(
    desk: Desk, case: str, agent: Credentials, database: Database
) -> None:
    with database.begin() as connection:
        connection.execute(text("DELETE FROM delegation WHERE account_id = :a"), {"a": agent.account_id})
    refused = await desk.post(address(case, "decision"), REFUSAL)
    assert (refused.status_code, "Aucune délégation de signature" in words(refused)) == (422, True)
    assert all(each in words(refused) for each in GROUNDS)
    assert taken(database, case) == []
