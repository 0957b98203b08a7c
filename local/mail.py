"""A mailbox that accepts every message and delivers none: one `.eml` file each, and a page to read them.

`python -m local.mail FOLDER SMTP_PORT HTTP_PORT [HOST]`, on the loopback unless a HOST is given. Faults, while
these files are in FOLDER, so that tests can break the mail: `refuse` answers 451 to every message, `greylist` to
each one that was not offered before.
"""

import asyncio
import re
import sys
import threading
import time
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast

from aiosmtpd.smtp import SMTP, Envelope, Session

FAULT = "refuse"
GREYLIST = "greylist"
LOOPBACK = "127.0.0.1"

PAGE_TEMPLATE = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><title>{title}</title><style>
body {{ font: 1rem/1.5 sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }}
table {{ border-collapse: collapse; width: 100% }}
th, td {{ text-align: left; padding: .4rem .6rem; border-bottom: 1px solid #ccc }}
pre {{ white-space: pre-wrap; font: inherit }}
</style></head><body><main><h1>{title}</h1>
{body}
</main></body></html>"""


def received(folder: Path) -> list[EmailMessage]:
    """Every message received so far, oldest first."""
    return [_read(path) for path in _files(folder)]


class Mailbox:
    """What the SMTP server does with a message: refuse it, or write it to one file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._offered: set[str] = set()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Write the message to a file; answer 451 while a fault is on."""
        content = cast(bytes, envelope.content)
        if (self.folder / FAULT).exists():
            return "451 4.3.0 Service momentanement indisponible"
        if (self.folder / GREYLIST).exists() and self._is_new(content):
            return "451 4.7.1 Inconnu, representez-vous plus tard"
        draft = self.folder / f"{time.time_ns()}.part"
        draft.write_bytes(content)
        draft.rename(draft.with_suffix(".eml"))  # so that nobody reads half a message
        return "250 2.0.0 Message recu"

    def _is_new(self, content: bytes) -> bool:
        name = str(message_from_bytes(content, policy=default)["message-id"])
        known = name in self._offered
        self._offered.add(name)
        return not known


class PageHandler(BaseHTTPRequestHandler):
    """The page: the list at `/`, one message at `/<name>`."""

    folder: Path

    def do_GET(self) -> None:
        """Answer the list or one message."""
        name = self.path.strip("/")
        known = {path.stem: path for path in _files(self.folder)}
        if not name:
            self._send(HTTPStatus.OK, "Courriels reçus", _list(known))
        elif name in known:
            message = _read(known[name])
            self._send(HTTPStatus.OK, message["subject"] or "Sans objet", _show(message))
        else:
            self._send(HTTPStatus.NOT_FOUND, "Courriel introuvable", '<p><a href="/">Tous les courriels</a></p>')

    def _send(self, status: HTTPStatus, title: str, body: str) -> None:
        content = PAGE_TEMPLATE.format(title=escape(title), body=body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


async def serve(folder: Path, smtp_port: int, http_port: int, host: str = LOOPBACK) -> None:
    """Receive mail and show it until the process ends."""
    folder.mkdir(parents=True, exist_ok=True)
    handler = type("FolderHandler", (PageHandler,), {"folder": folder})
    pages = ThreadingHTTPServer((host, http_port), handler)
    threading.Thread(target=pages.serve_forever, daemon=True).start()
    mailbox = Mailbox(folder)
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(mailbox, enable_SMTPUTF8=True), host, smtp_port
    )
    await server.serve_forever()


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.eml"))


def _read(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), policy=default)


def _list(known: dict[str, Path]) -> str:
    if not known:
        return "<p>Aucun courriel pour l’instant.</p>"
    rows = []
    for name, path in reversed(known.items()):
        message = _read(path)
        subject = escape(message["subject"] or "Sans objet")
        rows.append(
            f"<tr><td>{_received(message)}</td><td>{escape(str(message['to'] or ''))}</td>"
            f'<td><a href="/{name}">{subject}</a></td></tr>'
        )
    head = '<tr><th scope="col">Date</th><th scope="col">Destinataire</th><th scope="col">Objet</th></tr>'
    return f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>"


def _received(message: EmailMessage) -> str:
    written = message["date"]
    return f"{written.datetime.astimezone():%d/%m/%Y %H:%M:%S}" if written and written.datetime else ""


def _show(message: EmailMessage) -> str:
    part = message.get_body(("plain", "html"))
    text = escape(part.get_content() if part is not None else "")
    linked = re.sub(r"https?://[^\s<]*[^\s<.,;:)]", lambda link: f'<a href="{link[0]}">{link[0]}</a>', text)
    sender, receiver = escape(str(message["from"] or "")), escape(str(message["to"] or ""))
    return f'<p>De : {sender}<br>À : {receiver}</p><pre>{linked}</pre><p><a href="/">Tous les courriels</a></p>'


def main(arguments: list[str]) -> int:
    """`FOLDER SMTP_PORT HTTP_PORT [HOST]`; 2 on wrong use."""
    match arguments:
        case [folder, smtp, http, *host] if smtp.isdecimal() and http.isdecimal() and len(host) < 2:
            asyncio.run(serve(Path(folder), int(smtp), int(http), *host))
            return 0
        case _:
            print("usage: python -m local.mail FOLDER SMTP_PORT HTTP_PORT [HOST]", file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
