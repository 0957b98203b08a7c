"""Requests: filed in one transaction with all they need, read by reference, closed at their end."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import (
    Connection,
    bindparam,
    func,
    insert,
    select,
    text,
    update,
)

from law.calendar import local
from law.opinion import recorded_form
from law.silence import LegalDelay
from models.bodies.filing import Filing
from models.engine.keys import MasterKey
from models.engine.names import authorization_id
from models.errors import Unknown
from models.explanations import reason_records
from models.labels import AUTHORIZING, CaseEvent, FilingSignal, Outcome
from models.messages.case import Case, Receipt
from models.store.cases.controls import SHARED_SINCE
from models.store.cases.files import StoredFile
from models.store.cases.records import NominalRecord, ReceiptRecord, RequestRecord
from models.store.journal import events, keys, outbox
from models.store.journal.events import Actor
from models.store.journal.representation import acting_party
from models.store.people import delegations
from models.store.schema.cases import establishment, nominal, opinion, receipt, request

DEAD = (Outcome.REFUSED, Outcome.DESISTED)
"""Outcomes after which a period may be requested again."""
MAX_OF_ESTABLISHMENT = 50
"""Requests of an establishment shown beside one of them."""
NO_COUNCIL = ("fewer_than_50", "no_council")
"""Forms of the opinion stating that there is no council to consult or inform."""


def received_now(connection: Connection, offset: timedelta = timedelta()) -> datetime:
    """Return the instant of a reception: the database's clock plus `offset`, to the second."""
    at: datetime = connection.execute(_RECEIVED_NOW, {"o": offset}).scalar_one()
    return at


_RECEIVED_NOW = text("SELECT date_trunc('second', clock_timestamp() + :o)")


def hold_establishment(connection: Connection, siret: str) -> None:
    """Lock an establishment until the end of the transaction, so that its filings are serialized."""
    connection.execute(_HOLD_ESTABLISHMENT, {"of": siret}).scalar_one()


_HOLD_ESTABLISHMENT = select(establishment.c.siret).where(establishment.c.siret == bindparam("of")).with_for_update()


@dataclass(frozen=True, slots=True)
class NewRequest:
    """A request to be filed: what is stated, by whom, and the delay of silence that its reception starts."""

    reference: str
    filing: Filing
    silence: LegalDelay
    siret: str
    department: str
    account_id: str
    author: str
    opinion_due_on: date | None
    online: bool = True
    clock_offset: timedelta = timedelta()
    signals: tuple[FilingSignal, ...] = ()
    scan: StoredFile | None = None
    """The scanned request, of one on paper."""


def refuse_paper(connection: Connection, actor: Actor, department: str) -> None:
    """Raise `NotAllowed` unless somebody may register paper requests: silence may already have accepted them."""
    today = local(received_now(connection), department).date()
    delegations.require(connection, actor.account_id, department, today, "grant")


def file(connection: Connection, entry: NewRequest, master: MasterKey, actor: Actor) -> None:
    """File a request: write its row, nominal data, receipt, opinion, key, event and outbox message.

    Raises `NotAllowed` for one on paper that its registrar may not register.
    """
    if not entry.online:
        refuse_paper(connection, actor, entry.department)
    reference, process = entry.reference, authorization_id(entry.reference)
    named = {
        "reference": reference,
        "author": entry.author,
        "circumstances": entry.filing.circumstances,
        "iban": entry.filing.bank_account.iban,
        "holder": entry.filing.bank_account.holder,
        "iban_mark": master.mark_iban(entry.filing.bank_account.iban),
    }
    for_whom = {"at": entry.siret, "by": entry.account_id, "alone": entry.account_id if entry.online else None}
    connection.execute(_REQUEST, _stated(entry) | _fixed(entry) | for_whom)
    connection.execute(_NOMINAL, named)
    add_receipt(connection, reference, 1, entry.silence)
    _add_opinion(connection, entry)
    keys.create(connection, process, master)
    at, scanned = entry.silence.received_at, {"scan": entry.scan.sha256} if entry.scan else {}
    events.append(connection, reference, CaseEvent.REQUEST_RECEIVED, at, actor, recorded_at=None, **scanned)
    outbox.enqueue(connection, process, "start")


