"""`python -m starter.relay`: delivers and reconciles until SIGTERM or SIGINT."""

import asyncio
import sys

from starter.relay.deliver import main

if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
