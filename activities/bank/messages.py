"""Messages of ISO 20022 read as a stream, under their schema: bytes of a stranger, of which any may be hostile.

A message is UTF-8, whatever it declares, without a document type: so it has no entity, and nothing is ever fetched.
libxml2 reports a breach of the schema only at the end, so what was read counts only once the whole message is valid;
until then memory is bounded by the bytes that may pass without a record, by the number of records, and by libxml2’s own
limit of depth.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from lxml import etree

from law.amounts import of_cents, to_cents
from models.bank_messages import BankFault, BankMessageRefused

MAX_BYTES: Final = 32 << 20
"""Bytes of one message, whatever a caller allows: about a hundred thousand transfers."""
MAX_RECORDS: Final = 500_000
"""Elements that a reader asked for, in one message: above any file of ours with its batches."""
MAX_RECORD_BYTES: Final = 1 << 20
"""Bytes that may pass without such an element."""
_CHUNK_BYTES: Final = 1 << 16
_DECIMAL: Final = re.compile(r"[0-9]{1,18}(\.[0-9]{1,17})?")
_NUMBER: Final = re.compile(r"[0-9]{1,18}")
_DAY_LENGTH: Final = len("2021-04-01")
_ROOT: Final = "Document"
_BETWEEN_BANKS: Final = "urn:iso:std:iso:20022:tech:xsd:pacs."


class BankMessage(StrEnum):
    """The messages that we exchange, with their versions."""

    ORDER = "pain.001.001.09"
    STATUS_REPORT = "pain.002.001.10"
    STATEMENT = "camt.053.001.08"
    ADVICE = "camt.054.001.08"

    @property
    def namespace(self) -> str:
        """Namespace of its elements."""
        return f"urn:iso:std:iso:20022:tech:xsd:{self.value}"


class Node:
    """An element of a message, read by the names of its schema: `Refs/EndToEndId`."""

    def __init__(self, element: etree._Element, namespace: str) -> None:
        self._element = element
        self._names = {None: namespace}

    def find(self, path: str) -> "Node | None":
        """Return the first element of a path."""
        found = self._element.find(path, self._names)
        return None if found is None else Node(found, self._names[None])

    def get(self, path: str) -> "Node":
        """Return the first element of a path; raises BankMessageRefused if there is none."""
        found = self.find(path)
        if found is None:
            raise BankMessageRefused(BankFault.MALFORMED)
        return found

    def all(self, path: str) -> Iterator["Node"]:
        """Yield the elements of a path."""
        return (Node(found, self._names[None]) for found in self._element.iterfind(path, self._names))

    def find_text(self, path: str) -> str | None:
        """Return the text of the first element of a path."""
        found = self.find(path)
        return (found.own_text or None) if found else None

    def text(self, path: str) -> str:
        """Return the text of the first element of a path; raises BankMessageRefused if there is none."""
        return self.get(path).own_text

    @property
    def own_text(self) -> str:
        """Its text."""
        written: str | None = self._element.text
        return written.strip() if written else ""

    @property
    def currency(self) -> str | None:
        """Currency of an amount."""
        found: str | None = self._element.get("Ccy")
        return found

    def parent(self) -> "Node":
        """Return the element that holds it."""
        return Node(self._element.getparent(), self._names[None])


def identify(content: bytes) -> BankMessage:
    """Return which message some bytes begin; raises BankMessageRefused for any other, or no message at all."""
    _refuse_unparsed(content, MAX_BYTES)
    parser = etree.XMLPullParser(events=("start",), **_HARMLESS)
    root = next((element for _, element in _fed(parser, content[:_CHUNK_BYTES])), None)
    if root is None:
        raise BankMessageRefused(BankFault.MALFORMED)
    for message in BankMessage:
        if root.tag == f"{{{message.namespace}}}{_ROOT}":
            return message
    between_banks = root.tag.startswith(f"{{{_BETWEEN_BANKS}")
    raise BankMessageRefused(BankFault.BETWEEN_BANKS if between_banks else BankFault.OTHER_MESSAGE)


def records(
    content: bytes, message: BankMessage, paths: tuple[str, ...], *, max_bytes: int
) -> Iterator[tuple[str, Node]]:
    """Yield each element of some paths below the root as soon as it ends, then empty it; its children come before it.

    Raises BankMessageRefused: for its size, before any parsing; for the schema, only after the last one.
    """
    _refuse_unparsed(content, max_bytes)
    if identify(content) is not message:
        raise BankMessageRefused(BankFault.OTHER_MESSAGE)
    names = {f"{{{message.namespace}}}{path.rpartition('/')[2]}" for path in paths}
    parser = etree.XMLPullParser(events=("end",), tag=tuple(names), schema=_schema(message), **_HARMLESS)
    count = passed = 0
    for start in range(0, len(content), _CHUNK_BYTES):
        passed += _CHUNK_BYTES
        for _, element in _fed(parser, content[start : start + _CHUNK_BYTES]):
            path = _path(element)
            if path in paths:  # another may hide in what the schema leaves open (`SplmtryData`)
                count, passed = count + 1, 0
                yield path, Node(element, message.namespace)
                _empty(element)
        if count > MAX_RECORDS or passed > MAX_RECORD_BYTES:
            raise BankMessageRefused(BankFault.TOO_LARGE)
    try:
        parser.close()
    except etree.XMLSyntaxError:  # its text quotes what the bank wrote
        raise BankMessageRefused(BankFault.MALFORMED) from None


def _refuse_unparsed(content: bytes, max_bytes: int) -> None:
    """Refuse what no parser may see. Other encodings hide no document type: bytes are read as UTF-8 alone."""
    if len(content) > min(max_bytes, MAX_BYTES):
        raise BankMessageRefused(BankFault.TOO_LARGE)
    if b"<!DOCTYPE" in content:
        raise BankMessageRefused(BankFault.DOCTYPE)


def cents_of(amount: Node, *, currency: str | None = "EUR") -> int:
    """Return an amount in cents; raises BankMessageRefused for another currency, or a part of a cent."""
    if amount.currency != currency:
        raise BankMessageRefused(BankFault.CURRENCY)
    if not _DECIMAL.fullmatch(amount.own_text):
        raise BankMessageRefused(BankFault.MALFORMED)
    euros = Decimal(amount.own_text)
    cents = to_cents(euros)
    if of_cents(cents) != euros:
        raise BankMessageRefused(BankFault.MALFORMED)
    return cents


def number_of(node: Node) -> int:
    """Return a whole number; raises BankMessageRefused for anything else."""
    if not _NUMBER.fullmatch(node.own_text):
        raise BankMessageRefused(BankFault.MALFORMED)
    return int(node.own_text)


def day_of(node: Node) -> date:
    """Return the day of a date, or of an instant on the bank’s clock; raises BankMessageRefused if there is none."""
    try:
        return date.fromisoformat((node.find("Dt") or node.get("DtTm")).own_text[:_DAY_LENGTH])
    except ValueError:
        raise BankMessageRefused(BankFault.MALFORMED) from None


_HARMLESS: Final = {
    "encoding": "utf-8",
    # Never False: with a schema, lxml then takes a truncated message for a whole one. Without a document type there is
    # no entity to resolve.
    "resolve_entities": "internal",
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
    "collect_ids": False,
}


@cache
def _schema(message: BankMessage) -> etree.XMLSchema:
    return etree.XMLSchema(file=str(Path(__file__).with_name("schemas") / f"{message.value}.xsd"))


def _fed(parser: etree.XMLPullParser, chunk: bytes) -> Iterator[tuple[str, etree._Element]]:
    try:
        parser.feed(chunk)
        yield from parser.read_events()
    except etree.XMLSyntaxError:  # its text quotes what the bank wrote
        raise BankMessageRefused(BankFault.MALFORMED) from None


def _path(element: etree._Element) -> str:
    above = [each.tag.rpartition("}")[2] for each in element.iterancestors()][:-1]
    return "/".join((*reversed(above), element.tag.rpartition("}")[2]))


def _empty(element: etree._Element) -> None:
    """Drop what an element holds, and the empty one before it; not itself, at whose end the parser stands."""
    element.clear(keep_tail=True)
    previous = element.getprevious()
    if previous is not None and previous.tag == element.tag:
        element.getparent().remove(previous)
