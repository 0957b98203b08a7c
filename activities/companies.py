"""The directory of establishments: whether one exists and is active. The answer is only information for an agent.

`GET {address}/{siret}` answers JSON `{siret, state, headcount, name, address}`, or 404 for an establishment that it
does not know. No answer within `DIRECTORY_TIMEOUT`, any other status and any other body mean that the directory is
unavailable; nothing waits for it.
"""

from typing import Final, Literal

import aiohttp
import structlog
from pydantic import ConfigDict, Field

from activities.http_session import session
from models.identifiers import Message, Siret

DIRECTORY_TIMEOUT: Final = 2
"""Seconds for the whole exchange, from the resolution of the host name to the last byte."""
_UNAVAILABLE: Final = (aiohttp.ClientError, OSError, ValueError)
_log = structlog.get_logger()


class DirectoryUnavailable(Exception):
    """The directory did not answer in time, or its answer is invalid."""


class Company(Message):
    """An establishment as the directory lists it; other members of the answer are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    siret: Siret
    state: Literal["active", "ceased"]
    headcount: int | None = Field(default=None, ge=0)
    """Employees, to be compared with what a request states; None when the directory does not know."""
    name: str = ""
    address: str = ""


class CompanyDirectory:
    """The directory of establishments at an HTTP address, or none when no address is configured."""

    def __init__(self, address: str | None) -> None:
        self._address = (address or "").rstrip("/")

    @property
    def configured(self) -> bool:
        """Whether there is a directory to query."""
        return bool(self._address)

    async def look_up(self, siret: str) -> Company | None:
        """Return an establishment, or None when the directory does not know it; raises DirectoryUnavailable."""
        try:
            return await self._query(siret)
        except _UNAVAILABLE as error:
            name = type(error).__name__  # its text may quote the answer
            _log.warning("companies_away", error=name)
            raise DirectoryUnavailable(name) from None

    async def _query(self, siret: str) -> Company | None:
        limit = aiohttp.ClientTimeout(total=DIRECTORY_TIMEOUT)
        address = f"{self._address}/{siret}"
        async with session() as web, web.get(address, timeout=limit, allow_redirects=False) as answer:
            if answer.status == 404:
                return None
            if answer.status != 200:
                raise ValueError(f"status {answer.status}")
            company = Company.model_validate_json(await answer.read())
        if company.siret != siret:
            raise ValueError("another establishment")
        return company


NO_DIRECTORY: Final = CompanyDirectory(None)
"""No directory of establishments: none is queried, and no control relies on it."""
