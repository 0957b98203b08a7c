"""The register of establishments, asked whether one is known and lives; what it says only informs an agent.

`GET {address}/{siret}` answers JSON `{siret, state, headcount, name, address}`, or 404 for an establishment that it
does not know. A silence of `DIRECTORY_TIMEOUT`, any other status and any other body mean that it is unavailable: nobody
waits for it.
"""

from typing import Final, Literal

import aiohttp
import structlog
from pydantic import ConfigDict, Field

from activities.http_session import session
from models.identifiers import Message, Siret

DIRECTORY_TIMEOUT: Final = 2
"""Given to the whole of an answer, from the name of its host to its last byte."""
_AWAY: Final = (aiohttp.ClientError, OSError, ValueError)
_log = structlog.get_logger()


class DirectoryUnavailable(Exception):
    """The register of establishments gave no answer in time, or none that can be read."""


class Company(Message):
    """An establishment as the register lists it; whatever else the answer holds is left aside."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    siret: Siret
    state: Literal["active", "ceased"]
    headcount: int | None = Field(default=None, ge=0)
    """Employees, to be compared with what a request states; None when the register does not know."""
    name: str = ""
    address: str = ""


class CompanyDirectory:
    """The register of establishments at an HTTP address, or none where nobody has given one."""

    def __init__(self, address: str | None) -> None:
        self._address = (address or "").rstrip("/")

    @property
    def configured(self) -> bool:
        """Whether there is a register to ask."""
        return bool(self._address)

    async def look_up(self, siret: str) -> Company | None:
        """Return an establishment, or None when the register does not know it; raises RegisterAway."""
        try:
            return await self._ask(siret)
        except _AWAY as away:
            name = type(away).__name__  # its text may quote the answer
            _log.warning("companies_away", error=name)
            raise DirectoryUnavailable(name) from None

    async def _ask(self, siret: str) -> Company | None:
        limit = aiohttp.ClientTimeout(total=DIRECTORY_TIMEOUT)
        address = f"{self._address}/{siret}"
        async with session() as web, web.get(address, timeout=limit, allow_redirects=False) as answer:
            if answer.status == 404:
                return None
            if answer.status != 200:
                raise ValueError(f"status {answer.status}")
            found = Company.model_validate_json(await answer.read())
        if found.siret != siret:
            raise ValueError("another establishment")
        return found


NOWHERE: Final = CompanyDirectory(None)
"""No register of establishments: nothing is asked, and no control is drawn from it."""
