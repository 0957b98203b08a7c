"""Health of the register, and the metrics of the starter and of the register."""

from prometheus_client import generate_latest
from sqlalchemy.exc import SQLAlchemyError

from models.store.database import alive
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context


def register_answers(context: Context) -> bool:
    """Whether the register answers."""
    try:
        with context.database.begin() as connection:
            return alive(connection)
    except SQLAlchemyError:
        return False


def files_are_judged(context: Context) -> bool:
    """Whether the program that judges files answers; without it no file is taken, and everything else is."""
    return context.examiner.answers()


def metrics(context: Context, credential: PresentedCredential) -> bytes:
    """Return the metrics in the Prometheus format; raises 403."""
    with context.admit(credential, Verb.READ_MEASURES):
        pass  # the register is read afterwards, so that one call holds one connection
    return generate_latest(context.metrics)
