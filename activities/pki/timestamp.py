"""Time-stamps (RFC 3161) from several authorities: the next one is asked when one does not answer."""

from asn1crypto import cms
from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper
from pyhanko.sign.timestamps.api import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from activities.pki.errors import TimestampUnavailable
from activities.pki.web import session

SECONDS_TO_ANSWER = 5
"""An authority that takes longer is given up for the next one."""


class FailoverTimeStamper(TimeStamper):
    """The authorities of `urls` in order of preference, each asked for one token at a time."""

    def __init__(self, urls: tuple[str, ...]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._urls = urls

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """A token from the first authority that gives one; raises TimestampUnavailable."""
        refusals: list[str] = []
        async with session() as connections:
            for url in self._urls:
                authority = HTTPTimeStamper(url, timeout=SECONDS_TO_ANSWER, session=connections)
                try:
                    return await authority.async_timestamp(message_digest, md_algorithm)
                except (TimestampRequestError, ValueError) as refusal:
                    refusals.append(f"{url}: {refusal.__cause__ or refusal}")
        raise TimestampUnavailable("; ".join(refusals) or "no time-stamp authority is configured")
