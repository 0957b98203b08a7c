"""Answers of the paying agency applied to claims: a file is one transaction, each row is answered once.

A row that cannot be applied holds up no other: the file is tried again, and its other rows are repeats then.
The first final answer to a row binds. An equal one later is ignored, a different one is kept beside it and told as a
trouble. What two operators settled binds too: that the agency has the row after all is a trouble, any rejection is
ignored. That a row is « already integrated » accepts it only if the agency quotes the digest of our document.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

from models.agency_answers import (
    ACCEPTING,
    ALREADY_INTEGRATED,
    INTEGRATED,
    MOVEMENT,
    SETTLED,
    AnswerFault,
    AnswerLine,
    AnswerRefused,
    deposit_name,
    read_answers,
)
from models.claim_labels import ClaimState
from models.engine.names import claim_process
from models.store.agency import rejected_lines, sent
from models.store.agency.answer_files import AnswerFileRecord
from models.store.claims import ends, records, steps, usage
from models.store.claims.records import ClaimRecord
from models.store.journal.events import SYSTEM
from models.store.records import Record
from models.store.schema.agency import agency_answer


class Applied(NamedTuple):
    """What a file of answers did, by the processes of claims."""

    accepted: tuple[str, ...]
    rejected: tuple[str, ...]
    troubled: tuple[str, ...]
    """Claims of which the agency says two things, or has another document than ours."""
    fault: AnswerFault | None = None
    """Why some rows were not applied, that of the first of them."""
    unapplied: tuple[int, ...] = ()
    """Their places in the file, from 1 on."""

    @property
    def answered(self) -> tuple[str, ...]:
        """Claims that are answered for good."""
        return self.accepted + self.rejected


class _SentRow(Record):
    line: int
    key: str
    claim_id: str
    sha256: str
    nominal_sha256: str


class _GivenAnswer(Record):
    nth: int
    code: str
    digest: str | None
    lines: tuple[int, ...]
    binding: bool


class _Case(NamedTuple):
    """One answered row: what was sent, what is answered, what was answered before."""

    deposit_id: str
    row: _SentRow
    answer: AnswerLine
    given: Sequence[_GivenAnswer]

    @property
    def lines(self) -> list[int]:
        return sorted(set(self.answer.rejected_lines))

    @property
    def contradicts_ours(self) -> bool:
        """Whether the agency has another document, or says that it has the row without quoting ours."""
        quoted = (self.answer.digest, self.answer.nominal_digest)
        differs = any(own and own != ours for own, ours in zip(quoted, self._ours, strict=True))
        silent = self.answer.digest is None and self.answer.code != INTEGRATED
        return differs or (silent and self.says_taken)

    @property
    def says_taken(self) -> bool:
        """Whether the agency says that it has the row, whichever document it quotes."""
        return self.answer.accepts or self.answer.code == ALREADY_INTEGRATED

    @property
    def _ours(self) -> tuple[str, str]:
        return self.row.sha256, self.row.nominal_sha256

    def repeats(self, given: _GivenAnswer) -> bool:
        """Whether it says what another answer said: an acceptance is one, whichever of both codes says it.

        Any rejection says what two operators settled: that the agency did not take the row.
        """
        if given.code == SETTLED:
            return not self.says_taken
        if self.answer.accepts and given.binding:
            return given.code in ACCEPTING and not given.lines
        return (self.answer.code, self.answer.digest, self.lines) == (given.code, given.digest, [*given.lines])


def apply(connection: Connection, file: AnswerFileRecord, content: bytes) -> Applied:
    """Apply the rows of a file of answers that can be; raises `AnswerRefused` if none can, whatever they say.

    A deposit that was put, but not marked as written when a program died, is marked first: its answer is the proof.
    """
    read = read_answers(content)
    deposit_id, rows = _find_rows(connection, file)
    stated = {place: _stated(connection, rows.get(each.line), each) for place, each in read.lines}
    faults = dict.fromkeys(read.malformed, AnswerFault.MALFORMED)
    faults |= {place: each for place, each in stated.items() if isinstance(each, AnswerFault)}
    cases = [_Case(deposit_id, rows[each.line], each, ()) for each in stated.values() if isinstance(each, AnswerLine)]
    if not cases and faults:
        raise AnswerRefused(faults[min(faults)])
    sent.mark_written(connection, deposit_id)
    held = {each.id: each for each in records.hold_all(connection, [each.row.claim_id for each in cases])}
    usage.hold_people(connection, [each.row.claim_id for each in cases if _may_end(held[each.row.claim_id], each)])
    applied = Applied((), (), (), faults[min(faults)] if faults else None, tuple(sorted(faults)))
    for case in sorted(cases, key=lambda each: (each.row.claim_id, each.row.line)):
        applied = _apply(connection, file, case._replace(given=_list_given(connection, case)), held, applied)
    return applied


def _may_end(claim: ClaimRecord, case: _Case) -> bool:
    """Whether a claim may end with its answer: rejected, or withdrawn meanwhile."""
    return not case.answer.accepts or claim.withdrawn_at is not None


def _find_rows(connection: Connection, file: AnswerFileRecord) -> tuple[str, dict[int, _SentRow]]:
    deposit = connection.execute(_DEPOSIT, {"name": deposit_name(file.name)}).first()
    if deposit is None:
        raise AnswerRefused(AnswerFault.UNKNOWN_FILE)
    if deposit.channel != file.channel:
        raise AnswerRefused(AnswerFault.WRONG_STREAM)
    rows = _SentRow.all(connection, _ROWS, {"deposit": deposit.id})
    return str(deposit.id), {each.line: each for each in rows}


def _stated(connection: Connection, row: _SentRow | None, answer: AnswerLine) -> AnswerLine | AnswerFault:
    """Return an answer with the lines of the employer whom it rejects, or why its row cannot be applied."""
    if answer.movement != MOVEMENT:
        return AnswerFault.WRONG_STREAM
    if row is None or (answer.key is not None and answer.key != row.key):
        return AnswerFault.UNKNOWN_LINE
    return rejected_lines.restate(connection, row.claim_id, answer) or AnswerFault.UNKNOWN_LINE


def _list_given(connection: Connection, case: _Case) -> list[_GivenAnswer]:
    return _GivenAnswer.all(connection, _GIVEN, {"deposit": case.deposit_id, "line": case.row.line})


def _apply(
    connection: Connection, file: AnswerFileRecord, case: _Case, held: dict[str, ClaimRecord], applied: Applied
) -> Applied:
    process = claim_process(held[case.row.claim_id].subject)
    bound = next((each for each in case.given if each.binding), None)
    if bound and case.repeats(bound) and (bound.code == SETTLED or not case.contradicts_ours):
        return applied
    if bound or case.contradicts_ours:
        if not any(case.repeats(each) for each in case.given if not each.binding):
            _keep(connection, file, case, binding=False)
        return applied._replace(troubled=(*applied.troubled, process))
    _keep(connection, file, case, binding=True)
    if case.answer.accepts:
        steps.take(connection, case.row.claim_id, ClaimState.ACCEPTED, code=str(case.answer.code))
        if held[case.row.claim_id].withdrawn_at is not None:
            ends.end(connection, case.row.claim_id, ClaimState.VOID, SYSTEM)
        return applied._replace(accepted=(*applied.accepted, process))
    lines = " ".join(map(str, case.lines))
    ends.end(connection, case.row.claim_id, ClaimState.REJECTED, SYSTEM, code=str(case.answer.code), lines=lines)
    return applied._replace(rejected=(*applied.rejected, process))


def _keep(connection: Connection, file: AnswerFileRecord, case: _Case, *, binding: bool) -> None:
    row = {
        "deposit_id": case.deposit_id,
        "line": case.row.line,
        "nth": max((each.nth for each in case.given), default=0) + 1,
        "claim_id": case.row.claim_id,
        "file_id": file.id,
        "code": case.answer.code,
        "label": case.answer.label or "",
        "digest": case.answer.digest,
        "lines": case.lines,
        "binding": binding,
    }
    connection.execute(agency_answer.insert().values(row))


_DEPOSIT = text("SELECT id::text AS id, channel FROM deposit WHERE name = :name")
_ROWS = text(
    "SELECT w.line, w.key, w.claim_id::text AS claim_id, doc.sha256, f.sha256 AS nominal_sha256"
    " FROM deposit_row w JOIN document doc ON doc.id = w.document_id JOIN claim_file f ON f.claim_id = w.claim_id"
    " WHERE w.deposit_id = CAST(:deposit AS uuid)"
)
_GIVEN = text(
    "SELECT nth, code, digest, lines, binding FROM agency_answer"
    " WHERE deposit_id = CAST(:deposit AS uuid) AND line = :line ORDER BY nth"
)
