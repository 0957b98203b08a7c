"""`python -m tests …`: pytest with these arguments, then an end at once.

The engine's library may abort while Python unwinds, after every test has passed: that must not read as a failure,
and nothing else may hide one.
"""

import os
import sys

import pytest

if __name__ == "__main__":
    code = pytest.main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
