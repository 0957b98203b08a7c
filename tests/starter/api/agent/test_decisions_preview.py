"""Preview of a decision through the API: the same refusals, a PDF, nothing registered."""

from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from temporalio.worker import Worker

from local.engine import Engine
from models.engine.client import connect
from models.engine.keys import MasterKey
from models.engine.names import CASES, SIGNING
from models.settings import Settings
from models.store.cases import completions, decisions
from models.store.database import Database
from models.store.journal import events, outbox
from models.store.journal.keys import StoredKeys
from models.store.people import sessions
from starter.auth import cookies
from starter.http import slow_calls
from tests.builders import Credentials, a_completion_request, a_filing, a_grant, a_refusal, staff
from tests.fakes import PlainDocuments
from tests.models.store.claims.builders import story
from tests.models.store.claims.reviewed import CLAIM_GROUNDS
from tests.starter.claims import waiting
from tests.starter.conftest import a_setting
from tests.starter.pages.browsing import SAME_SITE, form_token, open_browser
from tests.starter.people import COOKIE, Door
from workflows.preview import PreviewWorkflow


@pytest.fixture
async def case(door: Door, boss: Credentials) -> str:
    filed = await door(boss).post("/requests", json=a_filing())
    return str(filed.json()["reference"])


class TestWithTheEngine:
    @pytest.fixture
    def settings(self, database: Database, tmp_path: Path, engine: Engine, namespaces: Iterator[str]) -> Settings:
        return a_setting(database, tmp_path, engine=engine.address, namespace=next(namespaces))

    @pytest.fixture
    async def worker(self, settings: Settings, database: Database) -> AsyncIterator[None]:
        keys = StoredKeys(database, MasterKey(settings.master_key))
        client = await connect(settings.engine, settings.namespace, keys)
        acts = PlainDocuments(database).activities()
        with ThreadPoolExecutor(2) as threads:
            async with (
                Worker(client, task_queue=CASES, workflows=[PreviewWorkflow]),
                Worker(client, task_queue=SIGNING, activities=acts, activity_executor=threads),
            ):
                yield

    async def test_a_preview_is_a_pdf_and_leaves_nothing(
        self, door: Door, case: str, agent: Credentials, database: Database, worker: None
    ) -> None:
        with database.begin() as connection:
            before = (len(events.list_of(connection, case)), len(outbox.list_waiting(connection, 9)))
        seen = await door(agent).post(f"/requests/{case}/decision/preview", json=a_grant())
        assert (seen.status_code, seen.content) == (200, b"preview D1"), seen.text
        assert seen.headers["content-type"] == "application/pdf"
        assert seen.headers["cache-control"] == "no-store"
        with database.begin() as connection:
            assert (len(events.list_of(connection, case)), len(outbox.list_waiting(connection, 9))) == before
            assert decisions.list_of(connection, case) == []
            assert connection.exec_driver_sql("SELECT count(*) FROM errand").scalar() == 0

    async def test_what_stands_is_named_and_what_was_decided_can_be_seen_again(
        self, door: Door, case: str, agent: Credentials, worker: None
    ) -> None:
        client = door(agent)
        await client.post(f"/requests/{case}/decision", json=a_grant())
        same = await client.post(f"/requests/{case}/decision/preview", json=a_grant())
        assert same.status_code == 200
        for body, slug in (
            (a_grant(employees=42), "decision-id-reused"),
            (a_refusal(id="D2"), "already-decided"),
        ):
            answer = await client.post(f"/requests/{case}/decision/preview", json=body)
            assert (answer.status_code, answer.json()["type"]) == (409, f"/problems/{slug}")
            assert answer.json()["detail"]

    async def test_a_request_for_pieces_is_seen_likewise_with_the_same_refusals(
        self, door: Door, case: str, agent: Credentials, database: Database, worker: None
    ) -> None:
        client, address = door(agent), f"/requests/{case}/completion-requests"
        seen = await client.post(f"{address}/preview", json=a_completion_request())
        assert (seen.status_code, seen.content) == (200, b"preview C1"), seen.text
        with database.begin() as connection:
            assert completions.find_pending(connection, case) is None
        wrong = a_completion_request(due_on="2020-01-01")
        answers = [await client.post(each, json=wrong) for each in (f"{address}/preview", address)]
        assert [each.status_code for each in answers] == [422, 422]
        assert answers[0].json()["errors"] == answers[1].json()["errors"]
        await client.post(address, json=a_completion_request())
        again = await client.post(f"{address}/preview", json=a_completion_request(id="C2"))
        assert (again.status_code, again.json()["type"]) == (409, "/problems/completion-pending")

    async def test_the_refusal_of_a_claim_is_seen_likewise_by_the_api_and_the_page(
        self, door: Door, app: FastAPI, agent: Credentials, database: Database, worker: None
    ) -> None:
        [claim] = waiting(database, 1)
        address, body = f"/claims/{claim.id}/refusal", {"grounds": list(CLAIM_GROUNDS)}
        seen = await door(agent).post(f"{address}/preview", json=body)
        assert (seen.status_code, seen.content) == (200, f"preview {claim.id}".encode()), seen.text
        async with signed_in(app, database, agent) as browser:
            token = form_token((await browser.get(address)).text)
            typed = {"form_token": token, "in_law": CLAIM_GROUNDS[0], "in_fact": CLAIM_GROUNDS[1]}
            page = await browser.post(f"{address}/preview", data=typed)
            assert (page.status_code, page.content) == (200, seen.content), page.text
            assert f'action="{address}/preview"' in (await browser.post(address, data=typed)).text
            unfounded = await browser.post(f"{address}/preview", data={**typed, "in_law": "Non."})
            assert (unfounded.status_code, "<title>Erreur" in unfounded.text) == (422, True)
        assert story(database, claim.id)[-1] == "claim_controlled"
        await door(agent).post(address, json=body)
        again = await door(agent).post(f"{address}/preview", json=body)
        assert (again.status_code, again.json()["type"]) == (409, "/problems/claim-settled")


