"""Connections to authorities over HTTP."""

import ssl
from functools import cache
from typing import Final

import aiohttp

SECONDS_TO_ANSWER: Final = 5
"""An authority that takes longer, for a time-stamp or for the state of a certificate, counts as away."""


@cache
def _tls() -> ssl.SSLContext:
    """The usual anchors of TLS, read once: reading them costs as much as a signature."""
    return ssl.create_default_context()


def session() -> aiohttp.ClientSession:
    """A session for one event loop; to be closed, as by `async with`."""
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=_tls()))
