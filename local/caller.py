"""An API client: plain HTTP with a bearer token, as the software of any employer or agent would."""

import asyncio
import json
import secrets
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

TIMEOUT_SECONDS: Final = 30.0
"""Seconds that an answer may take."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer: the status, and the JSON body or the bytes of a document."""

    status: int
    raw: bytes

    @property
    def body(self) -> dict[str, object]:
        """The JSON object."""
        body: dict[str, object] = json.loads(self.raw)
        return body

    def __getitem__(self, name: str) -> object:
        """One member of the JSON object."""
        return self.body[name]


class Refused(Exception):
    """The answer was not the expected one; the message is for a person."""

    def __init__(self, answer: Answer, what: str) -> None:
        super().__init__(f"{what} : réponse {answer.status}. {_problem(answer.raw)}")
        self.answer = answer


class Caller:
    """One account, by its token; calls run in threads."""

    def __init__(self, site: str, token: str) -> None:
        self._api = f"{site}/api/v1"
        self._token = token

    async def get(self, path: str) -> Answer:
        """Read; raises `Refused` unless the answer is 200."""
        return _expected(await self._call("GET", path), f"GET {path}", 200)

    async def read(self, path: str, *expect: int) -> Answer:
        """Read; raises `Refused` unless the status is expected."""
        return _expected(await self._call("GET", path), f"GET {path}", *expect)

    async def post(self, path: str, body: object = None, *, expect: tuple[int, ...] = (200, 201, 202)) -> Answer:
        """Post JSON; raises `Refused` unless the status is expected."""
        sent = json.dumps({} if body is None else body).encode()
        return _expected(await self._call("POST", path, sent), f"POST {path}", *expect)

    async def patch(self, path: str, body: Mapping[str, object]) -> Answer:
        """Change; raises `Refused` unless the answer is 200."""
        return _expected(await self._call("PATCH", path, json.dumps(body).encode()), f"PATCH {path}", 200)

    async def upload(self, name: str, content: bytes, media_type: str) -> str:
        """Send a file and return its id; raises `Refused`."""
        boundary = secrets.token_hex(16)
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            f"Content-Type: {media_type}\r\n\r\n"
        )
        sent = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
        answer = await self._call("POST", "/files", sent, f"multipart/form-data; boundary={boundary}")
        return str(_expected(answer, "POST /files", 201)["id"])

    async def _call(self, method: str, path: str, body: bytes | None = None, kind: str = "application/json") -> Answer:
        headers = {"Authorization": f"Bearer {self._token}"}
        if body is not None:
            headers["Content-Type"] = kind
        request = urllib.request.Request(f"{self._api}{path}", body, headers, method=method)  # noqa: S310
        return await asyncio.to_thread(_answer, request)


def _answer(request: urllib.request.Request) -> Answer:
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
            return Answer(answer.status, answer.read())
    except urllib.error.HTTPError as refused:
        with refused:
            return Answer(refused.code, refused.read())


def _problem(raw: bytes) -> str:
    """What a problem says to a person; the beginning of any other answer."""
    try:
        problem = json.loads(raw)
        faults = [f"{each['pointer']} : {each['message']}" for each in problem.get("errors", ())]
        return " ".join([problem["detail"], *faults])
    except (ValueError, KeyError, TypeError, AttributeError):
        return raw[:200].decode(errors="replace")


def _expected(answer: Answer, what: str, *statuses: int) -> Answer:
    if answer.status not in statuses:
        raise Refused(answer, what)
    return answer