@asynccontextmanager
async def signed_in(app: FastAPI, database: Database, who: Credentials) -> AsyncIterator[httpx.AsyncClient]:
    """A browser in which somebody is signed in."""
    with database.begin() as connection:
        secret = sessions.open_session(connection, who.account_id, "password", cookies.SESSION_LIFETIME)
    async with open_browser(app, SAME_SITE | {"Cookie": f"{COOKIE}={secret}"}) as browser:
        yield browser


async def test_only_agents_of_the_place_see_a_preview(
    door: Door, case: str, boss: Credentials, database: Database
) -> None:
    address = f"/requests/{case}/decision/preview"
    assert (await door(staff(database, "agent", "30")).post(address, json=a_grant())).status_code == 404
    assert (await door(boss).post(address, json=a_grant())).status_code == 403
    assert (await door().post(address, json=a_grant())).status_code == 401


async def test_a_wrong_decision_has_no_preview(door: Door, case: str, agent: Credentials, database: Database) -> None:
    body = a_grant(employees=43, hours="12000.01")
    preview = await door(agent).post(f"/requests/{case}/decision/preview", json=body)
    decision = await door(agent).post(f"/requests/{case}/decision", json=body)
    assert (preview.status_code, preview.json()) == (422, decision.json())
    assert preview.json()["errors"]


async def test_a_preview_waits_for_the_engine(door: Door, case: str, agent: Credentials, database: Database) -> None:
    answer = await door(agent).post(f"/requests/{case}/decision/preview", json=a_grant())
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")
    with database.begin() as connection:
        assert decisions.list_of(connection, case) == []


async def test_previews_of_one_agent_beyond_their_places_are_429(
    door: Door, case: str, agent: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slow_calls, "MAX_PREVIEWS_BY_ACCOUNT", 0)
    for act, body in (("decision", a_grant()), ("completion-requests", a_completion_request())):
        answer = await door(agent).post(f"/requests/{case}/{act}/preview", json=body)
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "3"), act
