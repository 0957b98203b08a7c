"""How an act fails: with the name of the broken part, or as an error of the program.

A process parks on the `type` of the `ApplicationError`. Its message is only the name of the error, because the text
of an error may quote what people wrote, which must not reach the log of a worker.
"""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import structlog
from aiosmtplib import SMTPException
from asyncssh import Error as SshError
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from temporalio.exceptions import ApplicationError
from typst import TypstError

from activities.agency.layout import FileChanged, RowTooLarge
from activities.agency.nominal import PeopleUnreadable
from activities.signing.errors import (
    RevocationUnavailable,
    SignatoryNotAllowed,
    SignerUnavailable,
    SigningRefused,
    SigningUnavailable,
    TimestampUnavailable,
)
from activities.transport import AnotherFileStands
from models.errors import Conflict, NotAllowed, Unknown, Unlawful
from models.labels import Part
from models.store.agency.bank_effects import AccountInTransit

_PARTS: Final[tuple[tuple[type[Exception], Part], ...]] = (
    (OperationalError, Part.REGISTER),
    (InterfaceError, Part.REGISTER),
    (NoConnectionLeft, Part.REGISTER),
    (TimestampUnavailable, Part.TIMESTAMP),
    (RevocationUnavailable, Part.REVOCATION),
    (SignerUnavailable, Part.SIGNER),
    (SignatoryNotAllowed, Part.SIGNER),
    (SigningUnavailable, Part.SIGNER),
    (SMTPException, Part.MAIL),
    (SshError, Part.AGENCY),
    (AnotherFileStands, Part.AGENCY),
    (RowTooLarge, Part.AGENCY),
    (FileChanged, Part.JOURNAL),
    (PeopleUnreadable, Part.JOURNAL),
    (AccountInTransit, Part.AGENCY),
)
_BROKEN: Final = tuple(kind for kind, _ in _PARTS)
_WRONG: Final = (
    SQLAlchemyError,
    SigningRefused,
    TypstError,
    Unknown,
    Conflict,
    NotAllowed,
    Unlawful,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    AssertionError,
)
_log = structlog.get_logger()


@contextmanager
def naming_what_breaks(*, otherwise: Part = Part.PROGRAM, final: bool = True) -> Iterator[None]:
    """Turn errors into `ApplicationError`s named after the broken part.

    `otherwise` is the part to blame for an `OSError`. If `final`, an error of the program is not retried; without it,
    the act is retried until the next release fixes the program, because nothing may fail its case.
    """
    try:
        yield
    except ApplicationError:
        raise
    except OSError as broken:
        raise _broken(broken, _part(broken, otherwise), final) from None
    except _BROKEN + _WRONG as broken:
        raise _broken(broken, _part(broken, Part.PROGRAM), final) from None


def _part(broken: Exception, otherwise: Part) -> Part:
    return next((part for kind, part in _PARTS if isinstance(broken, kind)), otherwise)


def _broken(broken: Exception, part: Part, final: bool) -> ApplicationError:
    name = type(broken).__name__
    frame = traceback.extract_tb(broken.__traceback__)[-1]
    _log.warning("act_broken", part=part, error=name, where=f"{Path(frame.filename).name}:{frame.lineno}")
    return ApplicationError(name, type=part, non_retryable=final and part is Part.PROGRAM)
