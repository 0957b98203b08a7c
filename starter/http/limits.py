"""Limits of one HTTP program: bodies being received, and calls under way. Every number is here.

A phone at 20 kB/s sends a PDF of 3 MB in 150 s: it is served, because only the average since the start counts, and
because a caller may stop for `BODY_GRACE_SECONDS` at any time.
"""

from typing import Final

BODY_GRACE_SECONDS: Final = 10.0
"""A body may take this long whatever its size, plus the time that the slowest accepted rate takes."""
BODY_LEAST_BYTES_PER_SECOND: Final = 8_000
"""Slowest accepted rate of a body: less than half of what a poor mobile connection carries."""
BODY_PROMPT_SECONDS: Final = 0.5
"""A body that is complete this soon takes no place; any other needs one of the following."""
FREE_MESSAGES: Final = 1_000
"""Messages in which a body may arrive whatever their size; beyond, each costs more than what it carries."""
LEAST_BYTES_PER_MESSAGE: Final = 64
"""Least mean size of the messages of a body that has more: a network packet carries twenty times as much."""
MAX_SLOW_BODIES: Final = 2_000
"""Bodies received at once by this program, besides those that arrive promptly."""
MAX_SLOW_BODIES_BY_ADDRESS: Final = 100
"""The same from one address: more than the people of one office send at once."""
FREE_BODY_BYTES: Final = 16 * 1024
"""The first bytes of each body, which a filing does not exceed, do not count in the following."""
MAX_BODY_BYTES_HELD: Final = 96 * 1024 * 1024
"""Bytes of bodies held at once, from their arrival until the end of their call; a program has 512 MiB."""
MAX_BODY_BYTES_HELD_BY_ADDRESS: Final = 48 * 1024 * 1024
"""The same from one address."""
MAX_CALLS: Final = 2_000
"""Calls under way at once; one more would take longer than its caller waits."""
MAX_CALLS_BY_ADDRESS: Final = 1_000
"""The same from one address: even a public portal that calls for all its users leaves half of them to others."""
UNCOUNTED_PATHS: Final = frozenset({"/api/v1/health", "/api/v1/ready"})
"""What tells whether this program lives never counts, and is always answered."""
