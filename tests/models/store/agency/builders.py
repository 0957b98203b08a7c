"""Claims signed, queued and handed over, with a stand-in for their signed document."""

import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import text

from models.agency_answers import answer_name
from models.bodies.operator import ExceptionBody, ExceptionKind
from models.claim_labels import ClaimState
from models.labels import HoldReason
from models.store.agency import answer_files, claim_rows, files, sent
from models.store.agency import answers as applied_answers
from models.store.agency.answer_files import AnswerFileRecord
from models.store.agency.channels import CLAIMS
from models.store.agency.claim_rows import ClaimRow
from models.store.claims import nominal_files, steps
from models.store.claims.records import ClaimRecord
from models.store.database import Database
from models.store.journal.events import Actor
from models.store.operations import exceptional_acts
from models.store.schema.journal import document
from tests.builders import staff
from tests.cases import master_key
from tests.models.store.claims import builders
from tests.models.store.claims.builders import a_person

Naming = Callable[[Database, ClaimRecord], None]
"""Makes the nominal file of an agreed claim."""
OPERATOR = Actor(role="operator")


def name_people(database: Database, claim: ClaimRecord) -> None:
    """Keep a stand-in for the nominal file of a claim."""
    with database.begin() as connection:
        nominal_files.keep(connection, claim.id, b"nominal " + claim.id.encode())


def sign(database: Database, claim: ClaimRecord, *, published: bool = True, naming: Naming = name_people) -> str:
    """Lead an admitted claim to its signature, and return the digest of its document."""
    content = b"%PDF " + claim.id.encode()
    digest = sha256(content).hexdigest()
    with database.begin() as connection:
        for each in (ClaimState.UNDER_REVIEW, ClaimState.AGREED):
            assert steps.take(connection, claim.id, each)
    naming(database, claim)
    with database.begin() as connection:
        at = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        row: dict[str, object] = {
            "reference": claim.reference,
            "kind": "claim",
            "subject": claim.id,
            "claim_id": claim.id,
        }
        row |= {"number": f"{claim.reference}00", "sha256": digest, "bytes": content, "signed_at": at}
        connection.execute(document.insert().values(row | {"published_at": at if published else None}))
        nominal = nominal_files.find_digest(connection, claim.id)
        assert nominal
        assert steps.take(connection, claim.id, ClaimState.SIGNED, nominal=nominal)
    return digest


def queue(database: Database, claim_id: str) -> list[HoldReason]:
    with database.begin() as connection:
        return claim_rows.hand_over(connection, claim_id)


def a_queued_claim(
    database: Database,
    reference: str | None = None,
    person: int = 1,
    part: int = 1,
    naming: Naming = name_people,
) -> ClaimRecord:
    """A signed claim of one person that waits for the agency."""
    claim = builders.claim(database, reference or builders.authorize(database), a_person(person), part=part)
    sign(database, claim, naming=naming)
    assert queue(database, claim.id) == []
    return claim


def hand_over(database: Database, *claims: ClaimRecord, second: int = 30) -> list[ClaimRow]:
    """Put queued claims into one file that is written, and return its rows; `second` names the file."""
    with database.begin() as connection:
        rows = claim_rows.list_ready(connection, len(claims))
        name = f"TACITE_DI_202612010915{second}.json"
        deposit = files.reserve(connection, CLAIMS, lambda _: name, b"{}", rows)
        sent.mark_written(connection, deposit.id)
        return claim_rows.list_reserved(connection, deposit.id)


def answered(
    database: Database, rows: list[ClaimRow], code: str = "0000", *, second: int = 30, rejected: Sequence[int] = ()
) -> None:
    """Apply a file of answers to every row of a file."""
    file = answer(database, rows, code, second=second, rejected=rejected)
    with database.begin() as connection:
        applied_answers.apply(connection, file, answers(rows, code, rejected))


def answer(
    database: Database, rows: list[ClaimRow], code: str = "0000", *, second: int = 30, rejected: Sequence[int] = ()
) -> AnswerFileRecord:
    """Keep a file of answers to every row of a file, without applying it."""
    with database.begin() as connection:
        return answer_files.note(
            connection,
            CLAIMS,
            answer_name(f"TACITE_DI_202612010915{second}.json"),
            answers(rows, code, rejected),
            master_key(),
        )


def answers(rows: list[ClaimRow], code: str, rejected: Sequence[int] = ()) -> bytes:
    """The bytes of answers to some rows; `rejected` are lines of their nominal files."""
    more = {"lignesRejetees": list(rejected), "libelleTraitement": "Commune inconnue"} if rejected else {}
    lines = [
        {"numLigne": n, "typeMouvement": "C", "codeTraitement": code, "empreinteDocument": each.sha256} | more
        for n, each in enumerate(rows, start=1)
    ]
    return json.dumps({"lignesTelechargement": lines}).encode()


def silent_since(database: Database, *, put: timedelta, put_again: timedelta | None = None) -> str:
    """Date the last file back, as put and put again so long ago; returns its id."""
    with database.begin() as connection:
        found: str = connection.execute(_BACK_DATE, {"put": put, "again": put_again}).scalar_one()
    return found


def unanswered_twice(database: Database, *claims: ClaimRecord, second: int = 30) -> tuple[str, list[ClaimRow]]:
    """A file that was put six days ago, again the day after, and is not answered: its id, and its rows."""
    rows = hand_over(database, *claims, second=second)
    return silent_since(database, put=timedelta(days=6), put_again=timedelta(days=5)), rows


def ask(database: Database, kind: ExceptionKind, subject: str) -> str:
    """Ask for an exceptional act; returns its id."""
    body = ExceptionBody(kind=kind, subject=subject, reason="L’agence l’a confirmé par lettre.")
    with database.begin() as connection:
        return exceptional_acts.request(connection, body, OPERATOR).id


def approve(database: Database, act_id: str) -> None:
    """Have another operator approve an act, which does it."""
    by = Actor(role="operator", account_id=staff(database, "operator").account_id)
    with database.begin() as connection:
        exceptional_acts.approve(connection, act_id, by)


def done_by_two(database: Database, kind: ExceptionKind, subject: str) -> str:
    """Do an exceptional act; returns its id."""
    act_id = ask(database, kind, subject)
    approve(database, act_id)
    return act_id


_BACK_DATE = text(
    "UPDATE deposit SET written_at = clock_timestamp() - CAST(:put AS interval),"
    " resent_at = clock_timestamp() - CAST(:again AS interval)"
    " WHERE id = (SELECT id FROM deposit WHERE channel = 'claims' ORDER BY reserved_at DESC LIMIT 1)"
    " RETURNING id::text"
)
