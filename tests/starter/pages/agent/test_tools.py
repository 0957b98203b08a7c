"""Tokens of an agent's tools in pages: shown once, revoked at once, refused beside their fields."""

import re
from datetime import timedelta

from law.calendar import local
from law.directory import PARIS
from models.store.database import Database, now
from models.store.journal.events import Actor
from models.store.people import tool_access
from tests.builders import Credentials, staff
from tests.starter.pages.agent.acting import Desk, errors, hidden, words
from tests.starter.pages.agent.conftest import OpenDesk
from tests.starter.people import Door


async def test_a_head_opens_the_access_after_a_question_and_the_agent_makes_a_token_shown_once(
    open_desk: OpenDesk, desk: Desk, agent: Credentials, database: Database, door: Door
) -> None:
    head, address = open_desk(staff(database, "head")), f"/unit/agents/{agent.account_id}"
    assert "Accès fermé" in words(await desk.get("/unit/tools"))
    assert "Ouvrir l’API aux outils de Nadia Perrin ?" in words(await head.get(f"{address}/tools"))
    opened = await head.post(f"{address}/tools", {})
    assert "ouverte" in words(await head.get(opened.headers["location"]))
    with database.begin() as connection:
        last = local(now(connection), PARIS).date() + timedelta(days=90)
    typed = {"label": "Tableur", "scope": "read", "until_on": last.isoformat()}
    typed["key"] = hidden(await desk.get("/unit/tools"), "key")
    made, again = [await desk.post("/unit/tools", typed) for _ in range(2)]
    (secret,) = re.findall(r"<code>(tacite_[\w-]+)</code>", made.text)
    assert f"<code>{secret}</code>" in again.text, "a second click makes no second token, and shows the first"
    assert made.text.count("/revocation") == again.text.count("/revocation")
    changed = await desk.post("/unit/tools", typed | {"label": "Autre tableur"})
    assert (changed.status_code, "a déjà été envoyé" in words(changed)) == (422, True)
    assert hidden(changed, "key") not in (typed["key"], hidden(made, "key"))
    assert made.headers["cache-control"] == "no-store"
    assert secret not in (await desk.get("/unit/tools")).text
    tool = door(Credentials(agent.account_id, secret))
    assert (await tool.get("/desk")).status_code == 200
    revoke, *_others = re.findall(r'href="(/unit/tools/[\w-]+/revocation)"', made.text)
    assert 'action="/unit/tools/' not in made.text, "no token is revoked at one click"
    asked = await desk.get(revoke)
    assert "Révoquer le jeton « Tableur » ?" in words(asked)
    assert f'action="{revoke}"' in asked.text
    assert (await desk.post(revoke, {}, token="old")).headers["location"] == revoke
    assert (await tool.get("/desk")).status_code == 200
    assert (await desk.post(revoke, {})).headers["location"] == "/unit/tools?done=revoked"
    assert (await tool.get("/desk")).status_code == 401
    assert (await desk.get(revoke)).status_code == 404
    dead = await desk.post("/unit/tools", typed)
    assert (dead.status_code, "est révoqué ou a pris fin" in words(dead)) == (422, True)
    assert (secret in dead.text, hidden(dead, "key") == typed["key"]) == (False, False)
    closed = await head.post(f"{address}/tools-end", {})
    assert "fermée" in words(await head.get(closed.headers["location"]))


async def test_each_wrong_field_says_what_to_do_and_keeps_what_was_typed(
    desk: Desk, agent: Credentials, database: Database
) -> None:
    refused = await desk.post("/unit/tools", {"label": "Tableur", "scope": "read", "until_on": "2099-01-01"})
    assert (refused.status_code, "chef d’unité" in words(refused)) == (422, True)
    head = staff(database, "head")
    with database.begin() as connection:
        tool_access.allow(connection, agent.account_id, Actor(role="head", account_id=head.account_id))
    for typed, wrong in (
        ({}, {"label": "Indiquez l’outil", "scope": "", "until_on": "Indiquez le dernier jour"}),
        ({"label": "Tableur", "scope": "write", "until_on": "2099-01-01"}, {"scope": ""}),
        ({"label": "Tableur", "scope": "read", "until_on": "2099-01-01"}, {"until_on": "au plus tard le"}),
        ({"label": "Tableur", "scope": "read", "until_on": "2020-01-01"}, {"until_on": "déjà passé"}),
    ):
        shown = await desk.post("/unit/tools", typed)
        assert shown.status_code == 422
        told = errors(shown)
        assert set(told) <= set(wrong)
        assert all(wrong[field] in sentence for field, sentence in told.items()), told
        assert told