def _stated(entry: NewRequest) -> dict[str, object]:
    """Return what the employer states, by column."""
    filing = entry.filing
    same = {"ground", "perimeter", "headcount", "employees", "hours", "direct_payment", "other_employees", "law_on"}
    return filing.model_dump(include=same) | {
        "placement_on": filing.placed_on,
        "start_on": filing.period.start_on,
        "end_on": filing.period.end_on,
        "commitments": [each.model_dump(mode="json") for each in filing.commitments],
    }


def _fixed(entry: NewRequest) -> dict[str, object]:
    """Return what the reception fixes, by column."""
    return {
        "reference": entry.reference,
        "siret": entry.siret,
        "account_id": entry.account_id,
        "department": entry.department,
        "channel": "online" if entry.online else "paper",
        "received_at": entry.silence.received_at,
        "deadline_at": entry.silence.tacit_acceptance_at,
        "clock_offset": entry.clock_offset,
        "filing_signals": list(entry.signals),
        "scan_id": entry.scan and entry.scan.id,
    }


def add_receipt(connection: Connection, reference: str, version: int, silence: LegalDelay) -> None:
    """Store what a reception fixes: the rule, the instant of tacit acceptance, and the explanation."""
    why = reason_records(silence.why)
    row = {
        "reference": reference,
        "version": version,
        "received_at": silence.received_at,
        "rule": silence.rule,
        "last_day_on": silence.last_day_on,
        "tacit_acceptance_at": silence.tacit_acceptance_at,
        "why": [each.model_dump() for each in why],
    }
    connection.execute(_RECEIPT, row)


def _add_opinion(connection: Connection, entry: NewRequest) -> None:
    stated = entry.filing.works_council
    given = stated.given
    row = {
        "reference": entry.reference,
        "version": 1,
        "form": recorded_form(stated.form, given.opinion if given else None),
        "given_on": given and given.given_on,
        "file_id": given and given.file,
        "due_on": entry.opinion_due_on,
    }
    connection.execute(_OPINION, row)


# Built once: building and compiling these statements was half the cost of a filing.
_NOMINAL, _RECEIPT, _OPINION = (insert(table) for table in (nominal, receipt, opinion))
_BY = bindparam("by", type_=request.c.account_id.type)
_ALONE = bindparam("alone", type_=request.c.party.type)
_REQUEST = insert(request).values(party=func.coalesce(acting_party(bindparam("at"), _BY), _ALONE))


def get(connection: Connection, reference: str, *, hold: bool = False) -> RequestRecord:
    """Return a request (9 characters), locked until the end of the transaction if `hold`; raises `Unknown`."""
    row = connection.execute(_HOLD if hold else _GET, {"wanted": reference}).mappings().first()
    if row is None:
        raise Unknown(reference)
    return RequestRecord.of(row)


_GET = select(request).where(request.c.reference == bindparam("wanted"))
_HOLD = _GET.with_for_update()


def keep(connection: Connection, reference: str) -> None:
    """Keep a request from being deleted until the end of the transaction; whoever changes it does not wait."""
    connection.execute(_KEEP, {"wanted": reference})


_KEEP = select(request.c.reference).where(request.c.reference == bindparam("wanted"))
_KEEP = _KEEP.with_for_update(read=True, key_share=True)


def get_nominal(connection: Connection, reference: str) -> NominalRecord:
    """Return the nominal data of a request."""
    row = connection.execute(select(nominal).where(nominal.c.reference == reference)).mappings().one()
    return NominalRecord.of(row)


def find_nominal(connection: Connection, reference: str) -> NominalRecord | None:
    """Return the nominal data of a request, or None once they are erased."""
    return NominalRecord.first(connection, select(nominal).where(nominal.c.reference == reference))


