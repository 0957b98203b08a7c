"""Cases whose people do anything in any order, by the acts of the store; whatever the store refuses is left undone."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

from sqlalchemy import Connection, text

from activities.register import StoredRegisterActs
from models.bodies.completion import Completion
from models.bodies.decision import HandOverBody
from models.bodies.filing import Opinion
from models.errors import Conflict, NotAllowed, Unknown, Unlawful
from models.labels import HoldReason
from models.messages.case import Ref
from models.store.cases import completions, decisions, desistments, files, holds, opinions, requests, reviews, silence
from models.store.database import Database, case_now
from models.store.journal.events import Actor
from tests.cases import an_agent, attest, file_a_case, register_a_decision, request_pieces

EMPLOYER = Actor(role="employer")
LOOKED = HandOverBody(reason="Tout est vérifié avec l’employeur.", holder="Ateliers Durand")
REFUSED = (Conflict, NotAllowed, Unknown, Unlawful)


class RandomCase:
    """One case, and what may happen to it."""

    def __init__(self, database: Database, random: Random) -> None:
        self._database = database
        self._random = random
        self.reference = file_a_case(database, works_council={"pending": True}, headcount=60)
        self._agent = an_agent(database)
        self._acts: tuple[Callable[[], object], ...] = (
            lambda: register_a_decision(database, self.reference, self._agent),
            lambda: request_pieces(database, self.reference, self._agent),
            lambda: attest(database, self.reference, self._agent),
            lambda: self._in_one(lambda c: decisions.sign(c, self._some(c, "decision"))),
            lambda: self._in_one(lambda c: decisions.notify(c, self._some(c, "decision"))),
            lambda: self._in_one(lambda c: decisions.cancel(c, self.reference, self._some(c, "decision"), self._agent)),
            lambda: self._in_one(lambda c: completions.notify(c, self._some(c, "completion"))),
            lambda: self._in_one(
                lambda c: completions.cancel(c, self.reference, self._some(c, "completion"), self._agent)
            ),
            lambda: self._in_one(self._supply),
            lambda: self._in_one(self._give_opinion),
            lambda: self._in_one(lambda c: holds.hold(c, self.reference, self._reason())),
            lambda: self._in_one(lambda c: holds.release(c, self.reference, self._reason())),
            lambda: self._in_one(lambda c: reviews.release(c, self.reference, LOOKED, self._agent)),
            lambda: self._in_one(lambda c: silence.establish(c, self.reference)),
            self._wait,
            self._seldom(lambda: self._in_one(lambda c: desistments.desist(c, self.reference, EMPLOYER))),
            self._seldom(self._close),
        )

    def live(self, acts: int) -> int:
        """Try some acts at random; returns how many were done."""
        done = 0
        for act in self._random.choices(self._acts, k=acts):
            try:
                act()
            except REFUSED:
                continue
            done += 1
        return done

    def _in_one(self, act: Callable[[Connection], object]) -> None:
        with self._database.begin() as connection:
            act(connection)

    def _some(self, connection: Connection, table: str) -> str:
        """Return the id of any decision or request for pieces of the case; raises `Unknown` if there is none."""
        query = text(f"SELECT id FROM {table} WHERE reference = :r ORDER BY id")
        found = connection.execute(query, {"r": self.reference}).scalars().all()
        if not found:
            raise Unknown(table)
        return str(self._random.choice(found))

    def _reason(self) -> HoldReason:
        return self._random.choice([HoldReason.LIMITS, HoldReason.HOLDER, HoldReason.AUTHORITY])

    def _upload(self, connection: Connection) -> str:
        account_id = requests.get(connection, self.reference).account_id
        return files.add(connection, account_id, "text/plain", self._random.randbytes(20)).id

    def _supply(self, connection: Connection) -> None:
        pieces = [{"code": "circumstances", "file": self._upload(connection)}]
        at = case_now(connection, self.reference)
        completions.supply(connection, self.reference, Completion.model_validate({"pieces": pieces}), EMPLOYER, at)

    def _give_opinion(self, connection: Connection) -> None:
        file = self._upload(connection)
        given = Opinion.model_validate({"opinion": "favourable", "given_on": "2026-01-05", "file": file})
        opinions.supply(connection, self.reference, given, EMPLOYER)

    def _seldom(self, act: Callable[[], object]) -> Callable[[], object]:
        return lambda: act() if self._random.random() < 0.2 else None

    def _wait(self) -> None:
        waited = timedelta(days=self._random.choice([0, 1, 6]))
        advance = text("UPDATE request SET clock_offset = clock_offset + :waited WHERE reference = :r")
        self._in_one(lambda connection: connection.execute(advance, {"waited": waited, "r": self.reference}))

    def _close(self) -> None:
        """As its process does, once there is an outcome."""
        with self._database.begin() as connection:
            settled = silence.find_outcome(connection, self.reference)
        if settled.kind == "standing":
            StoredRegisterActs(self._database).close_case(Ref(reference=self.reference, id=""))
