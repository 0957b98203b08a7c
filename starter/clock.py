"""Checks of the HTTP server and the relay at start: their settings, and that the register’s clock did not go back."""

from collections.abc import Awaitable
from typing import Final

import structlog
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from models.settings import Settings, settings, wrong_variables
from models.store.database import ClockWentBack, Database, check_clock

log = structlog.get_logger()

EXIT_DONE: Final = 0
EXIT_MISSING: Final = 3
"""Exit code of a program that lacks something it cannot run without."""


def read_settings() -> Settings:
    """Read the environment; if a variable is missing or wrong, log which and exit with 3."""
    try:
        return settings()
    except ValidationError as wrong:
        names = ", ".join(wrong_variables(wrong))
        log.error("settings_wrong", message=f"Réglages absents ou faux : {names}.")
        raise SystemExit(EXIT_MISSING) from wrong


def check(register: Database) -> None:
    """Raise `ClockWentBack` if the register's clock is behind what it has recorded."""
    with register.begin() as connection:
        check_clock(connection)


def check_if_available(database: str) -> None:
    """Check a register that may be unavailable: until it is back, calls get 503. Raises `ClockWentBack`."""
    try:
        with Database(database, size=1) as register:
            check(register)
    except SQLAlchemyError as away:
        log.warning("register_away", error=type(away).__name__)


async def exit_code(program: Awaitable[None]) -> int:
    """Run a program and return its exit code; log a clock that went back."""
    try:
        await program
    except ClockWentBack:
        message = "L’horloge de la base est en retard sur ce qu’elle a enregistré."
        log.error("clock_went_back", message=message)
        return EXIT_MISSING
    return EXIT_DONE
