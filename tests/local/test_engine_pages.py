"""The engine's pages with their buttons disabled: they read everything, and no call of theirs changes a case."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest
from temporalio.client import Client, WorkflowExecutionStatus

from local.engine import NAMESPACE, Engine
from local.engine_pages import REFUSAL, reads
from local.ports import free_port
from local.programs import EnginePages

CASES = f"/api/v1/namespaces/{NAMESPACE}/workflows"


@dataclass(frozen=True)
class Answer:
    """What pages answer."""

    status: int
    kind: str
    content: bytes


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with Engine(tmp_path_factory.mktemp("engine")) as server:
        yield server


@pytest.fixture(scope="module")
def pages(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EnginePages]:
    with EnginePages(tmp_path_factory.mktemp("pages"), free_port(), engine.ui_port or 0) as running:
        yield running


def call(site: str, method: str, target: str, body: object = None) -> Answer:
    """Call pages as their own script does."""
    client = HTTPConnection(site.removeprefix("http://"), timeout=30)
    headers = {"Content-Type": "application/json", "Origin": site, "Sec-Fetch-Site": "same-origin"}
    client.request(method, target, json.dumps(body) if body is not None else None, headers)
    answer = client.getresponse()
    found = Answer(answer.status, answer.headers.get("Content-Type", ""), answer.read())
    client.close()
    return found


def read(site: str, target: str) -> Answer:
    """Read once the pages have reached the engine, which they try again a second after a failure."""
    limit = time.monotonic() + 30
    while (found := call(site, "GET", target)).status == 503 and time.monotonic() < limit:
        time.sleep(0.1)
    return found


def test_settings_disable_every_button_that_changes_a_case(engine: Engine, pages: EnginePages) -> None:
    own, shown = (json.loads(call(site, "GET", "/api/v1/settings").content) for site in (engine.ui, pages.url))
    assert own.keys() <= shown.keys()
    assert own["DisableWriteActions"] is False, "the development server has no setting for it"
    assert shown["DisableWriteActions"] is True
    acts = [name for name in own if name.startswith("Workflow") and name.endswith("Disabled")]
    assert len(acts) > 3
    assert {shown[name] for name in acts} == {True}
    hidden = {*acts, "DisableWriteActions", "BatchActionsDisabled", "StartWorkflowDisabled", "ActivityCommandsDisabled"}
    assert {name: own[name] for name in own.keys() - hidden} == {name: shown[name] for name in own.keys() - hidden}


async def test_a_case_is_read_and_queried_but_never_ended(engine: Engine, pages: EnginePages) -> None:
    client = await Client.connect(engine.address)
    case = await client.start_workflow("Authorization", id="authorization:034AAAA01", task_queue="nobody")
    described = read(pages.url, f"{CASES}/{case.id}")
    assert (described.status, "WORKFLOW_EXECUTION_STATUS_RUNNING" in described.content.decode()) == (200, True)
    asked = call(pages.url, "POST", f"{CASES}/nobody/query/__stack_trace", {"execution": {"workflowId": "nobody"}})
    assert asked.status == 404, "a query only reads: the engine answers it"
    for act in ("terminate", "cancel", "signal/stop", "reset", "update/desist"):
        refused = call(pages.url, "POST", f"{CASES}/{case.id}/{act}", {"reason": "par erreur"})
        assert (refused.status, json.loads(refused.content)) == (403, REFUSAL), act
    assert (await case.describe()).status == WorkflowExecutionStatus.RUNNING
    ended = call(engine.ui, "POST", f"{CASES}/{case.id}/terminate", {"reason": "par erreur"})
    assert ended.status == 200, "the call that is refused is the one that ends a case"
    assert (await case.describe()).status == WorkflowExecutionStatus.TERMINATED


def test_pages_and_what_they_load_are_handed_on(engine: Engine, pages: EnginePages) -> None:
    own, shown = (call(site, "GET", "/") for site in (engine.ui, pages.url))
    assert (shown.status, shown.kind) == (own.status, own.kind)
    assert call(pages.url, "HEAD", "/").content == b""


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("POST", "/api/v1/namespaces/default/batch-operations/1"),
        ("POST", "/api/v1/namespaces/default/workflows/a/terminate?x=/query/y"),
        ("POST", "/api/v1/namespaces/default/workflows/a/query/b/../../terminate"),
        ("POST", "/api/v1/namespaces/default/schedules/chain/trigger"),
        ("PATCH", "/api/v1/namespaces/default/schedules/chain"),
        ("DELETE", "/api/v1/namespaces/default/workflows/a"),
        ("PUT", "/api/v1/namespaces/default/workflows/a/query/b"),
        ("POST", "/api/v1/namespaces"),
    ],
)
def test_whatever_writes_is_refused(method: str, target: str) -> None:
    assert not reads(method, target)


def test_an_engine_that_is_away_is_said_so(tmp_path: Path) -> None:
    with EnginePages(tmp_path, free_port(), free_port()) as alone:
        assert call(alone.url, "GET", "/").status == 502
        assert call(alone.url, "POST", "/api/v1/namespaces").status == 403
