"""Write `models/store/audit/guards.json`: what the migrations make beside rows, read from a new register.

python -m docs.guards
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from local.postgres import Postgres
from models.store.audit.guards import FILE, document
from models.store.database import Database
from models.store.migrate import migrate


def write() -> None:
    """Migrate an empty register of its own, and write the file."""
    with TemporaryDirectory() as folder:
        server = Postgres(Path(folder), durable=False)
        server.start()
        try:
            dsn = server.database("guards")
            migrate(dsn)
            with Database(dsn, size=1) as database, database.snapshot() as connection:
                FILE.write_text(document(connection), "utf-8")
        finally:
            server.stop()


if __name__ == "__main__":
    write()
