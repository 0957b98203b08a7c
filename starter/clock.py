"""What the doors and the relay check when they begin: their settings, and that the register’s clock did not go back."""

from collections.abc import Awaitable
from typing import Final

import structlog
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from models.settings import Settings, settings, wrong_variables
from models.store.database import ClockWentBack, Database, check_clock

log = structlog.get_logger()

DONE: Final = 0
MISSING: Final = 3
"""Exit code of a program that lacks something indispensable."""


def read_settings() -> Settings:
    """Read the environment; when a variable is missing or wrong, say which in the log and end with 3."""
    try:
        return settings()
    except ValidationError as wrong:
        names = ", ".join(wrong_variables(wrong))
        log.error("settings_wrong", message=f"Réglages absents ou faux : {names}.")
        raise SystemExit(MISSING) from wrong


def ask(register: Database) -> None:
    """Raise `ClockWentBack` when no instant of the register can be trusted."""
    with register.begin() as connection:
        check_clock(connection)


def ask_if_there(database: str) -> None:
    """Ask a register that may be away: the doors answer 503 until it comes. Raises `ClockWentBack`."""
    try:
        with Database(database, size=1) as register:
            ask(register)
    except SQLAlchemyError as away:
        log.warning("register_away", error=type(away).__name__)


async def outcome(program: Awaitable[None]) -> int:
    """Run a program to its end and return its exit code; a clock that went back is told in the log."""
    try:
        await program
    except ClockWentBack:
        message = "L’horloge de la base est en retard sur ce qu’elle a enregistré."
        log.error("clock_went_back", message=message)
        return MISSING
    return DONE
