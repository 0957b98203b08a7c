"""The filter of system calls: compiled for each architecture, and in force where the tests run."""

import platform
import struct

import pytest

from examining import system_calls
from tests.examining.conftest import Listening
from tests.examining.hostile import KINDS


@pytest.mark.parametrize("machine", system_calls.ALLOWED)
def test_each_call_that_is_left_jumps_to_the_permission_and_the_others_to_the_refusal(machine: str) -> None:
    architecture, calls = system_calls.ALLOWED[machine]
    code = system_calls._instructions(architecture, calls)
    program = list(struct.iter_unpack("=HBBI", code))
    assert program[-1] == (system_calls.RETURN, 0, 0, system_calls.ALLOW)
    assert program[-2] == (system_calls.RETURN, 0, 0, system_calls.REFUSE)
    jumps = [(at, step) for at, step in enumerate(program) if step[0] == system_calls.JUMP_IF_EQUAL and at > 3]
    assert {step[3] for _, step in jumps} == set(calls.values())
    assert {at + 1 + step[1] for at, step in jumps} == {len(program) - 1}
    assert not {"openat", "socket", "execve", "clone", "kill", "ptrace", "setrlimit", "shutdown"} & calls.keys()


def test_it_is_in_force_here_and_said_at_the_start(hostile: Listening) -> None:
    assert system_calls.available() == (platform.machine() in system_calls.ALLOWED)
    assert f'"system_calls_filtered": {str(system_calls.available()).lower()}' in hostile.log.read_text()
    assert hostile.client.examine(KINDS["echo"], b"x" * 5_000_000).done == ("5000000",)