def list_receipts(connection: Connection, reference: str) -> list[ReceiptRecord]:
    """Return the receipts of a request, oldest first."""
    rows = connection.execute(_RECEIPTS, {"of": reference})
    return [
        ReceiptRecord.model_validate({name: row[name] for name in ReceiptRecord.model_fields})
        for row in rows.mappings()
    ]


_RECEIPTS = select(receipt).where(receipt.c.reference == bindparam("of")).order_by(receipt.c.version)


def list_of_establishment(connection: Connection, siret: str, departments: Collection[str]) -> list[RequestRecord]:
    """Return the latest requests of an establishment that were filed in these départements, newest first."""
    mine = (request.c.siret == siret, request.c.department.in_(departments))
    query = select(request).where(*mine).order_by(request.c.received_at.desc(), request.c.reference)
    return RequestRecord.all(connection, query.limit(MAX_OF_ESTABLISHMENT))


def get_last_receipt(connection: Connection, reference: str) -> Receipt:
    """Return the last receipt of a request, without its explanation."""
    return Receipt.model_validate(list_receipts(connection, reference)[-1].model_dump(exclude={"why"}))


def get_case(connection: Connection, reference: str) -> Case:
    """Build the input of a request's process."""
    record = get(connection, reference)
    stated = connection.execute(
        select(opinion.c.form, opinion.c.due_on).where(opinion.c.reference == reference, opinion.c.version == 1)
    ).one()
    return Case(
        reference=reference,
        department=record.department,
        receipt=get_last_receipt(connection, reference),
        opinion_due_on=stated.due_on,
        council=stated.form not in NO_COUNCIL,
        end_on=record.end_on,
        filed_on=record.law_day,
    )


def add_signals(connection: Connection, reference: str, signals: list[str]) -> None:
    """Store the signals that the controls raised, for the agent."""
    connection.execute(update(request).where(request.c.reference == reference).values(signals=signals))


def see_signals(connection: Connection, reference: str, sentences: Sequence[str] | None = None) -> None:
    """Note that a signatory decides with the signals of the case before their eyes: those that come later are open.

    Those of its accepted amendments are seen with it, and that of an account that others gave since; only these
    `sentences` where they are given.
    """
    row: dict[str, object] = {"reference": reference, "since": SHARED_SINCE, "accepted": list(AUTHORIZING)}
    if sentences is None:
        connection.execute(_SEE, row)
    else:
        connection.execute(_SEE_THESE, row | {"seen": list(sentences)})


_SEE = text(
    "UPDATE request SET seen_signals = signals || jsonb_build_array(CAST(:since AS text))"
    " WHERE reference = :reference OR amends = :reference AND outcome = ANY(:accepted)"
)
_SEE_THESE = text(
    "UPDATE request SET seen_signals = (SELECT coalesce(jsonb_agg(s.sentence), '[]') FROM"
    "   (SELECT jsonb_array_elements_text(seen_signals) UNION"
    "    SELECT n.sentence FROM jsonb_array_elements_text(signals || jsonb_build_array(CAST(:since AS text)))"
    "    n (sentence) WHERE n.sentence = ANY(CAST(:seen AS text[]))) s (sentence))"
    " WHERE reference = :reference OR amends = :reference AND outcome = ANY(:accepted)"
)


def assign(connection: Connection, reference: str, account_id: str | None) -> None:
    """Put a case in an agent's charge, or hand it back."""
    connection.execute(update(request).where(request.c.reference == reference).values(assigned_to=account_id))


def close(connection: Connection, reference: str, at: datetime) -> None:
    """Mark a case as closed: its process has ended."""
    connection.execute(
        update(request).where(request.c.reference == reference, request.c.closed_at.is_(None)).values(closed_at=at)
    )


def advance(connection: Connection, reference: str, by: timedelta) -> None:
    """Raise a case's clock offset (development profile only)."""
    connection.execute(
        update(request).where(request.c.reference == reference).values(clock_offset=request.c.clock_offset + by)
    )
