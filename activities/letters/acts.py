"""Printing of letters: a new code, its digest in the register, the letter in the folder of the printing channel."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from activities.errors import naming_what_breaks
from activities.letters.render import AuthorityLetter, render
from activities.transactions import transactions
from law.calendar import local
from models.engine.keys import MasterKey
from models.engine.names import subject_of
from models.errors import Unknown
from models.labels import Part
from models.letter_codes import digest, new_code
from models.messages import acts
from models.messages.acts import Process
from models.person_names import printed_name
from models.settings import Profile
from models.store.database import Database, now
from models.store.journal.events import SYSTEM
from models.store.people import accounts, letters, postal_addresses

FOLDER_MODE: Final = 0o750
FILE_MODE: Final = 0o640
"""The printing channel reads the folder as a member of our group, whatever our umask is; nobody else does."""


class PrintedLetters(acts.LetterActs):
    """Letters into a folder; without one, nothing was ever ordered here, and an order waits with an incident."""

    def __init__(self, database: Database, master: MasterKey, folder: Path | None, site: str, profile: Profile) -> None:
        self._transaction = transactions(database)
        self._master = master
        self._folder = folder
        self._site = site
        self._specimens = profile != "production"

    def print_letter(self, process: Process) -> bool:
        """Store the digest of a new code, then show the letter under its one name, then record that it is there.

        In this order an attempt that fails leaves no letter whose code counts: the next one replaces code and file.
        """
        letter_uuid, code = subject_of(process.id), new_code()
        code_digest = digest(self._master, letter_uuid, code)
        with naming_what_breaks(otherwise=Part.PRINTING):
            compose = self._prepare(letter_uuid, code_digest)
            if compose is None:
                return False
            self._put(f"lettre-{letter_uuid}.pdf", render(compose(code)))
            with self._transaction() as connection:
                letters.mark_printed(connection, letter_uuid, code_digest, SYSTEM)
        return True

    def _prepare(self, letter_uuid: str, code_digest: bytes) -> Callable[[str], AuthorityLetter] | None:
        """Store the digest; None when the letter is printed, used or dropped, or its address is not known any more."""
        with self._transaction() as connection:
            try:
                letter = letters.get_living(connection, letter_uuid)
            except Unknown:
                return None
            address = postal_addresses.find(connection, letter.siret)
            if address is None:
                letters.drop(connection, letter_uuid, SYSTEM)
                return None
            if not letters.store_code(connection, letter_uuid, code_digest):
                return None
            person = printed_name(accounts.get(connection, letter.account_id).name)
            expires_at: datetime = letters.get_living(connection, letter_uuid).expires_at or letter.requested_at
            made_at = now(connection)
        return lambda code: AuthorityLetter(
            address=address,
            siret=letter.siret,
            establishment=address[0],
            person=person,
            code=code,
            made_on=local(made_at, letter.department).date(),
            expires_on=local(expires_at, letter.department).date(),
            site=self._site,
            specimen=self._specimens,
        )

    def _put(self, name: str, content: bytes) -> None:
        """Write the file whole or not at all, replacing that of an attempt that failed."""
        if self._folder is None:
            raise FileNotFoundError("no folder for letters")
        if not self._folder.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            self._folder.chmod(FOLDER_MODE)
        final, partial = self._folder / name, self._folder / f".{name}.tmp"
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE), "wb") as file:
            os.fchmod(file.fileno(), FILE_MODE)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(final)
