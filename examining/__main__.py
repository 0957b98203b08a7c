"""`python -m examining`: judges files for doors and workers until SIGTERM or SIGINT."""

import os
import sys

from examining import kinds, program

if __name__ == "__main__":
    sys.exit(program.main(os.environ, kinds.find()))
