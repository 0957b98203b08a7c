"""Verification of a document in tests, by the program that ships, started once for the session."""

import atexit
from contextlib import AbstractContextManager, ExitStack
from functools import cache
from pathlib import Path

from activities.signing.verdicts import IsRegistered, Judge
from cli.examiner import own_examiner
from models.claim_files.verdict import CLAIM
from models.examination.client import Examiner
from models.messages.verification import Verification


@cache
def an_examiner() -> Examiner:
    """A client of the program, which ends with the session."""
    return _until_the_end(own_examiner())


@cache
def a_reader_of_claims() -> Examiner:
    """The same for files of claims."""
    return _until_the_end(own_examiner(CLAIM))


def _until_the_end(examiner: AbstractContextManager[Examiner]) -> Examiner:
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(examiner)


def verify(pdf: bytes, trust: Path, known: IsRegistered | None = None, *, online: bool = False) -> Verification:
    """Judge a document against the anchors and the published signers of a folder."""
    return Judge(trust, an_examiner(), online=online).verify(pdf, known)
