"""Logs of every program: one JSON object a line on stderr, silent while a workflow replays.

Every line has the case and the trace of the current work, and no names or bank accounts.
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
"""Matches what looks like an IBAN, a NIR, a mail address, or a name after a title (M., Mme…)."""
NAMING: Final = frozenset({"name", "author", "holder", "email", "iban", "nir", "circumstances", "reasons", "body"})
"""Members that hold names or what a person wrote, and are always masked."""
MASK: Final = "[masqué]"


def configure() -> None:
    """Configure the logs of this process: ours from INFO, those of libraries from WARNING."""
    shared: list[Processor] = [
        quiet_while_replaying,
        add_trace,
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
    """Drop the lines that a workflow repeats because it is replayed."""
    if workflow.in_workflow() and workflow.unsafe.is_replaying():
        raise structlog.DropEvent
    return event


def add_trace(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Add the case and the trace of the current work; null when a line is about the program itself."""
    context = trace_context.current()
    event.setdefault("case", context.case or None if context else None)
    event.setdefault("trace", context.trace if context else None)
    return event


def mask(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Mask bank accounts, numbers and names of persons, in case any is logged."""
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
