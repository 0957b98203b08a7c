"""Files of claims that the agency does not answer whole, and what two operators do about one.

Nothing but an answer leads a claim out of `handed`. Where none comes after a file was put twice, two operators have it
put once more, or settle a claim of it as rejected, because the agency confirmed that it did not take it.

The deposit is locked first, then entitlement and claim as everywhere. Its lock lets answers refer to it, so that a file
of answers, which holds its claims by then, never waits for an act that waits for those claims.
"""

from datetime import date
from typing import Final

from sqlalchemy import Connection, select, text

from models.agency_answers import SETTLED, SETTLED_LABEL
from models.claim_labels import ClaimState, claimed_month
from models.engine.names import claim_process
from models.errors import Conflict, Unknown
from models.identifiers import Instant
from models.store.claims import ends, records
from models.store.journal.events import Actor
from models.store.operations import answer_incidents
from models.store.records import Record
from models.store.schema.journal import deposit

NOT_AWAITED: Final = "L’ASP a répondu entre-temps à toutes les demandes de ce fichier : aucune réponse n’est attendue."
DUE_AGAIN: Final = "Ce fichier doit encore être envoyé de nouveau à l’ASP : elle pourrait alors prendre la demande."
UNREAD: Final = "Le flux est gelé : une réponse de l’ASP que rien ne lit peut y attendre."
ASKED_ALREADY: Final = "Ce fichier va déjà être envoyé de nouveau à l’ASP."
SOME_SETTLED: Final = (
    "Deux exploitants tiennent pour rejetée une demande de ce fichier : envoyé de nouveau, il pourrait la faire payer."
)


class UnansweredDeposit(Record):
    """A file of claims and its rows without a binding answer; `is_due_again` once its next put is certain."""

    id: str
    channel: str
    name: str
    written_at: Instant | None
    resent_at: Instant | None
    asked_again_at: Instant | None
    rows: int
    unanswered: int
    settled: int
    """Rows that two operators settled."""
    frozen: bool
    """Whether its channel is."""

    @property
    def is_asked_again(self) -> bool:
        """Whether two operators want it sent again, and it was not yet."""
        asked, sent = self.asked_again_at, self.resent_at
        return asked is not None and (sent is None or asked > sent)

    @property
    def is_due_again(self) -> bool:
        """Whether it is to be sent once more: by itself, as it has not been, or because two operators want it."""
        return self.resent_at is None or self.is_asked_again


class UnansweredRow(Record):
    """A row without a binding answer, and the claim that it hands over."""

    line: int
    claim_id: str
    reference: str
    month: date
    part: int
    version: int

    @property
    def claimed(self) -> str:
        """The claim in French, without its case: « avril 2021, version 2 »."""
        return claimed_month(self.month, self.part, self.version)


def list_deposits(connection: Connection, channel: str, max_rows: int = 100) -> list[UnansweredDeposit]:
    """Return the files of claims of a channel that are not answered whole, the oldest first; other rows are never."""
    return UnansweredDeposit.all(connection, _LIST, {"channel": channel, "most": max_rows})


def list_rows(connection: Connection, deposit_uuid: str, max_rows: int = 500) -> list[UnansweredRow]:
    """Return the first rows of a file without a binding answer, by their lines."""
    return UnansweredRow.all(connection, _ROWS, {"id": deposit_uuid, "most": max_rows})


def find_claim(connection: Connection, deposit_uuid: str, line: int) -> str | None:
    """Return the claim of a line of a file, answered or not; None if the file has no such line."""
    claim_id: str | None = connection.execute(_CLAIM_OF, {"id": deposit_uuid, "line": line}).scalar()
    return claim_id


def get(connection: Connection, deposit_uuid: str) -> UnansweredDeposit:
    """Return a file of claims, whether it is answered or not; raises `Unknown`."""
    found = UnansweredDeposit.first(connection, _ONE, {"id": deposit_uuid})
    if found is None:
        raise Unknown(deposit_uuid)
    return found


def hold_resendable(connection: Connection, deposit_uuid: str) -> None:
    """Lock a file that may be sent again; raises `Unknown`, or `Conflict` if nothing of it waits or a row is settled.

    The bytes of a file never change, so that the agency might take a row that was settled as rejected.
    """
    found = _hold(connection, deposit_uuid)
    if found.written_at is None or not found.unanswered:
        raise Conflict("answer-not-awaited", NOT_AWAITED)
    if found.settled:
        raise Conflict("deposit-settled", SOME_SETTLED)
    if found.is_asked_again:
        raise Conflict("deposit-due-again", ASKED_ALREADY)


def send_again(connection: Connection, deposit_uuid: str) -> None:
    """Have a file put once more, by the next run that reads answers; its silence is counted anew. Raises likewise."""
    hold_resendable(connection, deposit_uuid)
    connection.execute(_ASK_AGAIN, {"id": deposit_uuid})


