"""Logs of every program: one JSON object a line on stderr, silent while a workflow replays, without accounts."""

import logging
import re
import sys
from typing import Final

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger
from temporalio import workflow

PRIVATE: Final = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){4,7}[A-Z0-9 ]{0,4}\b|\b[12]\d{12}(?:\d{2})?\b")
"""What looks like an IBAN or a NIR."""


def configure() -> None:
    """Set up the logs of this process, ours from INFO on, those of the libraries from WARNING on."""
    shared: list[Processor] = [
        quiet_while_replaying,
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


def mask(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Hide bank accounts and social security numbers, should one ever come here."""
    return {
        name: PRIVATE.sub("[masqué]", value) if isinstance(value, str) else value
        for name, value in event.items()
    }
