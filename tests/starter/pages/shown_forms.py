"""A world in which every form of the site is shown to somebody, and the pages that show it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import httpx
import pyotp
from sqlalchemy import Connection, text

from models.bodies.unit import LeaveBody
from models.labels import HoldReason, TokenScope
from models.store.agency import channel_states
from models.store.agency.channels import CLAIMS
from models.store.cases import holds
from models.store.database import Database
from models.store.journal.events import Actor
from models.store.people import delegations, leaves, passkeys, sessions, tokens, tool_access
from starter.auth import cookies
from tests import bank_changes
from tests.builders import Credentials, a_draft, a_filing, a_grant, employer, staff
from tests.cases import a_siret, ask_for_pieces, in_a_month, let_silence_accept
from tests.models.store.agency.builders import a_queued_claim, unanswered_twice
from tests.models.store.claims.builders import admit
from tests.models.store.claims.real_lines import stage_real
from tests.models.store.claims.reviewed import CLAIM_GROUNDS, instruct
from tests.models.store.claims.test_quota_exceptions import place_of, record
from tests.starter.claimed import authorized_for
from tests.starter.claims import waiting
from tests.starter.files import PNG, send
from tests.starter.http.test_heads import act_and_incident, set_aside
from tests.starter.letters import know_address
from tests.starter.pages.browsing import filed
from tests.starter.pages.posted_forms import Visit, forms_of
from tests.starter.people import PASSWORD, Door, Person, a_person, knocking, sign_in, with_password
from tests.starter.services.test_mandates import a_mandate
from tests.uploads import A_LINE, a_dsn, a_file, read, receive

UNIT_ACTS: Final = ("delegation", "absence", "change", "closing", "tools-end")
STEPS: Final = ("ground", "figures", "circumstances", "council", "commitments", "account", "check", "deletion")
OPINION: Final = "opinion?opinion=favourable&given_on=2026-11-20"
ASKED: Final = {
    "pieces": "circumstances",
    "reasons": "Les motifs ne permettent pas d’apprécier la baisse d’activité de cet atelier.",
    "due_on": in_a_month(),
}
QUOTAS: Final = "/claims/quota-exceptions"
PUBLIC: Final = (
    f"/enrolment?siret={a_siret()}",
    "/enrolment/code",
    "/activation",
    "/verification",
    "/sign-in",
    "/password",
    "/invitation",
)


@dataclass(frozen=True)
class World:
    """Who is there."""

    chief: Person
    newcomer: Person
    waiting: Person
    """An agent of record to whom a mandate is offered, and whose account requires codes."""
    agent: Person
    head: Person
    operator: Person


def in_session(connection: Connection, who: Credentials) -> Person:
    """A member of the administration in a session with a second factor."""
    return Person(who, "", sessions.open_session(connection, who.account_id, "passkey", cookies.SESSION_LIFETIME))


async def a_world(door: Door, database: Database) -> World:
    """Sign everybody in."""
    chief, waiting = a_person(database), a_person(database)
    newcomer = with_password(database, employer(database, proven=False))
    for each in (chief, waiting, newcomer):
        assert (await sign_in(door(), each)).status_code == 200
    know_address(database, newcomer.who.siret)
    whos = [staff(database, role) for role in ("agent", "head", "operator")]
    with database.begin() as connection:
        agent, head, operator = (in_session(connection, each) for each in whos)
        by = Actor(role="head", account_id=head.who.account_id)
        tool_access.allow(connection, agent.who.account_id, by)
        absence = LeaveBody.model_validate({"from_on": "2026-12-01", "until_on": "2026-12-02"})
        leaves.write(connection, agent.who.account_id, absence, head.who.account_id)
        passkeys.add(connection, chief.who.account_id, "Téléphone", b"cle", b"key", 0)
    return World(chief, newcomer, waiting, agent, head, operator)


def claim_pages(database: Database, chief: Person) -> list[str]:
    """Pages of a month that is claimed, and of those of which a file or a DSN was read."""
    claims = [
        f"/requests/{authorized_for(database, chief.who, employees=1, hours='99')}/claims/2026-12" for _ in range(3)
    ]
    admit(database, stage_real(database, claims[0].split("/")[2]))
    upload = receive(database, claims[1].split("/")[2], a_file(A_LINE | {"heures_chomees": "7", "Tps": "oui"}))
    read(database, upload)
    files = [f"{claims[1]}/uploads/{upload}"]
    for content in (a_dsn(chief.who.siret), a_file(A_LINE | {"categorie": "C", "mode": "Dupont"})):
        files.append(f"{claims[2]}/uploads/{receive(database, claims[2].split('/')[2], content)}")
        read(database, files[-1].rpartition("/")[2])
    return [f"{claims[0]}/cancellation", claims[1], *files, f"{claims[1]}/grid"]


async def employer_pages(door: Door, database: Database, world: World) -> list[str]:
    """Pages of the chief, with everything that may be changed there."""
    chief, siret = world.chief, world.chief.who.siret
    client, place = knocking(door(), chief), f"/establishments/{siret}"
    invitation = {"siret": siret, "name": "Karim", "email": "karim@tacite.invalid", "role": "member"}
    (await client.post("/members", json=invitation)).raise_for_status()
    mandate = (await client.post("/mandates", json=a_mandate(chief, email=world.waiting.login))).json()
    token = (await client.get("/tokens")).json()["items"][0]
    whole = a_draft() | {"siret": siret}
    draft = (await door(chief.who).post("/drafts", json=whole)).json()["id"]
    opened = (await door(chief.who).post("/drafts", json=whole)).json()["id"]
    few = {"employees": 5, "hours": "500", "other_employees": True}
    stated = {name: value for name, value in a_filing(**few).items() if name != "ground"}
    (await door(chief.who).patch(f"/drafts/{draft}", json=stated)).raise_for_status()
    case = await filed(door, chief, **few)
    awaited = await filed(door, chief, headcount=60, works_council={"pending": True}, **few)
    asked = await filed(door, chief, **few)
    ask_for_pieces(database, asked)
    authorized = await filed(door, chief, **few)
    let_silence_accept(database, authorized)
    return [
        *claim_pages(database, chief),
        "/account",
        "/account/identity",
        "/account/address",
        f"/account/tokens/revocation?id={token['id']}",
        "/account/passkeys/removal?id=Y2xl",
        place,
        f"{place}/members/removal?id={chief.who.account_id}",
        f"{place}/mandates/revocation?id={mandate['id']}",
        f"/requests/new/ground?siret={siret}",
        *(f"/requests/new/{opened}/{step}" for step in (*STEPS, OPINION)),
        f"/requests/new/{draft}/check",
        f"/requests/{case}/desistment",
        f"/requests/{case}/messages",
        f"/requests/{awaited}/works-council-opinion",
        f"/requests/{asked}/pieces",
        f"/requests/{authorized}/amendment",
        f"/requests/{authorized}/bank-account",
    ]


async def desk_pages(door: Door, database: Database, world: World) -> list[str]:
    """Pages of an agent who may sign."""
    free, decided, asked = [await filed(door, a_person(database)) for _ in range(3)]
    unproven = await filed(door, with_password(database, employer(database, proven=False)))
    late = await filed(door, a_person(database), headcount=60, works_council={"pending": True})
    with database.begin() as connection:
        connection.execute(text("UPDATE opinion SET due_on = due_on - 90 WHERE reference = :r"), {"r": late})
        holds.hold(connection, free, HoldReason.LIMITS)
        _, token = tokens.issue(connection, world.agent.who.account_id, "Tableur", TokenScope.READ)
    (await door(world.agent.who).post(f"/requests/{decided}/decision", json=a_grant(id="S1"))).raise_for_status()
    pieces = ask_for_pieces(database, asked)
    changed = await filed(door, a_person(database))
    let_silence_accept(database, changed)
    [claim], agent = waiting(database, 1), Actor(role="agent", account_id=world.agent.who.account_id)
    acts = ("", "/grant", "/refusal", "/pieces", "/checklist", "/messages", "/hand-over")
    return [
        f"/desk/requests/{unproven}/validation",
        f"/desk/requests/{late}/opinion-waiver",
        *(f"/desk/requests/{free}{act}" for act in acts),
        f"/desk/requests/{decided}/decisions/S1/cancellation",
        f"/desk/requests/{asked}/pieces/{pieces}/cancellation",
        f"/desk/requests/{changed}/bank-changes/{bank_changes.ask(database, changed)}",
        f"/desk/batch?reference={free}",
        *(f"/claims/{claim.id}{act}" for act in ("", "/refusal")),
        f"/claims/visas?claim={claim.id}",
        "/claims/instructions",
        f"/claims/instructions/{instruct(database, agent)}/revocation",
        QUOTAS,
        f"{QUOTAS}/{record(database, place_of(database, claim.reference))}/end",
        "/unit/tools",
        f"/unit/tools/{token.id}/revocation",
    ]


async def unit_pages(door: Door, database: Database, world: World) -> list[str]:
    """Pages of a head about an agent."""
    agent, case = world.agent.who.account_id, await filed(door, a_person(database))
    with database.begin() as connection:
        delegation = delegations.list_of(connection, [agent])[0].id
    return [
        "/unit/opening",
        f"/unit/agents/{agent}",
        *(f"/unit/agents/{agent}/{act}" for act in UNIT_ACTS),
        f"/unit/delegations/{delegation}/end",
        f"/unit/reassignment?reference={case}",
    ]


async def operator_pages(door: Door, database: Database, world: World) -> list[str]:
    """Pages of an operator."""
    erasure, incident = act_and_incident(database, await filed(door, a_person(database)))
    with database.begin() as connection:
        channel_states.freeze(connection, CLAIMS, "L’agence annonce une migration.", None, Actor(role="operator"))
    return [
        f"/operations/channels/{CLAIMS}/freeze",
        f"/operations/channels/{CLAIMS}/resumption",
        f"/operations/quarantine/{set_aside(database)}",
        f"/operations/deposits/{unanswered_twice(database, a_queued_claim(database), second=58)[0]}",
        f"/operations/incidents/{incident}",
        "/operations/acts/new",
        f"/operations/acts/{erasure}",
        f"/operations/accounts/{world.chief.who.account_id}/revocation",
    ]


async def visits(browser: httpx.AsyncClient, door: Door, database: Database) -> list[Visit]:
    """Open every page that has a form, and those that a form leads to."""
    world = await a_world(door, database)
    pages = [
        (world.chief, await employer_pages(door, database, world)),
        (world.waiting, ["/mandates"]),
        (world.newcomer, [f"/establishments/{world.newcomer.who.siret}/authority"]),
        (world.agent, await desk_pages(door, database, world)),
        (world.head, await unit_pages(door, database, world)),
        (world.operator, await operator_pages(door, database, world)),
        (Person(Credentials("", ""), ""), [*PUBLIC]),
    ]
    opened = [await _open(browser, person, each) for person, addresses in pages for each in addresses]
    return opened + await _later(browser, door, world, [each.address for each in opened])


async def _open(browser: httpx.AsyncClient, person: Person, address: str) -> Visit:
    answer = await browser.get(address, headers=person.headers)
    assert answer.status_code == 200, (address, answer.status_code)
    return _visit(person, address, answer)


def _visit(person: Person, address: str, answer: httpx.Response) -> Visit:
    return Visit(address, person.headers, person.cookie, forms_of(answer.text))


async def _later(browser: httpx.AsyncClient, door: Door, world: World, known: list[str]) -> list[Visit]:
    """Pages that only a form leads to: what would be signed, the secret of codes, the code of a letter."""
    grant = next(each for each in known if each.endswith("/grant"))
    pieces = next(each for each in known if each.startswith("/desk") and each.endswith("/pieces"))
    refusal = next(each for each in known if each.startswith("/claims") and each.endswith("/refusal"))
    grounds = dict(zip(("in_law", "in_fact"), CLAIM_GROUNDS, strict=True))
    authority = f"/establishments/{world.newcomer.who.siret}/authority"
    agreed = {"password": PASSWORD}
    found = [
        await _after(browser, world.agent, grant, await _held(browser, world.agent, grant)),
        await _after(browser, world.agent, pieces, await _held(browser, world.agent, pieces) | ASKED),
        await _after(browser, world.agent, refusal, grounds),
        await _after(
            browser, world.agent, QUOTAS, await _held(browser, world.agent, QUOTAS) | await _raised(door, world)
        ),
        await _after(browser, world.chief, "/account/totp", agreed),
    ]
    await _send(browser, world.newcomer, f"{authority}/letter", {})
    found.append(await _open(browser, world.newcomer, authority))
    await _require_codes(browser, world.waiting, agreed)
    return [*found, await _open(browser, world.waiting, "/account")]


async def _raised(door: Door, world: World) -> dict[str, str]:
    """What an agent types of a decision that raises a quota, its file stored before."""
    file = (await send(door(world.agent.who), PNG)).json()["id"]
    about = {"about": world.chief.who.siret, "authority": "ministers", "decided_on": "2026-01-05"}
    return about | {"year": "2026", "hours": "1200", "stored": file}


async def _require_codes(browser: httpx.AsyncClient, person: Person, agreed: Mapping[str, str]) -> None:
    shown = (await _send(browser, person, "/account/totp", agreed)).text
    secret = shown.partition('<code class="named">')[2].partition("<")[0].replace(" ", "")
    code = pyotp.TOTP(secret).now()
    assert (await _send(browser, person, "/account/totp/confirmation", {"code": code})).status_code == 200


async def _held(browser: httpx.AsyncClient, person: Person, address: str) -> dict[str, str]:
    """What the form of a page holds when it is opened."""
    page = await browser.get(address, headers=person.headers)
    form = next(each for each in forms_of(page.text) if each.action == address)
    return {name: each.set[-1] for name, each in form.fields.items() if each.set and each.set[-1]}


async def _after(browser: httpx.AsyncClient, person: Person, address: str, typed: Mapping[str, str]) -> Visit:
    """Open what a valid form leads to, at its own address."""
    answer = await _send(browser, person, address, typed)
    assert answer.status_code == 200, (address, answer.text)
    return _visit(person, address, answer)


async def _send(browser: httpx.AsyncClient, person: Person, address: str, typed: Mapping[str, str]) -> httpx.Response:
    sent = dict(typed) | {cookies.FORM_FIELD: cookies.form_token(person.cookie)}
    return await browser.post(address, data=sent, headers=person.headers)
