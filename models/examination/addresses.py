"""Where the program `examining` listens: `unix:/path`, or a loopback `host:port`."""

import socket
from ipaddress import ip_address

UNIX = "unix:"


def parse(address: str) -> tuple[socket.AddressFamily, str | tuple[str, int]]:
    """Return the family and the address of a socket; raises `ValueError` for anything but a local one."""
    if address.startswith(UNIX):
        path = address.removeprefix(UNIX)
        if not path.startswith("/"):
            raise ValueError("unix:/absolute/path")
        return socket.AF_UNIX, path
    host, _, port = address.rpartition(":")
    number = ip_address(host.strip("[]"))
    if not number.is_loopback:
        raise ValueError("only unix:/path or a loopback address")
    return (socket.AF_INET6 if number.version == 6 else socket.AF_INET), (str(number), int(port))
