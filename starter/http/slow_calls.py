"""Calls that have a file judged or a document composed: few at once, so that no other call waits for one.

Files are judged and drawn in threads of their own.

A place is taken once the bytes are there (`starter/http/reception.py` bounds those on their way), and given back at
the end of the call, also when its caller has left.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final, ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread

from starter.http.problems import problem
from starter.http.reception import Places

P = ParamSpec("P")
R = TypeVar("R")

FILE_THREADS: Final = 4
"""Files that one program has judged at once."""
MAX_FILES: Final = 12
"""Files judged or waiting for it, in one program."""
KEPT_FOR_PROVEN: Final = 4
"""Of these, kept for accounts that have proven an authority, however many strangers send."""
UNPROVEN_THREADS: Final = 2
"""Files of accounts that have proven nothing, judged at once: the other threads remain, and processes that judge."""
MAX_FILES_BY_ADDRESS: Final = 3
"""The same from one address: fewer than the threads, so that several accounts of one stranger never hold them all."""
MAX_FILES_BY_ACCOUNT: Final = 2
MAX_FILES_BY_UNPROVEN: Final = 1
"""The same by one account; by one that has proven no authority."""
MAX_VERIFICATIONS: Final = 4
"""Verifications under way in one program: no more than a worker judges while their callers wait."""
MAX_VERIFICATIONS_BY_ADDRESS: Final = 2
"""The same from one address."""
MAX_PREVIEWS: Final = 8
"""Previews of acts under way in one program: a worker composes each in less than a second."""
MAX_PREVIEWS_BY_ACCOUNT: Final = 2
"""The same by one account."""
MAX_VISA_BATCHES: Final = 4
"""Batches of visas under way in one program: each agrees to hundreds of claims, one after the other."""
MAX_VISA_BATCHES_BY_ACCOUNT: Final = 1
"""The same by one account."""
CLAIM_THREADS: Final = 2
"""Claims of a thousand lines checked and stored at once, or written back, in threads of their own."""
MAX_CLAIMS: Final = 12
"""Claims under way or waiting, in one program."""
MAX_CLAIMS_BY_ACCOUNT: Final = 2
DRAWING_THREADS: Final = 2
"""Files drawn at once for agents, in threads of their own: neither uploads nor readings hold the others up."""
MAX_DRAWINGS: Final = 12
"""Drawings under way or waiting, in one program."""
MAX_DRAWINGS_BY_ACCOUNT: Final = 4
"""The same for one account, which reads a page while the next one loads."""
WAIT: Final = {"Retry-After": "3"}
TOO_MANY_FILES: Final = "Vos fichiers précédents sont encore en cours d’examen : réessayez dans quelques secondes."
TOO_MANY_DRAWINGS: Final = "Trop de pages sont en cours d’affichage : réessayez dans quelques secondes."
TOO_MANY_CLAIMS: Final = "Trop de demandes d’indemnisation sont en cours de dépôt : réessayez dans quelques secondes."
TOO_MANY_PREVIEWS: Final = "Trop de projets sont en cours de composition : réessayez dans quelques secondes."
TOO_MANY_VISA_BATCHES: Final = "D’autres accords sont en cours d’enregistrement : réessayez dans quelques secondes."
TOO_MANY_VERIFICATIONS: Final = "Trop de vérifications sont en cours : réessayez dans quelques secondes."


class SlowCalls:
    """The places and threads of one program."""

    def __init__(self) -> None:
        self._files = Places()
        self._files_by_address = Places()
        self._verifications = Places()
        self._previews = Places()
        self._visa_batches = Places()
        self._drawings = Places()
        self._claims = Places()
        self._threads = CapacityLimiter(FILE_THREADS)
        self._drawing_threads = CapacityLimiter(DRAWING_THREADS)
        self._claim_threads = CapacityLimiter(CLAIM_THREADS)
        self._unproven_threads = CapacityLimiter(UNPROVEN_THREADS)

    @contextmanager
    def file(self, account_id: str, origin: bytes, *, proven: bool) -> Iterator[None]:
        """Hold a place for a file of this account from this address; raises 429 when there is none."""
        most, by_account = MAX_FILES, MAX_FILES_BY_ACCOUNT
        if not proven:
            most, by_account = MAX_FILES - KEPT_FOR_PROVEN, MAX_FILES_BY_UNPROVEN
        with (
            _place(self._files, account_id, most, by_account, TOO_MANY_FILES),
            _place(self._files_by_address, origin.hex(), MAX_FILES, MAX_FILES_BY_ADDRESS, TOO_MANY_FILES),
        ):
            yield

    @contextmanager
    def verification(self, origin: bytes) -> Iterator[None]:
        """Hold a place for a verification from this address; raises 429 when there is none."""
        most, sentence = MAX_VERIFICATIONS, TOO_MANY_VERIFICATIONS
        with _place(self._verifications, origin.hex(), most, MAX_VERIFICATIONS_BY_ADDRESS, sentence):
            yield

    @contextmanager
    def preview(self, account_id: str) -> Iterator[None]:
        """Hold a place for a preview that this account asked for; raises 429 when there is none."""
        with _place(self._previews, account_id, MAX_PREVIEWS, MAX_PREVIEWS_BY_ACCOUNT, TOO_MANY_PREVIEWS):
            yield

    @contextmanager
    def visas(self, account_id: str) -> Iterator[None]:
        """Hold a place for a batch of visas of this account; raises 429 when there is none."""
        most, by_account = MAX_VISA_BATCHES, MAX_VISA_BATCHES_BY_ACCOUNT
        with _place(self._visa_batches, account_id, most, by_account, TOO_MANY_VISA_BATCHES):
            yield

    async def draw(self, account_id: str, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run what has a file drawn for an account; raises 429 when too many are under way."""
        with _place(self._drawings, account_id, MAX_DRAWINGS, MAX_DRAWINGS_BY_ACCOUNT, TOO_MANY_DRAWINGS):
            return await to_thread.run_sync(partial(function, *args, **kwargs), limiter=self._drawing_threads)

    async def claim(self, account_id: str, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run what handles every line of a claim for an account; raises 429 when too many are under way."""
        with _place(self._claims, account_id, MAX_CLAIMS, MAX_CLAIMS_BY_ACCOUNT, TOO_MANY_CLAIMS):
            return await to_thread.run_sync(partial(function, *args, **kwargs), limiter=self._claim_threads)

    async def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a function in one of the threads of files."""
        return await to_thread.run_sync(partial(function, *args, **kwargs), limiter=self._threads)

    async def run_for(self, proven: bool, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a function for an account in one of the threads of files; without a proof, in few of them."""
        if proven:
            return await self.run(function, *args, **kwargs)
        async with self._unproven_threads:
            return await self.run(function, *args, **kwargs)


@contextmanager
def _place(places: Places, key: str, most: int, most_by_key: int, sentence: str) -> Iterator[None]:
    if not places.take(key, 1, most, most_by_key):
        raise problem("too-many", sentence, dict(WAIT))
    try:
        yield
    finally:
        places.give_back(key, 1)
