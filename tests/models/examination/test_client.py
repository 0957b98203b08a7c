"""The client believes nothing but a whole verdict of the right shape, and waits for nobody for ever."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from models.examination import client
from models.examination.client import Examined, Examiner, ExaminerUnavailable
from models.examination.framing import ANSWER, END, MAX_ANSWER_BYTES, SEAL_BYTES, Word, last_word
from models.examination.shapes import FILE, FileVerdict

SEAL = bytes(range(128, 128 + SEAL_BYTES))
"""The same in every process: it is part of the names of tests."""


@contextmanager
def answering(folder: Path, *answers: bytes, hold: bool = False) -> Iterator[Examiner]:
    """A program that answers its seal and these bytes to whatever it is sent, one call after the other."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "socket"))
        listener.listen()
        kept: list[socket.socket] = []

        def serve() -> None:
            for answer in answers:
                connection, _ = listener.accept()
                while connection.recv(65_536):
                    pass
                connection.sendall(SEAL + answer)
                kept.append(connection) if hold else connection.close()

        thread = threading.Thread(target=serve)
        thread.start()
        yield Examiner(f"unix:{folder}/socket")
        thread.join()
        for each in kept:
            each.close()


def framed(verdict: bytes) -> bytes:
    return ANSWER.pack(len(verdict)) + verdict


def ended(word: Word, milliseconds: int = 0) -> bytes:
    return last_word(SEAL, word, milliseconds / 1000)


GOOD = framed(b'{"media_type":"text/csv"}')


def test_a_whole_verdict_is_believed(tmp_path: Path) -> None:
    with answering(tmp_path, GOOD + ended(Word.ANSWERED, 70)) as examiner:
        assert examiner.measure(FILE, b"x") == Examined(FileVerdict(media_type="text/csv"), 70)


@pytest.mark.parametrize(
    "answer",
    [
        ended(Word.UNREADABLE),
        GOOD + ended(Word.UNREADABLE),
        GOOD[:-3] + ended(Word.ANSWERED),
        GOOD + GOOD + ended(Word.ANSWERED),
        GOOD + last_word(bytes(16), Word.ANSWERED) + ended(Word.ANSWERED),
        ended(Word.ANSWERED),
        framed(b'{"media_type":"text/html"}') + ended(Word.ANSWERED),
        framed(b'{"media_type":"text/csv","note":"Bonjour"}') + ended(Word.ANSWERED),
        framed(b'{"refusal":"file-type","recognised":"<script>"}') + ended(Word.ANSWERED),
        framed(b"[" * 60_000) + ended(Word.ANSWERED),
        framed(b" " * MAX_ANSWER_BYTES) + b"x" * MAX_ANSWER_BYTES,
    ],
)
def test_any_other_answer_makes_the_file_unreadable(tmp_path: Path, answer: bytes) -> None:
    with answering(tmp_path, answer) as examiner:
        assert examiner.examine(FILE, b"x") == FILE.unreadable


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        GOOD,
        ended(Word.BUSY),
        ended(Word.STOPPED),
        ended(Word.ANSWERED)[:-1],
        GOOD + last_word(bytes(16), Word.ANSWERED),
        GOOD + SEAL + END.pack(b"?", 0),
    ],
)
def test_no_word_of_the_parent_says_nothing_of_the_file(tmp_path: Path, answer: bytes) -> None:
    with answering(tmp_path, answer) as examiner, pytest.raises(ExaminerUnavailable):
        examiner.examine(FILE, b"x")


@pytest.mark.parametrize(
    ("answers", "milliseconds"),
    [
        ((ended(Word.STOPPED, 4000),), 4000),
        ((ended(Word.KILLED, 3000), ended(Word.BUSY)), 3000),
        ((ended(Word.KILLED, 3000), ended(Word.STOPPED, 900)), 3900),
        ((ended(Word.KILLED, 3000), b""), 3000),
    ],
)
def test_what_a_file_took_is_known_though_nobody_judged_it(
    tmp_path: Path, answers: tuple[bytes, ...], milliseconds: int
) -> None:
    with answering(tmp_path, *answers) as examiner, pytest.raises(ExaminerUnavailable) as unavailable:
        examiner.examine(FILE, b"x")
    assert unavailable.value.milliseconds == milliseconds


def test_an_answer_that_never_ends_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "ANSWER_TIMEOUT", 0.2)
    with answering(tmp_path, GOOD, hold=True) as examiner, pytest.raises(ExaminerUnavailable):
        examiner.examine(FILE, b"x")


@pytest.mark.parametrize("address", ["", "unix:/nowhere/socket", "127.0.0.1:9", "example.org:80", "8.8.8.8:53"])
def test_a_program_that_is_away_is_no_verdict(address: str) -> None:
    with pytest.raises(ExaminerUnavailable):
        Examiner(address).examine(FILE, b"x")


def test_more_than_the_limit_is_not_even_sent() -> None:
    with pytest.raises(ValueError, match="too large"):
        Examiner("unix:/nowhere").examine(FILE, bytes(FILE.max_bytes + 1))


def test_whether_it_answers_is_asked_once_in_a_few_seconds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    examiner = Examiner(f"unix:{tmp_path}/socket")
    assert not examiner.answers()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{tmp_path}/socket")
        listener.listen()
        assert not examiner.answers()  # as it was a moment ago
        monkeypatch.setattr(client, "PROBE_SECONDS", 0)
        assert examiner.answers()
    assert not examiner.answers()
    assert not Examiner("").answers()
