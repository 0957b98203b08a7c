"""Select of the claims that must have a live process (`models.store.operations.expected_processes`)."""

from typing import Final

from models.messages.claim import ENDED

STATUS: Final = "claim"
"""What a process shows as its status while it lives: its state is the register’s, and changes too often to be shown."""
_OVER: Final = ", ".join(f"'{each}'" for each in ENDED)
EXPECTED_CLAIMS: Final = (
    "SELECT concat_ws(':', c.reference, to_char(c.month, 'YYYY-MM'), c.part, c.version) AS subject,"  # noqa: S608  our own text
    f" c.state NOT IN ({_OVER}) AS is_open, '{STATUS}' AS status, NULL::text AS outcome,"
    " NULL::timestamptz AS deadline_at, false AS counts_down,"
    " c.state = 'admitted' AND c.staged_at < clock_timestamp() - interval '60 minutes'"
    " OR c.state = 'agreed' AND EXISTS (SELECT FROM visa v WHERE v.claim_id = c.id AND v.lapsed_at IS NULL"
    "   AND v.given_at < clock_timestamp() - interval '60 minutes')"
    " OR c.state = 'held' AND c.signals ? 'opinion' AND (SELECT o.form FROM opinion o"
    "   WHERE o.reference = c.reference ORDER BY o.version DESC LIMIT 1) <> 'pending' AS late"
    " FROM claim c WHERE c.version IS NOT NULL"
)
"""A claim is late if its process should have done something long ago, or did not hear of an opinion."""
