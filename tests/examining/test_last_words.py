"""The parent has the last word whatever fills the connection, and waits for no caller for ever."""

import selectors
import socket
from collections.abc import Iterator
from contextlib import suppress

import pytest

from examining import last_words
from examining.last_words import LastWords
from models.examination.framing import Ending, Word, new_seal, part

SEAL = new_seal()


@pytest.fixture
def selector() -> Iterator[selectors.BaseSelector]:
    with selectors.DefaultSelector() as opened:
        yield opened


@pytest.fixture
def words(selector: selectors.BaseSelector) -> LastWords:
    return LastWords(selector)


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.settimeout(5)
        yield ours, theirs


@pytest.fixture
def ours(pair: tuple[socket.socket, socket.socket]) -> socket.socket:
    return pair[0]


@pytest.fixture
def theirs(pair: tuple[socket.socket, socket.socket]) -> socket.socket:
    return pair[1]


def fill(connection: socket.socket) -> bytes:
    """Write until nothing more is taken; returns what was."""
    written = b""
    with suppress(BlockingIOError):
        while True:
            written += bytes(connection.send(bytes(4096), socket.MSG_DONTWAIT))
    return written


def turn(selector: selectors.BaseSelector) -> None:
    for key, _ in selector.select(0):
        key.data()


def read(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(65_536), b""))


def test_a_full_connection_takes_its_last_word_once_it_is_read(
    words: LastWords, selector: selectors.BaseSelector, ours: socket.socket, theirs: socket.socket
) -> None:
    ours.send(SEAL)
    written = fill(ours)
    words.say(ours, SEAL, Word.UNREADABLE, 4.0)
    turn(selector)
    assert len(words) == 1
    received = theirs.recv(len(SEAL + written), socket.MSG_WAITALL)
    turn(selector)
    assert (len(words), len(selector.get_map()), ours.fileno()) == (0, 0, -1)
    assert part(received + read(theirs)) == Ending(written, Word.UNREADABLE, 4000)


def test_a_connection_with_room_takes_it_at_once(words: LastWords, ours: socket.socket, theirs: socket.socket) -> None:
    words.dismiss(ours, Word.BUSY)
    assert (len(words), part(read(theirs))) == (0, Ending(b"", Word.BUSY, 0))


def test_a_caller_that_does_not_read_is_waited_for_no_longer_than_a_child_lives(
    words: LastWords,
    selector: selectors.BaseSelector,
    ours: socket.socket,
    theirs: socket.socket,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written = fill(ours)
    words.say(ours, SEAL, Word.ANSWERED)
    words.drop_late()
    assert (len(words), len(list(words.deadlines()))) == (1, 1)
    monkeypatch.setattr(last_words, "KEPT_SECONDS", 0)
    words.drop_late()
    assert (len(words), len(selector.get_map()), read(theirs)) == (0, 0, written)


def test_a_caller_that_leaves_is_forgotten(
    words: LastWords, selector: selectors.BaseSelector, ours: socket.socket, theirs: socket.socket
) -> None:
    fill(ours)
    words.say(ours, SEAL, Word.ANSWERED)
    theirs.close()
    turn(selector)
    assert (len(words), ours.fileno()) == (0, -1)


def test_nothing_is_kept_at_the_end(words: LastWords, ours: socket.socket) -> None:
    fill(ours)
    words.say(ours, SEAL, Word.STOPPED)
    words.end()
    assert (len(words), ours.fileno()) == (0, -1)
