"""A provider of identities may answer anything: what is no valid answer is refused, or makes it unavailable."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from fastapi_problem.error import Problem
from joserfc import jwt
from joserfc.jwk import RSAKey

from starter.auth.oidc import Provider, SignInFailed
from starter.auth.oidc_shapes import Claims

KEY = RSAKey.generate_key(2048, parameters={"kid": "a", "alg": "RS256", "use": "sig"})
CLIENT = "tacite-firms"


class Answering(ThreadingHTTPServer):
    """A provider whose every answer can be replaced."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.metadata: dict[str, object] = {}
        self.keys = json.dumps({"keys": [KEY.as_dict(private=False)]}).encode()
        self.tokens: dict[str, object] = {"id_token": self.signed({"nonce": "N"}), "access_token": "x"}
        self.user, self.user_type = b'{"sub":"s"}', "application/json"

    def signed(self, changes: Claims) -> str:
        """Sign valid claims with these changes; None leaves a claim out."""
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT, "exp": now + 60, "iat": now, "sub": "s"} | changes
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode({"alg": "RS256", "kid": "a"}, kept, KEY)


class _Answers(BaseHTTPRequestHandler):
    server: Answering

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        at = self.server.address
        ends = {"authorization_endpoint": "a", "token_endpoint": "t", "jwks_uri": "k", "userinfo_endpoint": "u"}
        metadata = {"issuer": at} | {name: f"{at}/{end}" for name, end in ends.items()} | self.server.metadata
        match self.path:
            case "/k":
                self._send(self.server.keys)
            case "/u":
                self._send(self.server.user, self.server.user_type)
            case _:
                self._send(json.dumps(metadata).encode())

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._send(json.dumps(self.server.tokens).encode())

    def _send(self, content: bytes, media_type: str = "application/json") -> None:
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture
def answering() -> Iterator[Answering]:
    with Answering() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def outcome(answering: Answering) -> str:
    provider = Provider(answering.address, CLIENT, None, (), "http://door/proofs/return")
    try:
        claims, _ = provider.claims("code", "N", "verifier")
    except SignInFailed as failed:
        return failed.reason
    except Problem as away:
        return str(away.status)
    return f"accepted {claims['sub']}"


def test_a_valid_answer_is_accepted(answering: Answering) -> None:
    assert outcome(answering) == "accepted s"


@pytest.mark.parametrize(
    "keys",
    [b"[" * 100_000, b'{"keys":' + b"[" * 5_000, b"[]", b"1", b'{"keys":"x"}', b'{"keys":[1]}', b"\xff"],
    ids=len,
)
def test_keys_that_are_none_are_refused(answering: Answering, keys: bytes) -> None:
    answering.keys = keys
    assert outcome(answering) == "token"


@pytest.mark.parametrize("token", ["é", "a\nb", "", "a b"])
def test_an_access_token_that_no_header_can_carry_is_refused(answering: Answering, token: str) -> None:
    answering.tokens |= {"access_token": token}
    assert outcome(answering) == "token"


@pytest.mark.parametrize("name", ["authorization_endpoint", "jwks_uri", "token_endpoint", "userinfo_endpoint"])
@pytest.mark.parametrize("address", ["nope", "file:///etc/passwd", "http://a\x00b/", "http://[::1", "javascript:x"])
def test_an_address_that_is_none_makes_it_unavailable(answering: Answering, name: str, address: str) -> None:
    answering.metadata = {name: address}
    assert outcome(answering) == "503"


def test_a_port_that_is_none_makes_it_unavailable(answering: Answering) -> None:
    answering.metadata = {"jwks_uri": "http://127.0.0.1:99999/"}
    assert outcome(answering) == "503"


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"nonce": ["N"]}, "token"),
        ({"nonce": "n"}, "nonce"),
        ({"nonce": None}, "token"),
        ({"iss": ["x"]}, "token"),
        ({"exp": True}, "token"),
        ({"exp": "4000000000"}, "token"),
        ({"exp": 1}, "expired"),
        ({"nbf": 4_000_000_000}, "token"),
        ({"sub": ["s"]}, "token"),
        ({"sub": ""}, "token"),
        ({"acr": ["x"]}, "token"),
        ({"aud": {CLIENT: 1}}, "token"),
    ],
    ids=str,
)
def test_an_identity_with_a_wrong_claim_is_refused(answering: Answering, claims: Claims, reason: str) -> None:
    answering.tokens |= {"id_token": answering.signed({"nonce": "N"} | claims)}
    assert outcome(answering) == reason


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({}, "accepted s"),
        ({"exp": None, "iat": None}, "accepted s"),
        ({"exp": 1}, "expired"),
        ({"nbf": 4_000_000_000}, "token"),
        ({"exp": "x"}, "token"),
        ({"nbf": []}, "token"),
        ({"sub": "z"}, "token"),
        ({"sub": ["s"]}, "token"),
        ({"aud": "z"}, "audience"),
    ],
    ids=str,
)
def test_a_signed_user_is_judged_like_an_identity(answering: Answering, claims: Claims, reason: str) -> None:
    answering.user, answering.user_type = answering.signed(claims).encode(), "application/jwt"
    assert outcome(answering) == reason


@pytest.mark.parametrize("user", [b'{"a":' * 5_000, b"[]", b"\xff", b" "], ids=len)
def test_a_user_that_is_none_is_refused(answering: Answering, user: bytes) -> None:
    answering.user = user
    assert outcome(answering) == "token"
