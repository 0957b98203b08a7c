"""`python -m tests …`: run pytest with these arguments, then exit at once.

Python keeps what it compiled, whatever the environment says: tests start our programs hundreds of times.

The engine's library may abort during interpreter shutdown, after every test has passed. That must not count as a
failure, and a real failure must not be hidden.
"""

import os
import sys

import pytest

if __name__ == "__main__":
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    code = pytest.main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
