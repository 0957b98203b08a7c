"""Shared by every family: sizes, a local world, employers and requests in bulk."""

import dataclasses
import resource
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import chain, count
from pathlib import Path
from secrets import token_urlsafe
from uuid import uuid4

from schwifty import IBAN
from sqlalchemy import Connection, func, insert, select

from law.calendar import local
from law.silence import silence
from local import people
from local.ports import free_port
from local.programs import Background, Doors, OwnProgram
from local.world import EVERYTHING, World
from models.bodies.filing import Filing
from models.engine.keys import MasterKey
from models.engine.names import Queue
from models.store.cases import documents, requests
from models.store.database import Database
from models.store.journal.events import Actor
from models.store.people import series as numbering
from models.store.people.series import id_letters
from models.store.schema.cases import account, account_establishment, establishment, series, token

DEPARTMENT = "34"
BEGINS_IN_DAYS = 7
"""Days until the period of a request begins."""
MORE_EMPLOYERS = 100
HALF, QUARTER = 3, 6
"""Niceness of a session that has half, or a quarter, of the weight of one at 0: workers and what judges files, as
`cpu_shares` in Compose. Each step is a factor of 1.25."""
Say = Callable[[str], None]


@dataclass(frozen=True)
class Scale:
    """Sizes of a run: full, or just enough to check that it works."""

    tiny: bool = False

    def __call__(self, full: int, tiny: int) -> int:
        """Return the size to use."""
        return tiny if self.tiny else full


@dataclass(frozen=True)
class Employer:
    """An account with a token and one establishment."""

    account_id: str
    token: str
    siret: str
    iban: str


@contextmanager
def world(parts: Iterable[str] = EVERYTHING, **settings: str) -> Iterator[World]:
    """Run a durable world in its own folder; `settings` are environment variables without their prefix."""
    _raise_limit()
    environment = {f"TACITE_{name.upper()}": value for name, value in settings.items()}
    with (
        tempfile.TemporaryDirectory(prefix="tacite-bench-") as folder,
        World(Path(folder), parts=parts, headless=True, settings=environment) as running,
    ):
        yield running


def _raise_limit() -> None:
    """Raise the limit of open files to the maximum; child programs inherit it."""
    maximum = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (maximum, maximum))


def worker(running: World, name: str, *queues: Queue) -> OwnProgram:
    """Return a worker of the product beside the world's own, for some queues; run it in a `with`."""
    return Background(
        f"Exécutant {name}",
        "worker",
        running.folder / f"worker-{name}",
        settings=lambda: running.environment_of(*queues),
    )


def second_server(running: World) -> OwnProgram:
    """Return a second copy of the HTTP server, as production has two; run it in a `with`."""
    port = free_port()
    settings = {"TACITE_HTTP": f"127.0.0.1:{port}"}
    folder = running.folder / "second-door"
    return Doors("Second guichet", "starter", folder, port, settings=lambda: running.environment | settings)


def employers(database: Database, count: int) -> list[Employer]:
    """Create accounts of one establishment each, all in one département."""
    with database.begin() as connection:
        query = select(func.count()).select_from(establishment)
        first = connection.execute(query).scalar_one()
        made = [_employer(number) for number in range(first, first + count)]
        rows = list(enumerate(made, start=first))
        connection.execute(insert(account), [_account(each) for each in made])
        connection.execute(insert(establishment), [_establishment(number, each) for number, each in rows])
        given = ("siret", "department", "letters")
        opened = [{name: _establishment(number, each)[name] for name in given} for number, each in rows]
        connection.execute(insert(series), opened)
        links = [{"account_id": each.account_id, "siret": each.siret} for each in made]
        connection.execute(insert(account_establishment), links)
        tokens = [{"digest": sha256(e.token.encode()).digest(), "account_id": e.account_id} for e in made]
        connection.execute(insert(token), tokens)
    return made


def endless_employers(database: Database, size: int) -> Iterator[Employer]:
    """Create so many employers now, and more whenever they are used up."""
    first = employers(database, size)
    return chain(first, chain.from_iterable(employers(database, MORE_EMPLOYERS) for _ in count()))


def _employer(number: int) -> Employer:
    bank = IBAN.generate("FR", bank_code="20041", branch_code="01005", account_code=f"{number:011}")
    siret = people.fictional(number + 100, DEPARTMENT).siret
    return Employer(str(uuid4()), f"tacite_{token_urlsafe(32)}", siret, str(bank))


def _account(made: Employer) -> dict[str, object]:
    return {"id": made.account_id, "role": "employer", "name": "Jeanne Martin", "email": "rh@exemple.invalid"}


def _establishment(number: int, made: Employer) -> dict[str, object]:
    return {
        "siret": made.siret,
        "department": DEPARTMENT,
        "letters": id_letters(number),
        "name": "Ateliers Durand (fictif)",
        "address": "1, rue de l’Exemple, 34000 Montpellier",
    }


def body(by: Employer, changes: Mapping[str, object] | None = None) -> dict[str, object]:
    """Return a request that the law admits today, with changes; its hours raise a signal in the automatic checks."""
    start = datetime.now(UTC).date() + timedelta(days=BEGINS_IN_DAYS)
    return {
        "ground": "exceptional_circumstances",
        "circumstances": "Inondation de l’atelier principal, fermeture complète le temps des travaux.",
        "perimeter": "full_closure",
        "period": {"start_on": start.isoformat(), "end_on": (start + timedelta(days=80)).isoformat()},
        "headcount": 42,
        "employees": 42,
        "hours": "20000",
        "bank_account": {"iban": by.iban, "holder": "Ateliers Durand"},
        "works_council": {"not_required": "fewer_than_50"},
    } | dict(changes or {})


def file(
    database: Database,
    master: MasterKey,
    by: Employer,
    due_at: datetime | None = None,
    *,
    with_receipt: bool = False,
    changes: Mapping[str, object] | None = None,
) -> str:
    """File a request as the API does, in one transaction; `due_at` sets the instant of its silence.

    `with_receipt` stores a receipt of one byte beforehand, so that none has to be sealed; `changes` are of its body.
    """
    filing = Filing.model_validate(body(by, changes))
    with database.begin() as connection:
        received = requests.received_now(connection)
        delay = silence(received, DEPARTMENT)
        if due_at is not None:
            delay = dataclasses.replace(delay, tacit_acceptance_at=local(due_at, DEPARTMENT))
        new_request = requests.NewRequest(
            reference=numbering.next_reference(connection, by.siret, by.account_id),
            filing=filing,
            silence=delay,
            siret=by.siret,
            department=DEPARTMENT,
            account_id=by.account_id,
            author="Jeanne Martin",
            opinion_due_on=None,
        )
        requests.file(connection, new_request, master, Actor(role="employer", account_id=by.account_id))
        if with_receipt:
            _publish_receipt(connection, new_request.reference, received)
    return new_request.reference


def _publish_receipt(connection: Connection, reference: str, at: datetime) -> None:
    sealed = documents.Sealed(
        reference=reference,
        kind="receipt",
        number=f"{reference}00",
        sha256=sha256(reference.encode()).hexdigest(),
        bytes=b"%",
        signed_at=at,
    )
    documents.store(connection, sealed)
    documents.publish(connection, reference, "", at)


def file_requests(
    database: Database,
    master: MasterKey,
    by: Sequence[Employer],
    due_at: datetime | None = None,
    *,
    with_receipt: bool = False,
) -> list[str]:
    """File a request for each employer, four at a time."""
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda each: file(database, master, each, due_at, with_receipt=with_receipt), by))
