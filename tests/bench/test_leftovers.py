"""A connection of the visitors is left until the server has closed its side."""

import socket
from contextlib import closing
from dataclasses import replace

from bench.leftovers import Leftovers, connections_from
from local.visitors import ADDRESS


def test_a_connection_is_left_until_both_sides_have_closed_it() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
        neighbour = socket.create_connection(("127.0.0.1", port))
        caller = socket.create_connection(("127.0.0.1", port), source_address=(ADDRESS, 0))
        served = [listener.accept()[0] for _ in range(2)]
        assert connections_from(ADDRESS, port) == 1
        assert connections_from(ADDRESS, port + 1) == 0
        caller.close()
        assert connections_from(ADDRESS, port) == 1
        for each in (*served, neighbour):
            each.close()
        assert connections_from(ADDRESS, port) == 0


def test_anything_left_is_something_whatever_time_it_took() -> None:
    assert Leftovers(0, 0, 0, 0, 0, seconds=40.0).nothing
    kinds = ("children", "files", "connections", "errands", "processes")
    none = Leftovers(0, 0, 0, 0, 0, 0.0)
    assert not any(replace(none, **{kind: 1}).nothing for kind in kinds)
