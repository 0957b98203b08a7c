"""Log lines of this program: one JSON object each on standard error, never anything of a file."""

import json
import sys
from datetime import UTC, datetime


def log(event: str, **members: str | float | int) -> None:
    """Write one line."""
    line = {"event": event, **members, "timestamp": datetime.now(UTC).isoformat()}
    print(json.dumps(line, ensure_ascii=False), file=sys.stderr, flush=True)
