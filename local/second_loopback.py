"""`::1` beside `127.0.0.1`: a browser that looks up `localhost` may try either, and passkeys need a name.

Each connection to `[::1]:port` is passed on to `127.0.0.1:port`, by threads of this process that end with it.
"""

import socket
import threading
from contextlib import suppress
from typing import Final

BUFFER_BYTES: Final = 64 * 1024


def open_second_loopback(port: int) -> socket.socket | None:
    """Pass on connections to `[::1]:port` until the socket returned is closed; None on a machine without `::1`."""
    try:
        listener = socket.create_server(("::1", port), family=socket.AF_INET6)
    except OSError:
        return None
    threading.Thread(target=_accept, args=(listener, port), daemon=True).start()
    return listener


def _accept(listener: socket.socket, port: int) -> None:
    with suppress(OSError):  # the listener was closed
        while True:
            threading.Thread(target=_pass_on, args=(listener.accept()[0], port), daemon=True).start()


def _pass_on(client: socket.socket, port: int) -> None:
    with client, suppress(OSError), socket.create_connection(("127.0.0.1", port)) as server:
        back = threading.Thread(target=_copy, args=(server, client), daemon=True)
        back.start()
        _copy(client, server)
        back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while some := source.recv(BUFFER_BYTES):
            target.sendall(some)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
