"""One bounded HTTP exchange with a public register: limited in time and size, no redirection, no decompression."""

import asyncio
from dataclasses import dataclass
from typing import Final

import aiohttp

from activities.http_session import session

EXCHANGE_TIMEOUT: Final = 3
"""Seconds for the whole exchange, from the resolution of the host name to the last byte."""
MAX_BYTES: Final = 256 * 1024
"""Bytes of an answer; the longest real ones have a few thousand."""
MAX_RETRY_AFTER: Final = 600
"""Seconds that a register may make us wait."""
SLOW_PAUSE: Final = 30
"""Seconds for which nobody asks a register that was too slow, so that it does not hold the acts of a worker."""
_FAILURES: Final = (aiohttp.ClientError, OSError, ValueError)


class SourceAway(Exception):
    """A register gave no answer that counts: `reason` is one word for logs and measures, never a text of its own."""

    def __init__(self, reason: str, retry_after: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after

    @classmethod
    def of(cls, reply: "Reply") -> "SourceAway":
        """Name a refusal: 429 says that too much was asked, anything else that the register is away."""
        return cls("limited", reply.retry_after or 1) if reply.status == 429 else cls("away")


@dataclass(frozen=True)
class Reply:
    """Status and body; `location` of a redirection, `retry_after` in seconds (0: not said)."""

    status: int
    content: bytes
    location: str = ""
    retry_after: int = 0


class Exchange:
    """Asks with the same headers each time."""

    def __init__(self, headers: dict[str, str] | None = None) -> None:
        self._headers = {"Accept": "application/json", "Accept-Encoding": "identity"} | (headers or {})

    async def get(self, address: str, **parameters: str) -> Reply:
        """Return the reply to one GET; raises `SourceAway` when there is none, or it is too long or too slow."""
        try:
            async with asyncio.timeout(EXCHANGE_TIMEOUT):
                return await self._get(address, parameters)
        except TimeoutError:
            raise SourceAway("slow", SLOW_PAUSE) from None
        except _FAILURES:
            raise SourceAway("away") from None

    async def _get(self, address: str, parameters: dict[str, str]) -> Reply:
        async with (
            session(decompress=False) as web,
            web.get(address, params=parameters, headers=self._headers, allow_redirects=False) as answer,
        ):
            content = b""
            while chunk := await answer.content.read(MAX_BYTES + 1 - len(content)):
                content += chunk
                if len(content) > MAX_BYTES:
                    raise SourceAway("huge")
            return Reply(
                answer.status,
                content,
                answer.headers.get("Location", ""),
                _seconds(answer.headers.get("Retry-After", "")),
            )


def _seconds(stated: str) -> int:
    """Read a number of seconds; a date or anything else says nothing."""
    return min(int(stated), MAX_RETRY_AFTER) if stated.isascii() and stated.isdecimal() and len(stated) < 9 else 0
