"""What a signatory allows after a look at a case: once, with a reason, and by whoever may."""

import pytest
from sqlalchemy import text

from models.labels import HoldReason
from models.store.cases import holds
from models.store.database import Database
from models.store.journal import events as journal
from models.store.people import authorities
from tests.builders import Credentials, a_filing, employer, staff
from tests.cases import Employer
from tests.models.store.claims.builders import authorize, missing_opinion
from tests.starter.pages.agent.acting import Desk, errors, hidden, words
from tests.starter.pages.agent.conftest import OpenDesk
from tests.starter.people import Door

REASON = "Les ateliers concernés ne sont pas les mêmes."


@pytest.fixture
def held(database: Database, case: str) -> str:
    """The page that asks before a suspended hand-over is allowed."""
    with database.begin() as connection:
        holds.hold(connection, case, HoldReason.LIMITS)
    return f"/desk/requests/{case}/hand-over"


@pytest.fixture
async def unproven(door: Door, database: Database) -> tuple[Credentials, str]:
    """Somebody who proved nothing, and the page that asks before their authority is validated."""
    newcomer = employer(database, proven=False)
    reference = (await door(newcomer).post("/requests", json=a_filing())).json()["reference"]
    return newcomer, f"/desk/requests/{reference}/validation"


def reviewed(database: Database, address: str) -> int:
    """How often the hand-over of a case was allowed."""
    with database.begin() as connection:
        listed = journal.list_of(connection, address.split("/")[3])
    return [each.type for each in listed].count("hand_over_reviewed")


async def test_a_suspended_hand_over_is_allowed_once_from_its_case(desk: Desk, held: str, database: Database) -> None:
    case = held.removesuffix("/hand-over")
    assert f'href="{held}"' in (await desk.get(case)).text
    asked = await desk.get(held)
    assert "Limites de l’article R. 5122-9 dépassées" in words(asked)
    typed = {"key": hidden(asked, "key"), "reason": REASON}
    for _ in range(2):
        done = await desk.post(held, typed)
        assert (done.status_code, done.headers["location"]) == (303, f"{case}?done=hand-over")
    assert reviewed(database, held) == 1
    shown = await desk.get(done.headers["location"])
    assert "Vous avez autorisé la transmission" in words(shown)
    assert f'href="{held}"' not in shown.text
    assert (await desk.get(held)).headers["location"] == case
    late = await desk.post(held, typed | {"key": "x" * 32})
    assert (late.status_code, "n’attend l’accord" in words(late), REASON in late.text) == (422, True, True)


async def test_a_hand_over_without_a_reason_is_asked_again(desk: Desk, held: str, database: Database) -> None:
    for typed in ("", "non"):
        refused = await desk.post(held, {"reason": typed})
        assert (refused.status_code, set(errors(refused))) == (422, {"reason"})
    with database.begin() as connection:
        holds.hold(connection, held.split("/")[3], HoldReason.HOLDER)
    assert set(errors(await desk.post(held, {"reason": ""}))) == {"holder", "reason"}
    refused = await desk.post(held, {"reason": REASON})
    assert errors(refused) == {"holder": "Indiquez le titulaire du compte."}
    assert REASON in refused.text
    stale = await desk.post(held, {"reason": REASON}, token="old")
    assert REASON in stale.text
    assert reviewed(database, held) == 0
    assert (await desk.post(held, {"reason": REASON, "holder": "Ateliers Durand"})).status_code == 303


@pytest.mark.parametrize("role", ["reader", "instructor"])
async def test_who_signs_nothing_is_offered_neither(
    open_desk: OpenDesk, held: str, unproven: tuple[Credentials, str], database: Database, role: str
) -> None:
    colleague = open_desk(staff(database, role))
    for address in (held, unproven[1]):
        case = address.rpartition("/")[0]
        assert f'href="{address}"' not in (await colleague.get(case)).text
        assert (await colleague.get(address)).status_code == 403
        assert (await colleague.post(address, {"reason": REASON})).status_code == 403
    assert reviewed(database, held) == 0


async def test_without_a_delegation_to_grant_what_was_typed_is_kept(
    desk: Desk, agent: Credentials, held: str, unproven: tuple[Credentials, str], database: Database
) -> None:
    with database.begin() as connection:
        refusals = "UPDATE delegation SET outcomes = ARRAY['refusal'] WHERE account_id = :id"
        connection.execute(text(refusals), {"id": agent.account_id})
    for address in (held, unproven[1]):
        refused = await desk.post(address, {"reason": REASON})
        assert (refused.status_code, REASON in refused.text) == (403, True)
        assert "Rien n’a été fait" in words(refused)


async def test_agents_of_other_departements_find_neither(
    open_desk: OpenDesk, held: str, unproven: tuple[Credentials, str], database: Database
) -> None:
    stranger = open_desk(staff(database, "head", "75"))
    for address in (held, unproven[1]):
        assert (await stranger.get(address)).status_code == 404
        assert (await stranger.post(address, {"reason": REASON})).status_code == 404


async def test_the_authority_of_whoever_filed_is_validated_once_from_the_case(
    desk: Desk, unproven: tuple[Credentials, str], database: Database
) -> None:
    newcomer, address = unproven
    case = address.removesuffix("/validation")
    assert f'href="{address}"' in (await desk.get(case)).text
    asked = await desk.get(address)
    assert "Demande déposée par" in words(asked)
    assert set(errors(await desk.post(address, {"reason": ""}))) == {"reason"}
    typed = {"key": hidden(asked, "key"), "reason": "Extrait Kbis et pièce d’identité vus au guichet."}
    for _ in range(2):
        done = await desk.post(address, typed)
        assert (done.status_code, done.headers["location"]) == (303, f"{case}?done=validation")
    with database.begin() as connection:
        assert authorities.is_proven(connection, newcomer.account_id, newcomer.siret)
    shown = await desk.get(done.headers["location"])
    assert "Vous avez validé l’habilitation" in words(shown)
    assert f'href="{address}"' not in shown.text
    late = await desk.post(address, typed | {"key": "y" * 32})
    assert (late.status_code, "déjà prouvée" in words(late)) == (422, True)


async def test_a_missing_opinion_is_waived_once_from_its_case(
    desk: Desk, boss: Credentials, database: Database
) -> None:
    reference = authorize(database, employer=Employer(boss.account_id, boss.siret, "34"), **missing_opinion())
    case = f"/desk/requests/{reference}"
    at = f"{case}/opinion-waiver"
    assert f'href="{at}"' in (await desk.get(case)).text
    asked = await desk.get(at)
    assert "les demandes d’indemnisation de ce dossier l’attendent" in words(asked)
    assert set(errors(await desk.post(at, {"reason": ""}))) == {"reason"}
    typed = {"key": hidden(asked, "key"), "reason": "Le comité n’a plus d’élus depuis mars."}
    for _ in range(2):
        done = await desk.post(at, typed)
        assert (done.status_code, done.headers["location"]) == (303, f"{case}?done=opinion-waiver")
    shown = await desk.get(done.headers["location"])
    assert "Vous avez levé l’attente de l’avis" in words(shown)
    assert f'href="{at}"' not in shown.text
    assert (await desk.get(at)).headers["location"] == case
