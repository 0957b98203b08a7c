"""Silence accepts beyond the limits all the same; the hand-over waits for a signatory, then follows."""

from functools import partial

from models.bodies.decision import HandOverBody
from models.labels import HoldReason
from models.store.cases import holds, limits, reviews
from tests.cases import an_agent, an_employer
from tests.workflows.conftest import Stage
from tests.workflows.test_authorization_holds import queued


def accepted(stage: Stage, reference: str) -> bool:
    return stage.request(reference).outcome == "tacit"


async def test_the_second_acceptance_of_a_month_stands_and_waits_for_a_signatory(stage: Stage) -> None:
    with stage.database.begin() as connection:
        firm = an_employer(connection)
    first, second = [await stage.open(employer=firm) for _ in range(2)]
    for reference in (first, second):
        await stage.advance(reference, days=20)
        await stage.until(partial(accepted, stage, reference))
    await stage.until(lambda: queued(stage, first) == 1)
    await stage.until(lambda: "hand_over_held" in stage.event_types(second))
    assert queued(stage, second) == 0
    assert any(each.startswith(limits.EXCESS) for each in stage.request(second).signals)
    agent, body = an_agent(stage.database), HandOverBody(reason="Les ateliers concernés ne sont pas les mêmes.")
    with stage.database.begin() as connection:
        assert [each.reason for each in holds.list_standing(connection, second)] == [HoldReason.LIMITS]
        reviews.release(connection, second, body, agent)
    await stage.send_update("release_hand_over", second)
    await stage.until(lambda: queued(stage, second) == 1)
