"""Cases written to the register through the store: the smallest valid ones, with changes."""

import secrets
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import TypeAdapter
from sqlalchemy import Connection
from stdnum import luhn

from law.calendar import local
from law.enrolment import credentials_delay
from law.grounds import Ground
from law.opinion import opinion_duty
from law.silence import silence
from models.bodies.completion import CompletionRequestBody
from models.bodies.decision import ChecklistBody, DecisionBody, GrantBody, RefusalBody
from models.bodies.enrolment import EnrolmentBody
from models.bodies.filing import Filing, OpinionPending
from models.bodies.unit import OUTCOMES, DelegationBody
from models.engine.keys import BlindKey, MasterKey
from models.labels import Proof
from models.roles import SIGNING, actor_role, role_named
from models.store.cases import checklists, completions, decisions, requests
from models.store.cases.silence import establish
from models.store.database import Database
from models.store.journal.events import Actor
from models.store.journal.idempotency import digest
from models.store.people import accounts, authorities, delegations, enrolment_requests, enrolments, series
from models.store.people.enrolments import EnrolmentRecord
from models.terms import VERSIONS, terms

DEPARTMENT = "34"
AUTHOR = "Jeanne Martin, responsable des ressources humaines"
HOLDER = "Ateliers Durand SAS"
IBAN = "FR1420041010050500013M02606"
CIRCUMSTANCES = "Inondation de l’atelier principal dans la nuit du 14 au 15 novembre."
EMAIL = "jeanne.martin@ateliers-durand.invalid"
GROUNDS = [
    "La demande ne relève d’aucun motif de l’article R. 5122-1 du code du travail.",
    "Les ateliers sont restés ouverts et le carnet de commandes est plein.",
]
"""Reasons of law and of fact that suffice for any request."""
SENTINELS = (AUTHOR, "Jeanne Martin", HOLDER, IBAN, CIRCUMSTANCES, "Inondation")
"""Texts that no history, mail, log or error may contain."""


@dataclass(frozen=True)
class Employer:
    """An account and the one establishment it may file for."""

    account_id: str
    siret: str
    department: str


def a_master_key(folder: Path) -> Path:
    """Write the master key that `file_a_case` uses by default, for programs that read the same register."""
    file = folder / "master.key"
    file.write_bytes(b64encode(bytes(range(32))))
    return file


def a_blind_key(folder: Path) -> Path:
    """Write the key under which people of claims are found again."""
    file = folder / "blind.key"
    file.write_bytes(b64encode(bytes(range(32, 64))))
    return file


@cache
def blind_key() -> BlindKey:
    """The default key of blind indexes, loaded."""
    with TemporaryDirectory() as folder:
        return BlindKey(a_blind_key(Path(folder)))


@cache
def master_key() -> MasterKey:
    """The default master key, loaded."""
    with TemporaryDirectory() as folder:
        return MasterKey(a_master_key(Path(folder)))


_sirens = count(secrets.randbelow(10**7))


def a_siret() -> str:
    """A valid SIRET, unique in this process: among two thousand random ones, two may well be equal."""
    siren = f"8{next(_sirens) % 10**7:07}"
    siren += luhn.calc_check_digit(siren)
    return siren + "0001" + luhn.calc_check_digit(siren + "0001")


def a_filing(**changes: object) -> Filing:
    """The request of an employer of 42 employees; `changes` replace members of the body."""
    body: dict[str, object] = {
        "ground": Ground.DISASTER_OR_WEATHER,
        "circumstances": CIRCUMSTANCES,
        "perimeter": "partial_closure",
        "period": {"start_on": "2026-12-01", "end_on": "2027-02-28"},
        "headcount": 42,
        "employees": 42,
        "hours": "12000",
        "bank_account": {"iban": IBAN, "holder": HOLDER},
        "works_council": {"not_required": "fewer_than_50"},
    }
    return Filing.model_validate(body | changes)


def an_employer(
    connection: Connection, siret: str = "", department: str = DEPARTMENT, *, proven: bool = True
) -> Employer:
    """Create an employer's account and its establishment, whose authority is proven."""
    establishment = accounts.Establishment(
        siret=siret or a_siret(),
        department=department,
        name="Ateliers Durand",
        address="12, rue de l’Église, 34000 Montpellier",
    )
    account_id = accounts.create(connection, "employer", AUTHOR, EMAIL)
    accounts.enrol(connection, account_id, establishment)
    if proven:
        authorities.record(connection, establishment.siret, account_id, Proof.TRIAL)
    return Employer(account_id, establishment.siret, department)


def a_delegation(**changes: object) -> DelegationBody:
    """A delegation for every outcome in Hérault from today, signed with the delegate's certificate."""
    departments = TypeAdapter(list[str]).validate_python(changes.get("departments", [DEPARTMENT]))
    body = {
        "outcomes": OUTCOMES,
        "departments": departments,
        "from_on": min(local(datetime.now(UTC), each).date() for each in departments),
        "certificate": "delegate",
        "act": "arrêté du 3 janvier 2024 portant délégation de signature",
    }
    return DelegationBody.model_validate(body | changes)


def an_agent(database: Database, role: str = "agent", *departments: str, name: str = "Nadia Perrin") -> Actor:
    """Create an agent (or a head) in charge of départements, of Hérault by default; with a delegation if it signs."""
    with database.begin() as connection:
        email = f"{role}.{secrets.token_hex(4)}@service-034.invalid"
        charge = departments or (DEPARTMENT,)
        created = accounts.create(connection, role, name, email, departments=charge)
        if role_named(role) in SIGNING:
            delegations.give(connection, created, a_delegation(departments=list(charge)), None)
    return Actor.model_validate({"role": actor_role(role_named(role)), "account_id": created})


