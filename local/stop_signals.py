"""SIGINT and SIGTERM as something to wait for, by a program that runs until one of them comes."""

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stop_signals() -> Iterator[Callable[[], None]]:
    """Catch both signals within the block; the function given waits for one, also if it has already come.

    Python writes a byte to a socket the moment the signal arrives. A handler that sets a `threading.Event` may come
    while the main thread holds the lock of this event, about to sleep: it then waits for this lock for ever.

    For the main thread only: raises `ValueError` elsewhere.
    """
    reader, writer = socket.socketpair()
    with reader, writer:
        writer.setblocking(False)  # Python requires it
        before = {number: signal.signal(number, lambda _number, _frame: None) for number in STOP_SIGNALS}
        wakeup = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        try:
            yield lambda: _wait(reader)
        finally:
            signal.set_wakeup_fd(wakeup)
            for number, handler in before.items():
                signal.signal(number, handler)


def _wait(reader: socket.socket) -> None:
    reader.recv(1)
