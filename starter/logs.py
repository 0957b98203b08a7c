"""Logs of the doors and of the relay: one JSON object a line on stderr, with neither names nor bodies."""

import logging
import re
import sys
from typing import Final

import structlog
from structlog.typing import EventDict, WrappedLogger

PRIVATE: Final = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){4,7}[A-Z0-9 ]{0,4}\b|\b[12]\d{12}(?:\d{2})?\b")
"""What looks like an IBAN or a NIR."""


def configure() -> None:
    """Set the logs of this process up, once."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(name)s %(levelname)s")
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            mask,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )


def mask(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Hide bank accounts and social security numbers, should one ever come here."""
    return {
        name: PRIVATE.sub("[masqué]", value) if isinstance(value, str) else value
        for name, value in event.items()
    }
