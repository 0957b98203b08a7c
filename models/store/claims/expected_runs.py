"""Select of the claims that must have a live process (`models.store.operations.expected_processes`)."""

from typing import Final

from models.messages.claim import ENDED
from models.store.cases import authority_holds, holds, opinions
from models.store.claims import entitlements

STATUS: Final = "claim"
"""What a process shows as its status while it lives: its state is the register’s, and changes too often to be shown."""
_OVER: Final = ", ".join(f"'{each}'" for each in ENDED)
_HOLDS: Final = {
    "authority": f"NOT {authority_holds.FILED_WITH_AUTHORITY}",
    "bank_account": f"NOT {entitlements.HAS_OWN_ACCOUNT.format('c.reference')}",
    "opinion": opinions.MISSING.format("c.reference"),
}
"""Signal → whether it holds a claim now, as `controls.find_holds` judges it."""
_RELEASED: Final = " OR ".join(f"c.signals ? '{signal}' AND NOT ({holding})" for signal, holding in _HOLDS.items())
_HELD: Final = " OR ".join(f"({each})" for each in _HOLDS.values())
_REFUSED: Final = (
    "EXISTS (SELECT FROM visa v WHERE v.claim_id = c.id AND v.lapsed_at IS NULL AND v.outcome = 'refused')"
)
_SENDABLE: Final = (
    "NOT EXISTS (SELECT FROM deposit_row w WHERE w.claim_id = c.id)"
    f" AND NOT EXISTS (SELECT {holds.HOLDS_CLAIMS.format('c.reference')})"
)
_UNDONE: Final = (
    f"c.state IN ('admitted', 'agreed') OR c.state IN ('held', 'under_review') AND {_REFUSED}"
    f" OR c.state = 'under_review' AND ({_HELD}) OR c.state = 'signed' AND {_SENDABLE}"
)
"""Whether the process has something to do."""
_QUIET: Final = (
    "(SELECT e.at FROM event e WHERE e.subject = 'claim:' || c.id ORDER BY e.seq DESC LIMIT 1)"
    " < case_now(c.reference) - interval '60 minutes'"
)
EXPECTED_CLAIMS: Final = (
    "SELECT concat_ws(':', c.reference, to_char(c.month, 'YYYY-MM'), c.part, c.version) AS subject,"  # noqa: S608  our own text
    f" c.state NOT IN ({_OVER}) AS is_open, '{STATUS}' AS status, NULL::text AS outcome,"
    " NULL::timestamptz AS deadline_at, false AS counts_down,"
    f" c.state = 'held' AND ({_RELEASED}) OR ({_UNDONE}) AND {_QUIET} AS late"
    " FROM claim c JOIN request ON request.reference = c.reference WHERE c.version IS NOT NULL"
)
"""A claim is late if what it waited for has come, or if nothing happened for an hour though its process should act."""
