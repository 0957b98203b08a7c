"""Whoever deals with claims beside their employers: the agent of the visas, the operator of answers, the agency itself.

What is refused or lost while parts are broken is left to the next round.
"""

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self

import httpx
import psycopg

from law.calendar import add_months, local
from local.agency_answers import HUGE_BYTES, SUFFIX
from local.world import World
from models.store.agency.channels import CLAIMS
from tests.builders import Credentials
from tests.system.people import Person, Rounds

ROUND_SECONDS: Final = 2.0
CEILING: Final = "100.00"
"""Allowance, in euros, up to which a standing instruction agrees to claims."""
REJECTED: Final = "3417"
"""Code of rejections that are ordered of the agency."""
REASON: Final = "Le fichier est abîmé, l’agence le produit de nouveau."
_UNANSWERED: Final = (
    "SELECT name FROM deposit d WHERE channel = %s AND written_at < clock_timestamp() - interval '15 seconds'"
    " AND EXISTS (SELECT FROM deposit_row w WHERE w.deposit_id = d.id AND NOT EXISTS"
    " (SELECT FROM agency_answer a WHERE a.deposit_id = d.id AND a.line = w.line AND a.binding))"
)


class ClaimsOffice:
    """The visas and the answers of claims; `counted` says what was done. A context that does it from its beginning."""

    def __init__(
        self,
        world: World,
        agent: Credentials,
        head: Credentials,
        operator: Credentials,
        departments: Sequence[str],
        fetch_answers: Callable[[], None],
    ) -> None:
        self._world = world
        self._departments = departments
        self._agent, self._head, self._operator = (Person(world, each) for each in (agent, head, operator))
        self._fetch_answers = fetch_answers
        self._agreeable: set[str] = set()
        self._rejecting: set[str] = set()
        self._lock = threading.Lock()
        self._running = ExitStack()
        self.counted: Counter[str] = Counter()

    def __enter__(self) -> Self:
        self._instruct()
        for name, do in (("visas", self._agree), ("answers", self._deal_with_answers)):
            rounds = Rounds(name, do, ROUND_SECONDS)
            rounds.start()
            self._running.callback(rounds.stop)
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()
        for each in (self._agent, self._head, self._operator):
            each.close()

    def agree(self, claim_id: str) -> None:
        """Have the agent agree to a claim as often as it is under review: a visa lapses with its certificate."""
        with self._lock:
            self._agreeable.add(claim_id)

    @contextmanager
    def rejecting(self, reference: str) -> Iterator[None]:
        """Have the agency reject the claims of a case meanwhile."""
        self._order({f"{reference}00"}, set())
        try:
            yield
        finally:
            self._order(set(), {f"{reference}00"})

    def _order(self, more: set[str], less: set[str]) -> None:
        order = self._world.agency.folder / "reject"
        with self._lock:
            self._rejecting = (self._rejecting | more) - less
            if self._rejecting:
                draft = order.with_suffix(".new")
                draft.write_text(f"{REJECTED} {' '.join(sorted(self._rejecting))}", "utf-8")
                draft.rename(order)
            else:
                order.unlink(missing_ok=True)

    def _instruct(self) -> None:
        today = max(local(datetime.now(UTC), each).date() for each in self._departments)
        days = {"from_on": today.isoformat(), "to_on": add_months(today, 12).isoformat()}
        body = {"departments": [*self._departments], "ceiling": CEILING} | days
        given = self._head.post("/standing-instructions", body)
        assert given.status_code == 201, given.text

    def _agree(self) -> None:
        """Agree in one batch to every claim under review that may be agreed to."""
        listed = _items(self._agent.get("/desk/claims?limit=200"))
        with self._lock:
            ids = [each["id"] for each in listed if each["id"] in self._agreeable]
        if ids:
            given = _items(self._agent.post("/claims/visas", {"ids": ids}))
            self.counted["batches of visas"] += 1
            self.counted["visas in the largest batch"] = max(len(ids), self.counted["visas in the largest batch"])
            self.counted["visas"] += sum(each["result"] == "agreed" for each in given)

    def _deal_with_answers(self) -> None:
        """Have answers fetched, discard files that are set aside, and ask the agency again for what never came."""
        self._fetch_answers()
        for file in _items(self._operator.get("/quarantine")):
            answer = self._operator.post(f"/quarantine/{file['id']}/discard", {"reason": REASON})
            if answer.status_code == 202:
                self.counted["files of answers discarded"] += 1
                self._take_back(file["name"])
        with psycopg.connect(self._world.postgres.dsn, autocommit=True, connect_timeout=5) as session:
            unanswered = [str(name) for (name,) in session.execute(_UNANSWERED, [CLAIMS])]
        for name in unanswered:
            self._ask_again(Path(name).stem)

    def _take_back(self, name: str) -> None:
        """Have the agency take back a file that is too large to be read: the product leaves it there."""
        file = self._world.agency.folder / "files" / "retrait" / name
        if file.exists() and file.stat().st_size >= HUGE_BYTES:
            file.unlink()
            self.counted["files of answers taken back"] += 1

    def _ask_again(self, stem: str) -> None:
        folder = self._world.agency.folder
        if (folder / "files" / "retrait" / f"{stem}{SUFFIX}").exists():
            return
        for marker in (folder / "answered").glob(f"{stem}.*"):
            marker.unlink()
            self.counted["answers asked for again"] += 1


def _items(answer: httpx.Response) -> list[dict[str, str]]:
    """Return what is listed; an answer while something is broken is an error of this round."""
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def taken_by(agency: Path) -> dict[str, str]:
    """Return what the agency says that it took: the key of each row, with the digest of its document."""
    book = agency / "known.json"
    known: dict[str, tuple[str, str]] = json.loads(book.read_text("utf-8")) if book.exists() else {}
    return {key: digest for key, (code, digest) in known.items() if code == "0000"}
