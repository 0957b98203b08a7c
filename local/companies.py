"""The register of establishments on one machine: INSEE's Sirene API 3.11 and the public company search, as they answer.

`python -m local.companies FOLDER PORT [HOST]`, on the loopback unless a HOST is given: `/api-sirene/3.11/siret/<siret>`
and `/api-sirene/3.11/informations`, under the key of the file `key` of FOLDER, and `/search?q=<siret>`. It knows the
kinds of `local.company_kinds`; any other SIRET is active, partly disclosed, of no known commune, unless FOLDER
describes it in `<siret>.json` (`Known`), or says byte by byte what to answer, in `<siret>.raw`.

Files named `refuse` (503), `slow` (no answer while it stands), `malformed`, `huge` and `spent` (429) in FOLDER break
both APIs; with `-sirene` or `-search` at the end, one of them. `limited`: 30 calls a minute to Sirene, then 429.
"""

import json
import re
import sys
import time
from collections import deque
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

from local.company_documents import NO_RESULT, Known, search_document, sirene_document
from local.company_kinds import BY_SIRET

LOOPBACK: Final = "127.0.0.1"
SIRENE: Final = "/api-sirene/3.11"
KEY_HEADER: Final = "X-INSEE-Api-Key-Integration"
POLL_INTERVAL: Final = 0.05
"""Seconds between two checks of the fault `slow`."""
CALLS, PERIOD = 30, 60.0
"""What INSEE allows: calls, within seconds."""
HUGE: Final = 1 << 20
"""Bytes of an answer under the fault `huge`."""


class CompanyHandler(BaseHTTPRequestHandler):
    """Answers about one establishment, as the folder and the kinds say."""

    folder: Path
    calls: deque[float]

    def do_GET(self) -> None:
        """Answer for one of the two APIs."""
        url = urlsplit(self.path)
        if found := re.fullmatch(rf"{re.escape(SIRENE)}/(siret/(\d{{14}})|informations)", url.path, re.ASCII):
            self._sirene(found[2])
        elif url.path == "/search":
            self._search(parse_qs(url.query).get("q", [""])[0])
        else:
            self._send(HTTPStatus.NOT_FOUND, {"message": "No context-path matches the request URI."})

    def _sirene(self, siret: str | None) -> None:
        if self.headers[KEY_HEADER] != (self.folder / "key").read_text("ascii").strip():
            self._send(HTTPStatus.UNAUTHORIZED, {"message": "Unauthorized", "http_status_code": 401})
        elif self._fails("sirene") or self._is_limited():
            return
        elif siret is None:
            self._send(HTTPStatus.OK, {"etatService": "UP", "versionService": "3.11.26"})
        elif not self._sends_raw(siret):
            self._describe(self._known(siret))

    def _describe(self, known: Known) -> None:
        if known.duplicate_of:
            self._refuse(HTTPStatus.MOVED_PERMANENTLY, "Établissement en doublon.", known.duplicate_of)
        elif known.status == 200:
            self._send(HTTPStatus.OK, sirene_document(known))
        elif known.status == 403:
            self._refuse(HTTPStatus.FORBIDDEN, "Unité légale non diffusable.")
        else:
            self._refuse(HTTPStatus.NOT_FOUND, f"Aucun élément trouvé pour le siret {known.siret}.")

    def _search(self, siret: str) -> None:
        if self._fails("search") or self._sends_raw(siret):
            return
        known = self._known(siret) if re.fullmatch(r"\d{14}", siret, re.ASCII) else None
        listed = known is not None and known.status == 200 and not known.duplicate_of
        self._send(
            HTTPStatus.OK, search_document(known, self._known(known.office_siret)) if known and listed else NO_RESULT
        )

    def _known(self, siret: str) -> Known:
        file = self.folder / f"{siret}.json"
        if file.exists():
            return Known.model_validate_json(file.read_bytes())
        return BY_SIRET.get(siret) or Known(siret=siret, diffusion="P")

    def _sends_raw(self, siret: str) -> bool:
        file = self.folder / f"{siret}.raw"
        if file.exists():
            self._send_bytes(HTTPStatus.OK, file.read_bytes())
        return file.exists()

    def _fails(self, api: str) -> bool:
        """Answer as the faults of this API say; whether one did."""
        while self._has("slow", api):
            time.sleep(POLL_INTERVAL)
        if self._has("refuse", api):
            self._send_bytes(HTTPStatus.SERVICE_UNAVAILABLE)
        elif self._has("malformed", api):
            self._send_bytes(HTTPStatus.OK, b'{"etablissement": {"siret": ')
        elif self._has("huge", api):
            self._send_bytes(HTTPStatus.OK, b" " * HUGE)
        elif self._has("spent", api):
            self._limit()
        else:
            return False
        return True

    def _has(self, fault: str, api: str) -> bool:
        return (self.folder / fault).exists() or (self.folder / f"{fault}-{api}").exists()

    def _is_limited(self) -> bool:
        now = time.monotonic()
        while self.calls and self.calls[0] <= now - PERIOD:
            self.calls.popleft()
        self.calls.append(now)
        limited = (self.folder / "limited").exists() and len(self.calls) > CALLS
        if limited:
            self._limit()
        return limited

    def _limit(self) -> None:
        message = "Rate limit exceeded ! You reach the limit of 30 requests per 60 seconds"
        self._send(HTTPStatus.TOO_MANY_REQUESTS, {"message": message, "http_status_code": 429}, ("Retry-After", "2"))

    def _refuse(self, status: HTTPStatus, message: str, instead: str = "") -> None:
        location = [("Location", f"{SIRENE}/siret/{instead}")] if instead else []
        self._send(status, {"header": {"statut": status.value, "message": message}}, *location)

    def _send(self, status: HTTPStatus, body: dict[str, object], *headers: tuple[str, str]) -> None:
        self._send_bytes(status, json.dumps(body, ensure_ascii=False).encode(), *headers)

    def _send_bytes(self, status: HTTPStatus, content: bytes = b"", *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in (("Content-Type", "application/json;charset=utf-8"), *headers):
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def serve(folder: Path, port: int, host: str = LOOPBACK) -> None:
    """Answer until the process ends."""
    handler = type("FolderHandler", (CompanyHandler,), {"folder": folder, "calls": deque()})
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
