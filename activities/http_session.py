"""HTTP connections to authorities and directories."""

import ssl
from functools import cache
from typing import Final

import aiohttp

AUTHORITY_TIMEOUT: Final = 5
"""Seconds; an authority that takes longer, for a time-stamp or a certificate status, counts as unavailable."""


@cache
def _tls() -> ssl.SSLContext:
    """Return the default TLS trust anchors, loaded once: loading them costs as much as a signature."""
    return ssl.create_default_context()


def session(*, decompress: bool = True) -> aiohttp.ClientSession:
    """Open a session for one event loop; the caller closes it, as by `async with`.

    Without `decompress` a compressed answer is left as it is, so that a small one cannot become a large one.
    """
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=_tls()), auto_decompress=decompress)
