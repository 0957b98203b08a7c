"""`python -m tests …`: run pytest with these arguments, then exit at once.

The engine's library may abort during interpreter shutdown, after every test has passed. That must not count as a
failure, and a real failure must not be hidden.
"""

import os
import sys

import pytest

if __name__ == "__main__":
    code = pytest.main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
