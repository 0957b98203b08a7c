"""The signals that end a program: none is missed, whenever it comes."""

import signal
import subprocess
import sys
import threading

import pytest

from local.processes import ROOT
from local.stop_signals import stop_signals

AT_EVERY_MOMENT = """
import os, signal, sys, threading
from local.stop_signals import stop_signals

def asleep_after(moment):
    # Wait, and be sent SIGTERM before this instruction of the wait; whether it had fewer before it slept.
    passed = 0
    def trace(frame, event, argument):
        nonlocal passed
        frame.f_trace_opcodes = True
        passed += 1
        if passed == moment:
            os.kill(os.getpid(), signal.SIGTERM)
        return trace
    late = threading.Timer(0.5, lambda: passed < moment and os.kill(os.getpid(), signal.SIGTERM))
    late.start()
    sys.settrace(trace)
    wait()
    sys.settrace(None)
    late.join()
    return passed < moment

with stop_signals() as wait:
    moment = 1
    while not asleep_after(moment):
        moment += 1
print(moment - 1)
"""
SECONDS = 60
"""More than enough for some tens of waits of half a second."""


def test_a_signal_ends_the_wait_at_whatever_moment_of_it_it_comes() -> None:
    child = [sys.executable, "-c", AT_EVERY_MOMENT]
    done = subprocess.run(child, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, timeout=SECONDS)
    assert int(done.stdout) >= 5, "the wait has instructions"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_came_before_the_wait_ends_it_and_every_handler_is_put_back(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with stop_signals() as wait:
        signal.raise_signal(number)
        wait()
    assert signal.getsignal(number) is before
    assert signal.set_wakeup_fd(-1) == -1


def test_a_thread_beside_the_main_one_is_refused() -> None:
    refused = list[bool]()

    def elsewhere() -> None:
        with pytest.raises(ValueError, match="main thread"), stop_signals():
            pass
        refused.append(True)

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert refused
