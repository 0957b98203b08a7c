"""Sentinels: unique texts, entered where people write and searched for where they must not be."""

import re
import secrets
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path
from string import ascii_lowercase
from typing import Final
from urllib.parse import quote

from schwifty import IBAN

ALIGNMENTS: Final = 3
"""Base64 encodes the same bytes in three ways, depending on their offset."""


class Sentinels:
    """One unique text for each thing that a person can enter: `text` returns it, `seen` finds it in any encoding."""

    def __init__(self) -> None:
        self._marks: dict[str, str] = {}

    def text(self, name: str) -> str:
        """Return the text to enter for `name`, the same each time."""
        return f"{self._mark(name)} : élément « {name} »"

    def word(self, name: str) -> str:
        """Return one ASCII word, for file names and addresses."""
        return self._mark(name)

    def iban(self, name: str) -> str:
        """Return a valid French IBAN that belongs to nobody."""
        account = self._marks.setdefault(name, f"{secrets.randbelow(10**11):011}")
        return str(IBAN.generate("FR", bank_code="20041", branch_code="01005", account_code=account))

    def family_name(self, name: str) -> str:
        """Return a name of letters alone."""
        letters = "".join(secrets.choice(ascii_lowercase) for _ in range(12))
        return self._marks.setdefault(name, f"zq{letters}").capitalize()

    def nir(self, name: str) -> str:
        """Return a valid number of a person who does not exist, with its key."""
        digits = self._marks.setdefault(name, f"2806275{secrets.randbelow(10**6):06}")
        return f"{digits}{97 - int(digits) % 97:02}"

    def __iter__(self) -> Iterator[str]:
        return iter(self._marks)

    def __len__(self) -> int:
        return len(self._marks)

    def seen(self, place: bytes) -> set[str]:
        """Return the names of the sentinels found in some bytes, in any usual encoding."""
        whole = place + re.sub(rb"=?\r?\n", b"", place) + place.replace(b" ", b"")
        lower = whole.lower()
        return {
            name
            for name, mark in self._marks.items()
            if any(form in lower for form in _plain(mark)) or any(form in whole for form in _base64(mark))
        }

    def in_files(self, files: Iterator[Path]) -> dict[str, set[str]]:
        """Return, by path, the names found in files; files without any are left out."""
        seen = {str(file): self.seen(file.read_bytes()) for file in files}
        return {file: names for file, names in seen.items() if names}

    def _mark(self, name: str) -> str:
        return self._marks.setdefault(name, f"zq{secrets.token_hex(6)}")


def _plain(mark: str) -> set[bytes]:
    """In UTF-8 (and so in Latin-1, in JSON, in an address), in UTF-16, in hexadecimal."""
    clear = mark.encode()
    encoded = {clear, quote(mark).encode(), mark.encode("utf-16-le"), mark.encode("utf-16-be")}
    return encoded | {each.hex().encode() for each in encoded}


def _base64(mark: str) -> set[bytes]:
    """The base64 characters that depend on the text alone, for each possible offset."""
    forms = set()
    for written in (mark.encode(), mark.encode("utf-16-le"), mark.encode("utf-16-be")):
        for before in range(ALIGNMENTS):
            for encode in (b64encode, urlsafe_b64encode):
                whole = encode(bytes(before) + written)
                end = (before + len(written)) * 8 // 6
                forms.add(whole[-(-before * 8 // 6) : end])
    return forms