def hold_rejectable(connection: Connection, claim_id: str) -> UnansweredDeposit:
    """Lock a claim that may be settled, its file and its entitlement first, and return the file.

    Raises `Unknown` or `Conflict`.

    No file of it may be on its way: it was put twice, and nobody wants it put once more. Nor may the channel be frozen:
    an answer may wait there that nobody reads.
    """
    deposit_uuid = connection.execute(_DEPOSIT_OF, {"claim": claim_id}).scalar()
    file = _hold(connection, str(deposit_uuid)) if deposit_uuid else None
    records.hold_entitlement(connection, records.get(connection, claim_id).reference)
    claim = records.hold(connection, claim_id)
    if file is None or claim.state is not ClaimState.HANDED:
        said = f"Cette demande n’attend pas, ou plus, de réponse de l’ASP. Son état : « {claim.state.label} »."
        raise Conflict("answer-not-awaited", said)
    if file.is_due_again:
        raise Conflict("deposit-due-again", DUE_AGAIN)
    if file.frozen:
        raise Conflict("channel-frozen", UNREAD)
    return file


def reject(connection: Connection, claim_id: str, act_id: str, actor: Actor) -> None:
    """Settle a claim as rejected: what it holds is given back, its process and its incident end. Raises likewise."""
    channel = hold_rejectable(connection, claim_id).channel
    row = {"claim": claim_id, "act": act_id, "code": SETTLED, "label": SETTLED_LABEL}
    connection.execute(_SETTLE, row)
    ends.end(connection, claim_id, ClaimState.REJECTED, actor, code=SETTLED, act=act_id)
    process = claim_process(records.get(connection, claim_id).subject)
    answer_incidents.tell(connection, channel, troubled=(), answered=(process,))


def _hold(connection: Connection, deposit_uuid: str) -> UnansweredDeposit:
    connection.execute(select(deposit.c.id).where(deposit.c.id == deposit_uuid).with_for_update(key_share=True))
    return get(connection, deposit_uuid)


_OPEN: Final = (
    "NOT EXISTS (SELECT FROM agency_answer a WHERE a.deposit_id = w.deposit_id AND a.line = w.line AND a.binding)"
)
_DEPOSITS: Final = (
    "SELECT d.id::text AS id, d.channel, d.name, d.written_at, d.resent_at, d.asked_again_at,"  # noqa: S608  our own text
    "  w.rows, w.unanswered, w.settled, EXISTS (SELECT FROM channel_state s WHERE s.channel = d.channel"
    "   AND s.state = 'frozen' AND (s.until_at IS NULL OR s.until_at > clock_timestamp())) AS frozen"
    f" FROM deposit d CROSS JOIN LATERAL (SELECT count(*) AS rows, count(*) FILTER (WHERE {_OPEN}) AS unanswered,"
    "  count(*) FILTER (WHERE EXISTS (SELECT FROM agency_answer a WHERE a.deposit_id = w.deposit_id"
    "   AND a.line = w.line AND a.act_id IS NOT NULL)) AS settled"
    "  FROM deposit_row w WHERE w.deposit_id = d.id AND w.claim_id IS NOT NULL) w WHERE w.rows > 0"
)
_LIST: Final = text(
    f"{_DEPOSITS} AND d.channel = :channel AND d.written_at IS NOT NULL AND d.answered_at IS NULL"
    " AND w.unanswered > 0 ORDER BY d.written_at, d.id LIMIT :most"
)
_ONE: Final = text(f"{_DEPOSITS} AND d.id = CAST(:id AS uuid)")
_ROWS: Final = text(
    "SELECT w.line, c.id::text AS claim_id, c.reference, c.month, c.part, c.version"  # noqa: S608  our own text
    f" FROM deposit_row w JOIN claim c ON c.id = w.claim_id WHERE w.deposit_id = CAST(:id AS uuid) AND {_OPEN}"
    " ORDER BY w.line LIMIT :most"
)
_CLAIM_OF: Final = text("SELECT claim_id::text FROM deposit_row WHERE deposit_id = CAST(:id AS uuid) AND line = :line")
_DEPOSIT_OF: Final = text("SELECT deposit_id::text FROM deposit_row WHERE claim_id = CAST(:claim AS uuid)")
_ASK_AGAIN: Final = text("UPDATE deposit SET asked_again_at = clock_timestamp(), runs = 0 WHERE id = CAST(:id AS uuid)")
_SETTLE: Final = text(
    "INSERT INTO agency_answer (deposit_id, line, nth, claim_id, act_id, code, label, binding)"
    " SELECT w.deposit_id, w.line, coalesce((SELECT max(nth) FROM agency_answer a WHERE a.deposit_id = w.deposit_id"
    "   AND a.line = w.line), 0) + 1, w.claim_id, CAST(:act AS uuid), :code, :label, true"
    " FROM deposit_row w WHERE w.claim_id = CAST(:claim AS uuid)"
)
