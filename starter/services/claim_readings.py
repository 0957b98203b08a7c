"""Content of a claim read by the program `examining` while its sender waits: the time that it takes is charged."""

from typing import Final

from models.claim_files.profile import ReadingContext
from models.claim_files.reading import ClaimFile, as_read, measure
from models.examination.client import ExaminerUnavailable
from models.store.people import quotas
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context

EXAMINING: Final[tuple[quotas.Kind, ...]] = ("examining",)


def read_charged(
    context: Context, credential: PresentedCredential, content: bytes, reading: ReadingContext
) -> ClaimFile:
    """Have content read, and charge its sender with the time that it took, whatever comes of it.

    Raises `UnreadableFile`, and `ExaminerUnavailable` when the program is away.
    """
    spent = 0
    try:
        examined = measure(context.examiner, content, reading)
        spent = examined.milliseconds + 1
    except ExaminerUnavailable as away:
        spent = away.milliseconds
        raise
    finally:
        with context.admit(credential, Verb.FILE_CLAIM) as caller:
            quotas.charge(caller.connection, caller.account.id, "examining", spent)
    return as_read(examined.verdict)
