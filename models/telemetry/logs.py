"""Logs of every program: one JSON object a line on stderr, silent while a workflow replays.

Every line bears the case and the trace of the work at hand, and neither names nor accounts.
"""

import logging
import re
import sys
from typing import Final

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger
from temporalio import workflow

from models.telemetry import trace_context

PRIVATE: Final = re.compile(
    r"(?<!\w)[A-Z]{2}\d{2}(?:[ \u00a0]?[A-Z0-9]{4}){2,7}[A-Z0-9 ]{0,4}(?!\w)"
    r"|(?<!\w)[1-478](?:\s?\d{2}){2}\s?(?:\d{2}|2[AB])(?:\s?\d{3}){2}(?:\s?\d{2})?(?!\w)"
    r"|[\w.+-]+@[\w-]+\.[\w.-]+"
    r"|\b(?:M\.|MM\.|Mr|Mmes?|Mlle|Madame|Monsieur)\s+[A-ZÀ-Ÿ][\w’'-]+(?:\s+[A-ZÀ-Ÿ][\w’'-]+)*"
)
"""What looks like an IBAN, a NIR, a mail address, or the name of a person who is addressed."""
NAMING: Final = frozenset(
    {"name", "author", "holder", "email", "iban", "nir", "circumstances", "reasons", "body"}
)
"""Members that hold what a person is called or has written, whatever it looks like."""
MASK: Final = "[masqué]"


def configure() -> None:
    """Set up the logs of this process, ours from INFO on, those of the libraries from WARNING on."""
    shared: list[Processor] = [
        quiet_while_replaying,
        tell_trail,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Processor] = [
        structlog.processors.format_exc_info,
        mask,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    structlog.configure(
        processors=[*shared, *last],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )


def quiet_while_replaying(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Drop what a workflow says again because it is replayed."""
    if workflow.in_workflow() and workflow.unsafe.is_replaying():
        raise structlog.DropEvent
    return event


def tell_trail(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Add the case and the trace of the work at hand; null where a line is about the program itself."""
    at_hand = trace_context.current()
    event.setdefault("case", at_hand.case or None if at_hand else None)
    event.setdefault("trace", at_hand.trace if at_hand else None)
    return event


def mask(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Hide accounts, numbers and names of persons, should any ever come here."""
    return {name: _masked(name, value) for name, value in event.items()}


def _masked(name: str, value: object) -> object:
    if name in NAMING and value is not None:
        return MASK
    match value:
        case str():
            return PRIVATE.sub(MASK, value)
        case dict():
            return {key: _masked(str(key), each) for key, each in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_masked("", each) for each in value]
        case None | int() | float():
            return value
        case _:
            return PRIVATE.sub(MASK, str(value))
