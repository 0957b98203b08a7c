"""The address that a call comes from: the connection's, or the one that the last of our proxies reported."""

from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import Final

from starlette.datastructures import Headers
from starlette.types import Scope

UNKNOWN_ADDRESS: Final = "-"


def caller_address(scope: Scope, proxies: int) -> str:
    """Return the address of a call, an IPv6 one as its /64."""
    client = scope.get("client")
    peer = client[0] if client else UNKNOWN_ADDRESS
    header = ",".join(Headers(scope=scope).getlist("x-forwarded-for"))  # a proxy may add a header line of its own
    forwarded = [each.strip() for each in header.split(",") if each.strip()]
    return _subscriber(forwarded[-proxies] if 0 < proxies <= len(forwarded) else peer)


def _subscriber(address: str) -> str:
    """Reduce an IPv6 address to its /64, which one subscriber owns whole: they could otherwise use each in turn."""
    try:
        parsed = ip_address(_without_port(address))
    except ValueError:
        return address
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or IPv6Network((parsed, 64), strict=False))


def _without_port(address: str) -> str:
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address
