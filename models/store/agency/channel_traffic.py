"""What goes through a channel to the paying agency: files put and answered, rejections, and who froze or resumed it."""

from typing import Final

from sqlalchemy import Connection, select, text

from models.agency_answers import ACCEPTING, deposit_name
from models.claim_labels import AnswerFileState
from models.errors import Unknown
from models.identifiers import Instant
from models.store.agency.answer_files import AnswerFileRecord
from models.store.records import Record
from models.store.schema.agency import agency_file
from models.store.schema.journal import event

REJECTIONS_OVER_DAYS: Final = 30
"""How far back rejections are counted, by the files that they answer."""
LAST_EVENTS: Final = 30


class Traffic(Record):
    """The last file put and the last one answered, and the rows that were put and are not answered."""

    deposit: str | None
    deposited_at: Instant | None
    answers: str | None
    answered_at: Instant | None
    unanswered: int
    unanswered_since: Instant | None


class Rejection(Record):
    """A code by which the agency rejects rows, or people of rows: how often, and the last time."""

    code: str
    count: int
    of_people: bool
    last_at: Instant


class ChannelEvent(Record):
    """An event in the chain of a channel, and the account that caused it."""

    type: str
    at: Instant
    actor_id: str | None
    data: dict[str, str]


def read(connection: Connection, channel: str) -> Traffic:
    """Return what went through a channel."""
    applied = [AnswerFileState.APPLIED, AnswerFileState.REPLAYED]
    return Traffic.all(connection, _TRAFFIC, {"channel": channel, "applied": applied})[0]


def list_rejections(connection: Connection, channel: str) -> list[Rejection]:
    """Return the codes of rejections of the last files, the most frequent first."""
    row = {"channel": channel, "over": REJECTIONS_OVER_DAYS, "accepting": list(ACCEPTING)}
    return Rejection.all(connection, _REJECTIONS, row)


def list_events(connection: Connection, channel: str) -> list[ChannelEvent]:
    """Return the last events of a channel, newest first."""
    columns = event.c.type, event.c.at, event.c.actor_id, event.c.data
    query = select(*columns).where(event.c.subject == channel).order_by(event.c.seq.desc()).limit(LAST_EVENTS)
    return ChannelEvent.all(connection, query)


def get_answer_file(connection: Connection, file_id: str) -> AnswerFileRecord:
    """Return a file of answers, without its bytes; raises `Unknown`."""
    found = AnswerFileRecord.first(connection, select(agency_file).where(agency_file.c.id == file_id))
    if found is None:
        raise Unknown(file_id)
    return found


def find_sent_lines(connection: Connection, answers: str) -> dict[int, str] | None:
    """Return the key of each line of the file that some answers are about; None if we put no such file."""
    rows = connection.execute(_SENT, {"name": deposit_name(answers)}).all()
    return {row.line: row.key for row in rows} or None


_TRAFFIC: Final = text(
    "SELECT last.name AS deposit, last.written_at AS deposited_at, seen.name AS answers, seen.ended_at AS answered_at,"
    " waits.rows AS unanswered, waits.since AS unanswered_since"
    " FROM (SELECT count(*) AS rows, min(d.written_at) AS since FROM deposit d"
    "   JOIN deposit_row w ON w.deposit_id = d.id"
    "   WHERE d.channel = :channel AND d.written_at IS NOT NULL AND d.answered_at IS NULL AND NOT EXISTS"
    "   (SELECT FROM agency_answer a WHERE a.deposit_id = d.id AND a.line = w.line AND a.binding)) waits"
    " LEFT JOIN LATERAL (SELECT name, written_at FROM deposit WHERE channel = :channel AND written_at IS NOT NULL"
    "   ORDER BY written_at DESC LIMIT 1) last ON true"
    " LEFT JOIN LATERAL (SELECT name, ended_at FROM agency_file WHERE channel = :channel AND state = ANY(:applied)"
    "   ORDER BY ended_at DESC LIMIT 1) seen ON true"
)
_REJECTIONS: Final = text(
    "SELECT a.code, count(*) AS count, bool_or(a.lines <> '[]') AS of_people, max(a.answered_at) AS last_at"
    " FROM deposit d JOIN agency_answer a ON a.deposit_id = d.id"
    " WHERE d.channel = :channel AND d.written_at > clock_timestamp() - make_interval(days => :over) AND a.binding"
    " AND a.act_id IS NULL AND (a.code <> ALL(:accepting) OR a.lines <> '[]')"
    " GROUP BY a.code ORDER BY count(*) DESC, a.code"
)
_SENT: Final = text(
    "SELECT w.line, w.key FROM deposit d JOIN deposit_row w ON w.deposit_id = d.id WHERE d.name = :name"
)
