"""Logs of every program: one JSON object a line on stderr, silent while a workflow replays.

Every line has the case and the trace of the current work, and no names or bank accounts.
"""

import logging
import re
import sys
from itertools import islice
from typing import Final

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger
from temporalio import workflow

from models.telemetry import trace_context

PRIVATE: Final = re.compile(
    r"(?<!\w)[A-Z]{2}\d{2}(?:[ \u00a0]?[A-Z0-9]{4}){2,7}[A-Z0-9 ]{0,4}(?!\w)"
    r"|(?<!\w)[1-478](?:\s?\d{2}){2}\s?(?:\d{2}|2[AB])(?:\s?\d{3}){2}(?:\s?\d{2})?(?!\w)"
    r"|(?<![\w.+-])[\w.+-]++@[\w-]+\.[\w.-]+"  # begins once a word: a long one costs its length, not its square
    r"|\b(?:M\.|MM\.|Mr|Mmes?|Mlle|Madame|Monsieur)\s+[A-ZÀ-Ÿ][\w’'-]+(?:\s+[A-ZÀ-Ÿ][\w’'-]+)*"
)
"""Matches what looks like an IBAN, a NIR, a mail address, or a name after a title (M., Mme…)."""
NAMING: Final = frozenset({"name", "author", "holder", "email", "iban", "nir", "circumstances", "reasons", "body"})
"""Members that hold names or what a person wrote, and are always masked."""
MASK: Final = "[masqué]"
PARSERS: Final = ("pypdf", "fontTools", "PIL", "pikepdf", "pyhanko", "pyhanko_certvalidator", "python_multipart")
"""Libraries that warn of each fault of a file or body, which could make them write without end."""
MAX_TEXT_CHARACTERS: Final = 4_000
"""Longest text of a line: the traceback of an error keeps its two ends."""
LONGEST_PRIVATE: Final = 200
"""More characters than what must be masked has."""
MAX_ELEMENTS: Final = 100
"""Most elements of a list or members of an object in a line."""


def configure() -> None:
    """Configure the logs of this process: ours from INFO, of libraries from WARNING, of parsers never."""
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
    silence_parsers()
    structlog.configure(
        processors=[*shared, *last],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )


def silence_parsers() -> None:
    """Make the libraries that read files and signatures say nothing: our errors say it in one sentence."""
    for library in PARSERS:
        logging.getLogger(library).setLevel(logging.CRITICAL)


def quiet_while_replaying(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Drop the lines that a workflow repeats because it is replayed."""
    if workflow.in_workflow() and workflow.unsafe.is_replaying():
        raise structlog.DropEvent
    return event


def add_trace(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Add the case, the trace and the HTTP call of the current work; null when a line is about the program itself."""
    context = trace_context.current()
    event.setdefault("case", context.case or None if context else None)
    event.setdefault("trace", context.trace if context else None)
    if context and context.request:
        event.setdefault("request", context.request)
    return event


def mask(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Mask bank accounts, numbers and names of persons, in case any is logged; what is too long is cut."""
    return {name: _masked(name, value) for name, value in event.items()}


def _text(value: str) -> str:
    if len(value) <= MAX_TEXT_CHARACTERS:
        return PRIVATE.sub(MASK, value)
    half = MAX_TEXT_CHARACTERS // 2
    # Masked before it is cut: half an account number would not be recognized.
    start, end = value[: half + LONGEST_PRIVATE], value[-half - LONGEST_PRIVATE :]
    return f"{PRIVATE.sub(MASK, start)[:half]} […] {PRIVATE.sub(MASK, end)[-half:]}"


def _masked(name: str, value: object) -> object:
    if name in NAMING and value is not None:
        return MASK
    match value:
        case str():
            return _text(value)
        case dict():
            return {_text(str(key)): _masked(str(key), each) for key, each in islice(value.items(), MAX_ELEMENTS)}
        case list() | tuple() | set() | frozenset():
            return [_masked("", each) for each in islice(value, MAX_ELEMENTS)]
        case None | int() | float():
            return value
        case _:
            return _text(str(value))