def an_enrolment(**changes: object) -> dict[str, object]:
    """A request to enrol an unknown establishment; `changes` replace members."""
    return {
        "siret": a_siret(),
        "name": "Ateliers Durand",
        "address": "12, rue de l’Église, 34000 Montpellier",
        "department": DEPARTMENT,
        "person": {"name": "Jeanne Martin", "quality": "responsable des ressources humaines"},
        "email": EMAIL,
        "terms": {"version": VERSIONS[-1], "accepted": True},
    } | changes


def ask_to_enrol(database: Database, **changes: object) -> EnrolmentRecord:
    """Request enrolment as the API does, in one transaction."""
    body = EnrolmentBody.model_validate(an_enrolment(**changes))
    with database.begin() as connection:
        delay = credentials_delay(enrolments.requested_now(connection), body.department or DEPARTMENT)
        return enrolment_requests.enrol(connection, body, delay, terms(body.terms.version), master_key())


def in_a_month() -> str:
    """A limit for the supply of pieces that the law admits today."""
    return (datetime.now(UTC).date() + timedelta(days=30)).isoformat()


def file_a_case(
    database: Database,
    *,
    employer: Employer | None = None,
    department: str = DEPARTMENT,
    received_at: datetime | None = None,
    left: timedelta | None = None,
    clock_offset: timedelta = timedelta(),
    master: MasterKey | None = None,
    **changes: object,
) -> str:
    """File a request as the API does, in one transaction; returns its reference.

    `employer` is a new one by default; `received_at` is now by the case's clock; `left` sets that clock so
    that silence is that far away; `changes` are members of the body. No rule of law is checked.
    """
    filing = a_filing(**changes)
    with database.begin() as connection:
        by = employer or an_employer(connection, department=department)
        received = received_at or requests.received_now(connection, clock_offset)
        delay = silence(received, by.department, law_on=filing.law_on)
        if left is not None:
            clock_offset = delay.tacit_acceptance_at - left - requests.received_now(connection)
        reference = series.next_reference(connection, by.siret, by.account_id)
        entry = requests.NewRequest(
            reference=reference,
            filing=filing,
            silence=delay,
            siret=by.siret,
            department=by.department,
            account_id=by.account_id,
            author=AUTHOR,
            opinion_due_on=_opinion_due_on(filing, received, by.department),
            clock_offset=clock_offset,
        )
        actor = Actor(role="employer", account_id=by.account_id)
        requests.file(connection, entry, master or master_key(), actor)
    return reference


def _opinion_due_on(filing: Filing, received: datetime, department: str) -> date | None:
    if not isinstance(filing.works_council, OpinionPending):
        return None
    on = local(received, department).date()
    return opinion_duty(filing.ground, on, filing.headcount, law_on=filing.law_on).due_on


def register_a_decision(database: Database, reference: str, agent: Actor, **body: object) -> str:
    """Register a decision as the API does, by default a grant of everything requested; returns its id."""
    members = {"id": f"D-{secrets.token_hex(4)}", "outcome": "grant"} | body
    adapter: TypeAdapter[GrantBody | RefusalBody] = TypeAdapter(DecisionBody)
    with database.begin() as connection:
        decision = adapter.validate_python(members)
        registered = decisions.register(connection, reference, decision, digest(members), actor=agent)
    return registered.id


def request_pieces(database: Database, reference: str, agent: Actor, **body: object) -> str:
    """Register a request for one piece as the API does; returns its id."""
    members = {
        "id": f"P-{secrets.token_hex(4)}",
        "pieces": [{"code": "circumstances", "label": "Précisions", "text_reference": "R. 5122-2"}],
        "reasons": "Les circonstances ne disent pas quels ateliers sont fermés.",
        "due_on": in_a_month(),
    } | body
    with database.begin() as connection:
        request_body = CompletionRequestBody.model_validate(members)
        return completions.register(connection, reference, request_body, digest(members), agent).id


def attest(database: Database, reference: str, agent: Actor) -> None:
    items = [
        {"code": "ground", "label": "Le motif est établi.", "attested": True},
        {"code": "hours", "label": "Les heures sont plausibles.", "attested": False},
    ]
    with database.begin() as connection:
        checklists.attest(connection, reference, ChecklistBody.model_validate({"items": items}), agent)


def somebody(database: Database) -> str:
    with database.begin() as connection:
        return accounts.create(connection, "employer", "Jeanne Martin", "jeanne@tacite.invalid")


def notify_a_decision(database: Database, reference: str, **body: object) -> str:
    """Register, sign and notify a decision, as an agent and the process do; returns its id."""
    decided = register_a_decision(database, reference, an_agent(database), **body)
    with database.begin() as connection:
        decisions.sign(connection, decided)
        decisions.notify(connection, decided)
    return decided


def ask_for_pieces(database: Database, reference: str, **body: object) -> str:
    """Request pieces and notify the request, which stops the clock; returns its id."""
    asked = request_pieces(database, reference, an_agent(database), **body)
    with database.begin() as connection:
        completions.notify(connection, asked)
    return asked


def let_silence_accept(database: Database, reference: str) -> None:
    """Let the delay of a case pass, and establish its silence."""
    with database.begin() as connection:
        accept_by_silence(connection, reference)


def accept_by_silence(connection: Connection, reference: str) -> None:
    """Do so in a transaction."""
    requests.advance(connection, reference, timedelta(days=20))
    establish(connection, reference)
