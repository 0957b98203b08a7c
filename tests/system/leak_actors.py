"""Actors who write sentinels wherever a person can enter text, and take cases through every path."""

from base64 import b64decode
from contextlib import ExitStack
from datetime import timedelta
from typing import Final

import httpx

from cli.environment import OPERATOR
from local.engine import NAMESPACE
from local.time_travel import TimeTravel
from local.world import World
from models.engine.client import connect
from models.engine.keys import MasterKey
from models.labels import Proof
from models.store.database import Database
from models.store.journal.keys import StoredKeys
from models.store.people import accounts, authorities, delegations, tokens
from tests.builders import (
    SIGNATORIES,
    Credentials,
    a_completion_request,
    a_draft,
    a_filing,
    a_grant,
    a_refusal,
)
from tests.cases import GROUNDS, a_delegation, a_siret
from tests.system.people import Person, event_types, until
from tests.system.sentinels import Sentinels

PATHS: Final = ("granted", "refused", "silent", "desisted", "draft", "paper")
"""Paths of cases, with one establishment each."""
DEPARTMENT: Final = "34"


class LeakActors:
    """An employer of many establishments, an agent and an operator, all with names that must not leak."""

    def __init__(self, world: World, database: Database, stack: ExitStack) -> None:
        self.world = world
        self.database = database
        self.sentinels = Sentinels()
        self.siret: dict[str, str] = {}
        self.case: dict[str, str] = {}
        """Reference by path."""
        employer, agent, operator = (self._account(role) for role in ("employer", "agent", "operator"))
        self.boss, self.agent, self.operator = (
            stack.enter_context(Person(world, who)) for who in (employer, agent, operator)
        )

    @property
    def problems(self) -> list[str]:
        """The text of every error answer."""
        return [*self.boss.problems, *self.agent.problems, *self.operator.problems]

    def _account(self, role: str) -> Credentials:
        name, email = (
            # what follows a comma is no part of the name that the certificate bears
            (f"{SIGNATORIES['signatory']}, " if role == "agent" else "") + self.sentinels.text(f"{role} name"),
            f"{self.sentinels.word(f'{role} email')}@example.invalid",
        )
        with self.database.begin() as connection:
            charge = (DEPARTMENT,) if role == "agent" else ()
            account = accounts.create(connection, role, name, email, departments=charge)
            if charge:
                delegations.give(connection, account, a_delegation(departments=list(charge)), None)
            for path_name in PATHS if role == "employer" else ():
                self.siret[path_name] = a_siret()
                accounts.enrol(connection, account, self._establishment(self.siret[path_name]))
                authorities.record(connection, self.siret[path_name], account, Proof.TRIAL)
            return Credentials(account, tokens.issue(connection, account, "Essai", by=OPERATOR)[0])

    def _establishment(self, siret: str) -> accounts.Establishment:
        name, address = self.sentinels.text("establishment"), self.sentinels.text("address")
        return accounts.Establishment(siret=siret, department=DEPARTMENT, name=name, address=address)

    def body(self, path: str, **changes: object) -> dict[str, object]:
        """Return a request that contains sentinels."""
        text = self.sentinels.text
        account = {"iban": self.sentinels.iban("iban"), "holder": text("holder")}
        promise = {"kind": "keep_jobs", "detail": text("commitment"), "until_on": "2027-12-31"}
        stated = {"circumstances": text("circumstances"), "bank_account": account, "commitments": [promise]}
        return a_filing(siret=self.siret[path], **stated) | changes

    def file(self) -> None:
        """File on each path except the draft's; one request has its opinion, another gets it later."""
        opinion = {"opinion": "favourable", "given_on": "2026-11-20", "file": self._upload("file")}
        stated = {
            "granted": {"headcount": 120, "works_council": opinion},
            "refused": {},
            "silent": {"headcount": 120, "works_council": {"pending": True}},
            "desisted": {},
        }
        for path, changes in stated.items():
            answer = self.boss.post("/requests", self.body(path, **changes), key=self.sentinels.word(f"{path} key"))
            assert answer.status_code == 201, answer.text
            self.case[path] = answer.json()["reference"]

    def file_on_paper(self) -> None:
        """Have the agent register a paper request of 2014."""
        given = {
            "opinion": "favourable",
            "given_on": "2014-05-28",
            "file": self._upload("paper file", self.agent),
        }
        paper = self.body(
            "paper",
            period={"start_on": "2014-06-16", "end_on": "2014-08-31"},
            circumstances=self.sentinels.text("circumstances on paper"),
            works_council={"delegates": given},
        )
        answer = self.agent.post("/paper-requests", {"received_at": "2014-06-02T10:00:00+02:00", "request": paper})
        assert answer.status_code == 201, answer.text
        self.case["paper"] = answer.json()["reference"]

    def _upload(self, name: str, person: Person | None = None) -> str:
        """Upload a table that contains a sentinel, under a name that is one."""
        content = f"nom;heures\n{self.sentinels.text(name)};35\nautre;35\n".encode()
        answer = (person or self.boss).upload(f"{self.sentinels.word(name + ' name')}.csv", content)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def open_a_draft(self) -> None:
        """Open, complete and file a draft."""
        text = self.sentinels.text
        draft = self.boss.post("/drafts", a_draft(siret=self.siret["draft"])).json()["id"]
        body = self.body("draft", circumstances=text("circumstances of a draft"))
        changed = self.boss.call("PATCH", f"/drafts/{draft}", json={k: v for k, v in body.items() if k != "siret"})
        assert changed.status_code == 200, changed.text
        self.case["draft"] = self.boss.post(f"/drafts/{draft}/filing").json()["reference"]

    def complete_and_grant(self) -> None:
        """Request and supply pieces, attest the checklist, and grant in part."""
        text, case = self.sentinels.text, f"/requests/{self.case['granted']}"
        pieces = [
            {"code": code, "label": text(f"label of {code}"), "text_reference": "R. 5122-2"}
            for code in ("circumstances", "employees")
        ]
        pieces_wanted = a_completion_request(
            pieces=pieces, reasons=f"Il manque de quoi juger la demande : {text('reasons of completion')}"
        )
        until(
            lambda: self.agent.post(f"{case}/completion-requests", pieces_wanted).status_code == 200,
            "the pieces",
        )
        supplied = [
            {"code": "circumstances", "text": text("piece")},
            {"code": "employees", "file": self._upload("piece file")},
        ]
        assert self.boss.post(f"{case}/completion", {"pieces": supplied}).json()["receipt"]
        items = [{"code": "ground", "label": text("checklist"), "attested": True}]
        assert self.agent.post(f"{case}/checklist", {"items": items}).status_code in (200, 201)
        promise = {"kind": "training", "detail": text("commitment granted"), "until_on": "2027-12-31"}
        grant = a_grant(
            employees=3, grounds=[GROUNDS[0], f"Constaté dans les ateliers : {text('grounds')}"], commitments=[promise]
        )
        until(lambda: self.agent.post(f"{case}/decision", grant).status_code == 200, "the grant")

    def refuse(self) -> None:
        """Refuse a request, with reasons."""
        fact = f"Constaté dans les ateliers : {self.sentinels.text('reasons of refusal')}"
        refusal = a_refusal(id="D2", grounds=[GROUNDS[0], fact])
        path = f"/requests/{self.case['refused']}/decision"
        until(lambda: self.agent.post(path, refusal).status_code == 200, "the refusal")

    def desist(self) -> None:
        """Desist from a request."""
        assert self.boss.post(f"/requests/{self.case['desisted']}/desistment").status_code == 200

    def supply_an_opinion(self) -> None:
        """Supply the opinion that was pending."""
        body = {"opinion": "unfavourable", "given_on": "2026-11-21", "file": self._upload("later file")}
        answer = self.boss.post(f"/requests/{self.case['silent']}/works-council-opinion", body)
        assert answer.status_code == 200, answer.text

    async def let_silence_come(self) -> None:
        """Let one request reach silence: reminders are sent, then its attestation."""
        keys = StoredKeys(self.database, MasterKey(self.world.master_key))
        client = await connect(self.world.engine.address, NAMESPACE, keys)
        await TimeTravel(self.database, client).advance(self.case["silent"], timedelta(days=20))

    def incidents(self) -> list[dict[str, str]]:
        """Return the open incidents, as the operator sees them."""
        items: list[dict[str, str]] = self.operator.get("/incidents").json()["items"]
        return items

    def decode(self, payloads: list[object]) -> list[bytes]:
        """Return payloads as the operator reads them."""
        answer = self.operator.post("/codec/decode", {"payloads": payloads})
        return [b64decode(each.get("data", "")) for each in answer.json()["payloads"]] if payloads else []

    def resume(self) -> None:
        """Resume every incident, with a reason."""
        for incident in self.incidents():
            reason = {"reason": self.sentinels.text("reason of resuming")}
            answer = self.operator.post(f"/incidents/{incident['id']}/resume", reason)
            closed_by_itself = answer.status_code == 409 and "/problems/not-parked" in answer.text
            assert answer.status_code == 202 or closed_by_itself, answer.text

    def send_what_is_wrong(self) -> None:
        """Send invalid inputs with sentinels that must be neither returned nor stored."""
        text, word, case = self.sentinels.text, self.sentinels.word, f"/requests/{self.case['refused']}"
        iban = "FR00" + self.sentinels.iban("wrong account")[4:]
        account = {"iban": iban, "holder": "Ateliers"}
        for body in (
            self.body("refused", circumstances=[text("wrong circumstances")]),
            self.body("refused") | {text("wrong member"): text("wrong member")},
            self.body("refused", ground=text("wrong ground"), perimeter=word("wrong perimeter")),
            self.body("refused", bank_account=account),
            self.body("refused", period={"start_on": text("wrong day"), "end_on": "2027-02-28"}),
            self.body("refused", siret=text("wrong siret")),
        ):
            assert self.boss.post("/requests", body).status_code == 422
        broken = f'{{"circumstances": "{text("wrong JSON")}'.encode()
        json_kind = {"Content-Type": "application/json"}
        for status, answer in (
            (422, self.boss.call("POST", "/requests", content=broken, headers=json_kind)),
            (404, self.boss.get(f"/requests/{word('wrong reference')}")),
            (422, self.boss.call("GET", "/deadlines", params={"received_at": text("wrong parameter")})),
            (
                422,
                self.boss.upload(f"{word('wrong file name')}.bin", b"\x00\x01" + text("wrong file").encode()),
            ),
            (422, self.agent.post(f"{case}/decision", {"id": "D9", "outcome": text("wrong decision")})),
            (
                409,
                self.agent.post(
                    f"{case}/decision",
                    a_refusal(id="D8", grounds=[GROUNDS[0], f"Constaté trop tard : {text('late reason')}"]),
                ),
            ),
            (
                409,
                self.boss.post(f"{case}/completion", {"pieces": [{"code": "a", "text": text("late piece")}]}),
            ),
        ):
            assert answer.status_code == status, answer.text
        self._call_with_a_wrong_token()

    def _call_with_a_wrong_token(self) -> None:
        headers = {"Authorization": f"Bearer {self.sentinels.word('wrong token')}"}
        answer = httpx.post(f"{self.world.site}/api/v1/requests", headers=headers, json={}, timeout=20)
        assert answer.status_code == 401
        self.boss.problems.append(answer.text)

    def wait(self) -> None:
        """Wait until all resulting work is done."""
        left = "SELECT count(*) FROM {} WHERE {} IS NULL"
        for table, column in (("outbox", "done_at"), ("notice", "sent_at"), ("incident", "closed_at")):
            until(lambda: self._count(left.format(table, column)) == 0, f"nothing left in {table}")  # noqa: B023
        for path, event in (
            ("granted", "handed_to_asp"),
            ("silent", "handed_to_asp"),
            ("desisted", "case_closed"),
        ):
            view = f"/requests/{self.case[path]}"
            until(lambda: event in event_types(self.boss.get(view).json()), event)  # noqa: B023

    def _count(self, statement: str) -> int:
        with self.database.begin() as connection:
            count: int = connection.exec_driver_sql(statement).scalar_one()
            return count
