"""A register of establishments in which every SIRET is active, unless its folder says otherwise.

`python -m local.companies FOLDER PORT [HOST]`, on the loopback unless a HOST is given. `GET /<siret>` answers with
the file `<siret>.json` of FOLDER as it is, or 404 when that file is empty. A file named `refuse` in FOLDER makes it
answer 503, and one named `slow` makes it wait for as long as it stands, so that tests can break it.
"""

import json
import re
import sys
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

LOOPBACK: Final = "127.0.0.1"
REFUSE, SLOW = "refuse", "slow"
POLL_INTERVAL: Final = 0.05
"""Seconds between two checks of the fault `slow`."""


class CompanyHandler(BaseHTTPRequestHandler):
    """Answers about one establishment, from the folder."""

    folder: Path

    def do_GET(self) -> None:
        """Answer 200 with JSON, 404 for an unknown SIRET, 503 while `refuse` exists."""
        while (self.folder / SLOW).exists():
            time.sleep(POLL_INTERVAL)
        siret = self.path.strip("/")
        if (self.folder / REFUSE).exists():
            self._send(HTTPStatus.SERVICE_UNAVAILABLE)
        elif re.fullmatch(r"\d{14}", siret, re.ASCII) and (known := self._known(siret)):
            self._send(HTTPStatus.OK, known)
        else:
            self._send(HTTPStatus.NOT_FOUND)

    def _known(self, siret: str) -> bytes:
        file = self.folder / f"{siret}.json"
        return file.read_bytes() if file.exists() else json.dumps(active(siret), ensure_ascii=False).encode()

    def _send(self, status: HTTPStatus, content: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def active(siret: str) -> dict[str, str | None]:
    """Describe an active establishment without a known headcount."""
    return {
        "siret": siret,
        "state": "active",
        "headcount": None,
        "name": f"Établissement {siret}",
        "address": "1, place de l’Essai, 34000 Montpellier",
    }


def serve(folder: Path, port: int, host: str = LOOPBACK) -> None:
    """Answer until the process ends."""
    folder.mkdir(parents=True, exist_ok=True)
    handler = type("FolderHandler", (CompanyHandler,), {"folder": folder})
    ThreadingHTTPServer((host, port), handler).serve_forever()


def main(arguments: list[str]) -> int:
    """`FOLDER PORT [HOST]`; 2 on wrong use."""
    match arguments:
        case [folder, port, *host] if port.isdecimal() and len(host) < 2:
            serve(Path(folder), int(port), *host)
            return 0
        case _:
            print("usage: python -m local.companies FOLDER PORT [HOST]", file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
