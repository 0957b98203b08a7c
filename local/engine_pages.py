"""The engine's pages with their buttons that end or change a process disabled, as Compose has them.

`python -m local.engine_pages FOLDER PORT ENGINE_PORT`. In Compose the server of the pages is told so by
`TEMPORAL_DISABLE_WRITE_ACTIONS`; that of `temporal server start-dev` has no such setting. This stands before it on the
loopback: it changes the settings that the pages read, and refuses the calls that write, by the same rule.

It keeps people from what must not be done by hand, and protects nothing: the engine itself is open to whoever uses
this machine.
"""

import json
import re
import sys
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

LOOPBACK: Final = "127.0.0.1"
ANSWER_TIMEOUT: Final = 90.0
"""Seconds: pages wait up to a minute for the next event of a process."""
SETTINGS: Final = "/api/v1/settings"
READ_ONLY: Final = ("DisableWriteActions", "BatchActionsDisabled", "StartWorkflowDisabled", "ActivityCommandsDisabled")
READ_ONLY_ACTS: Final = re.compile(r"Workflow(Terminate|Cancel|Signal|Reset|Update|Pause)Disabled")
"""Members of the settings that disable buttons; those of the second kind are set where the server knows them."""
QUERY: Final = re.compile(r"/api/v1/namespaces/[^/?]+/workflows/[^/?]+/query/[^/?]+(\?.*)?")
"""The one call by POST that only reads."""
NOT_FORWARDED: Final = frozenset(("connection", "keep-alive", "transfer-encoding", "content-length", "te", "upgrade"))
REFUSAL: Final = {
    "code": 7,
    "message": "Ces pages montrent les dossiers sans rien y changer : aucun ne s’arrête, ne se signale ni ne reprend "
    "d’ici. Ce qui est arrêté par une panne se reprend dans « Exploitation » ou par « tacite resume ».",
    "details": [],
}
"""In the form of the engine's own errors (7: permission denied), which the pages show."""


def reads(method: str, target: str) -> bool:
    """Whether a call changes nothing."""
    return method in ("GET", "HEAD", "OPTIONS") or (method == "POST" and QUERY.fullmatch(target) is not None)


def read_only(settings: bytes) -> bytes:
    """Return the settings of the pages with every button disabled that ends or changes a process."""
    stated = json.loads(settings)
    acts = [name for name in stated if READ_ONLY_ACTS.fullmatch(name)]
    return json.dumps(stated | dict.fromkeys((*READ_ONLY, *acts), True)).encode()


class Handler(BaseHTTPRequestHandler):
    """Hands a call on to the pages of the engine, or refuses it."""

    protocol_version = "HTTP/1.1"
    engine_port: int

    def handle_one_call(self) -> None:
        """Answer one call."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if not reads(self.command, self.path):
            self._send(HTTPStatus.FORBIDDEN, [("Content-Type", "application/json")], json.dumps(REFUSAL).encode())
            return
        pages = HTTPConnection(LOOPBACK, self.engine_port, timeout=ANSWER_TIMEOUT)
        try:
            pages.request(self.command, self.path, body or None, self._headers())
            answer = pages.getresponse()
            content = answer.read()
        except (OSError, HTTPException):
            self._send(HTTPStatus.BAD_GATEWAY, [("Content-Type", "text/plain; charset=utf-8")], b"Moteur absent.")
            return
        finally:
            pages.close()
        changed = self._asks_for_settings() and answer.status == HTTPStatus.OK
        self._send(answer.status, _kept(answer), read_only(content) if changed else content)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = handle_one_call  # noqa: N815

    def _headers(self) -> dict[str, str]:
        """Return the headers of a call; settings are asked for as plain text, to be changed."""
        hidden = NOT_FORWARDED | ({"accept-encoding"} if self._asks_for_settings() else frozenset())
        return {name: value for name, value in self.headers.items() if name.lower() not in hidden}

    def _asks_for_settings(self) -> bool:
        return self.path.partition("?")[0] == SETTINGS

    def _send(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        self.send_response_only(status)
        for name, value in (*headers, ("Content-Length", str(len(content)))):
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Log no call."""


def _kept(answer: HTTPResponse) -> list[tuple[str, str]]:
    return [(name, value) for name, value in answer.getheaders() if name.lower() not in NOT_FORWARDED]


def main() -> None:
    """Serve until stopped."""
    _, port, engine_port = sys.argv[1:]
    Handler.engine_port = int(engine_port)
    ThreadingHTTPServer((LOOPBACK, int(port)), Handler).serve_forever()


if __name__ == "__main__":
    main()
