"""`python -m examining.once KIND…`: the same program for one command line, for these kinds of examination only."""

import os
import sys

from examining import confinement, kinds, program

if __name__ == "__main__":
    confinement.die_with_parent()
    sys.exit(program.main({program.SETTING: os.environ[program.SETTING]}, kinds.find(sys.argv[1:]), apart=False))
