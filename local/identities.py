"""The identity provider of this machine: OpenID Connect, where anybody may sign in as anyone.

`python -m local.identities FOLDER PORT [HOST]`: oidc-provider-mock without its debugger, and with a check of
PKCE (S256). `PUT /users/<subject>` with a JSON object puts these claims into its ID tokens, whatever they are: tests
thus get a token for another audience, or an expired one. A file named `refuse` in FOLDER makes it answer 503.
"""

import secrets
import sys
import warnings
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

from flask import Flask, Response, request
from werkzeug.serving import make_server

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # authlib, which the mock is built on, warns that its modules are deprecated
    from oidc_provider_mock import app as provider  # type: ignore[import-untyped]

LOOPBACK: Final = "127.0.0.1"
SECRET_FILE: Final = "client_secret"  # noqa: S105  a name, not a secret
"""File of the client secret that our HTTP server sends; the mock accepts any."""


def application(folder: Path) -> Flask:
    """Return the provider, with the fault `refuse` and the check of PKCE."""
    app: Flask = provider(require_nonce=True)
    app.debug = False
    app.wsgi_app = app.wsgi_app.app  # type: ignore[method-assign,attr-defined] # its debugger runs code from a page
    challenges: dict[str, str] = {}

    def check() -> Response | None:
        if (folder / "refuse").exists():
            return Response("", 503)
        if request.path == "/oauth2/token":
            challenge = challenges.pop(request.form.get("code", ""), "")
            if not challenge or challenge != challenge_of(request.form.get("code_verifier", "")):
                return Response('{"error": "invalid_grant"}', 400, content_type="application/json")
        return None

    def remember_challenge(answer: Response) -> Response:
        for code in parse_qs(urlsplit(answer.headers.get("Location", "")).query).get("code", []):
            if request.args.get("code_challenge_method") == "S256":
                challenges[code] = request.args.get("code_challenge", "")
        return answer

    app.before_request(check)
    app.after_request(remember_challenge)
    return app


def challenge_of(verifier: str) -> str:
    """Return the S256 challenge of a verifier (RFC 7636, 4.2)."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")


def serve(folder: Path, port: int, host: str = LOOPBACK) -> None:
    """Answer until the process ends."""
    folder.mkdir(parents=True, exist_ok=True)
    secret = folder / SECRET_FILE
    if not secret.exists():
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_urlsafe(24), "utf-8")
    make_server(host, port, application(folder), threaded=True).serve_forever()


def main(arguments: list[str]) -> int:
    """`FOLDER PORT [HOST]`; 2 on wrong use."""
    match arguments:
        case [folder, port, *host] if port.isdecimal() and len(host) < 2:
            serve(Path(folder), int(port), *host)
            return 0
        case _:
            print("usage: python -m local.identities FOLDER PORT [HOST]", file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
