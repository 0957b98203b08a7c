"""The act that verifies a document that anybody sends: nothing here holds a key, and nothing here parses the file."""

from collections import OrderedDict
from hashlib import sha256
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Final

from temporalio.exceptions import ApplicationError

from activities.errors import naming_what_breaks
from activities.signing.revocations import LIFETIME
from activities.signing.verdicts import Judge
from activities.transactions import transactions
from models.examination.client import Examiner, ExaminerUnavailable
from models.messages import acts
from models.messages.verification import Upload, Verification
from models.store.cases import documents
from models.store.database import Database
from models.store.operations import jobs

CONCURRENT_VERIFICATIONS: Final = 2
"""Documents of one worker judged at once: files that people attach keep their places in the program that judges."""
KEPT_VERDICTS: Final = 1_000
"""Verdicts on documents of the register that a worker remembers: shown again, they are not judged again."""
EXAMINER_AWAY: Final = "examiner"
"""Type of the error while the program that judges is away or busy; the act is tried again while its caller waits."""


class StoredVerificationActs(acts.VerificationActs):
    """Documents judged for a caller who waits; the register is asked first."""

    def __init__(self, database: Database, trust: Path, examiner: Examiner) -> None:
        self._transaction = transactions(database)
        self._judge = Judge(trust, examiner, online=True)
        self._kept: OrderedDict[str, tuple[float, Verification]] = OrderedDict()
        self._lock = Lock()

    def verify_document(self, upload: Upload) -> None:
        """Judge an uploaded file, once; its bytes are dropped with the verdict."""
        with self._transaction() as connection:
            content = jobs.find_input(connection, upload.id)
        if content is None:
            return
        try:
            with naming_what_breaks():
                verdict = self._verdict(content)
        except ExaminerUnavailable as away:
            raise ApplicationError("ExaminerUnavailable", type=EXAMINER_AWAY) from away
        with self._transaction() as connection:
            jobs.finish(connection, upload.id, verdict.model_dump(mode="json"))

    def _verdict(self, content: bytes) -> Verification:
        """Judge a file; a document of the register that was found good just before needs neither parsing nor network.

        Not longer: a digest says that we made it, not that its signer has not been revoked or withdrawn since.
        """
        digest = sha256(content).hexdigest()
        with self._transaction() as connection:
            reference = documents.find_case_of_digest(connection, digest)
        with self._lock:
            judged_at, kept = self._kept.get(digest, (-LIFETIME, None)) if reference else (-LIFETIME, None)
        if kept and monotonic() - judged_at < LIFETIME:
            return kept
        verdict = self._judge.verify(content, lambda _digest: reference)
        if reference and verdict.valid:
            with self._lock:
                self._kept[digest] = monotonic(), verdict
                self._kept.move_to_end(digest)
                if len(self._kept) > KEPT_VERDICTS:
                    self._kept.popitem(last=False)
        return verdict
