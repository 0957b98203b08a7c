"""What must always be true of the ledger, recomputed from its entries and from the lines of claims."""

from typing import Final

from sqlalchemy import Connection, text

from law.grounds import Ground
from law.quota import own_quota_since
from law.work_time import LEGAL_WEEK
from models.claim_labels import STANDING, ClaimState
from models.identifiers import Message
from models.store.claims.ends import BEFORE_HAND_OVER
from models.store.claims.erasure import ERASED
from models.store.claims.usage import limit_weeks
from models.store.database import now


class Difference(Message):
    """Something that does not balance: the authorization, and what, in French."""

    reference: str
    what: str


class Checked(Message):
    """How much was checked, and every difference."""

    entitlements: int
    entries: int
    differences: tuple[Difference, ...]


def check(connection: Connection, reference: str | None = None) -> Checked:
    """Check the ledger of one authorization or of all, and the sums of their people."""
    row: dict[str, object] = {"reference": reference, "standing": list(STANDING)}
    row |= {"own_ground": Ground.RESTRUCTURING, "own_since": own_quota_since()}
    row |= {"legal": LEGAL_WEEK.on(now(connection).date()).value}
    row |= {"states": list(_ACCOUNTS), "accounts": list(_ACCOUNTS.values()), "to_pay": list(_TO_PAY)}
    counted = connection.execute(_COUNT, row).one()
    found = [
        Difference(reference=each.reference, what=what.format(each.about))
        for what, statement in _DIFFERENCES.items()
        for each in connection.execute(statement, row)
    ]
    return Checked(entitlements=counted.entitlements, entries=counted.entries, differences=tuple(found))


_ACCOUNTS: Final = dict.fromkeys(BEFORE_HAND_OVER, "admitted") | {
    ClaimState.HANDED: "handed",
    ClaimState.ACCEPTED: "accepted",
}
"""State of a claim that is not to be paid yet → the account on which its hours and cents stand."""
_TO_PAY: Final = (ClaimState.ORDERED, ClaimState.REOPENED, ClaimState.PAID)
"""States in which each of its payments stands on an account: `paid` once it is booked."""
_ONE: Final = "(CAST(:reference AS text) IS NULL OR {0}.reference = :reference)"
_COUNT = text(
    f"SELECT (SELECT count(*) FROM entitlement e WHERE {_ONE.format('e')}) AS entitlements,"  # noqa: S608
    f" (SELECT count(*) FROM ledger_entry l WHERE {_ONE.format('l')}) AS entries"
)
_MOVED: Final = (
    "(SELECT l.reference, l.claim_id, m.account, m.hours, m.cents, m.state_cents FROM ledger_entry l"  # noqa: S608
    " CROSS JOIN LATERAL (VALUES (l.from_account, -l.hours, -l.cents, -l.state_cents),"
    "  (l.to_account, l.hours, l.cents, l.state_cents)) m (account, hours, cents, state_cents)"
    f" WHERE {_ONE.format('l')})"
)
"""Both sides of every entry."""
_ADMITTED: Final = "coalesce(sum(b.hours) FILTER (WHERE b.account NOT IN ('authorised', 'available')), 0)"
_SIRETS: Final = (
    f"(SELECT DISTINCT r.siret FROM request r JOIN entitlement e USING (reference) WHERE {_ONE.format('r')})"  # noqa: S608
)
_WEEK: Final = "SELECT p.blind, r.siret, w.week_on, c.month, w.worked, w.payable, w.limit_hours"
_STANDING: Final = (
    "FROM claim c JOIN request r USING (reference) JOIN claim_person p ON p.claim_id = c.id"
    " JOIN claim_week w ON w.claim_id = p.claim_id AND w.n = p.n"
    f" WHERE r.siret IN {_SIRETS} AND c.state = ANY(:standing)"
)
_OWN_HOURS: Final = (
    "coalesce(sum(w.payable) FILTER (WHERE r.ground = :own_ground AND greatest(w.week_on, c.month) >= :own_since), 0)"
)
"""Hours within the quota of ground 4, by the first day that the month has of their week."""
_BY_YEAR: Final = (
    f"r.siret, extract(year FROM c.month)::smallint AS year, sum(w.payable) AS hours, {_OWN_HOURS} AS hours_ground_4"
)
_OUT_OF_BOUNDS: Final = (
    "bool_or(coalesce(t.{hours}, 0) < coalesce(s.{hours}, 0))"
    " OR sum(coalesce(t.{hours}, 0) - coalesce(s.{hours}, 0)) > coalesce(max(e.{hours}), 0)"
)
"""Where people of a claim are erased, sums of others may hold hours of it: no more than it has, and never fewer."""

_DIFFERENCES: Final = {
    "les comptes ne s’annulent pas ({} h)": text(
        "SELECT b.reference, sum(b.hours) AS about FROM ledger_balance b"  # noqa: S608  our own text
        f" WHERE {_ONE.format('b')} GROUP BY b.reference HAVING sum(b.hours) <> 0 OR sum(b.cents) <> 0 ORDER BY 1"
    ),
    "le solde du compte « {} » n’est pas la somme de ses écritures": text(
        "SELECT coalesce(b.reference, m.reference) AS reference, coalesce(b.account, m.account) AS about"  # noqa: S608
        f" FROM (SELECT * FROM ledger_balance b WHERE {_ONE.format('b')}) b FULL JOIN"
        f" (SELECT reference, account, sum(hours) AS hours, sum(cents) AS cents FROM {_MOVED} s GROUP BY 1, 2) m"
        " USING (reference, account) WHERE (b.hours, b.cents) IS DISTINCT FROM (m.hours, m.cents) ORDER BY 1, 2"
    ),
    "il manque une écriture avant la dernière, n° {}": text(
        "SELECT l.reference, max(l.seq) AS about FROM ledger_entry l"  # noqa: S608  our own text
        f" WHERE {_ONE.format('l')} GROUP BY l.reference HAVING max(l.seq) <> count(*) ORDER BY 1"
    ),
    "une écriture (n° {}) n’est pas la somme de ses parts de l’État et de l’Unédic": text(
        "SELECT l.reference, l.seq AS about FROM ledger_entry l"  # noqa: S608  our own text
        f" WHERE {_ONE.format('l')} AND l.state_cents + l.unedic_cents <> l.cents ORDER BY 1, 2"
    ),
    "les heures autorisées ou admises ({} h) ne sont pas celles des comptes": text(
        f"SELECT e.reference, e.admitted_hours AS about FROM entitlement e"  # noqa: S608  our own text
        " LEFT JOIN ledger_balance b ON b.reference = e.reference"
        f" WHERE {_ONE.format('e')} GROUP BY e.reference HAVING e.admitted_hours <> {_ADMITTED} OR"
        " e.authorised_hours <> -coalesce(sum(b.hours) FILTER (WHERE b.account = 'authorised'), 0) ORDER BY 1"
    ),
    "la demande {} n’est pas au grand livre pour ses heures, son allocation et son état": text(
        "WITH due AS (SELECT c.reference, c.id, s.account, c.hours, c.allowance_cents AS cents, c.state_cents"  # noqa: S608
        "   FROM claim c"
        "   JOIN unnest(CAST(:states AS text[]), CAST(:accounts AS text[])) s (state, account) ON s.state = c.state"
        f"  WHERE {_ONE.format('c')}"
        "  UNION ALL SELECT c.reference, c.id, CASE p.state WHEN 'booked' THEN 'paid' ELSE 'ordered' END,"
        "   sum(p.hours), sum(p.state_cents + p.unedic_cents), sum(p.state_cents) FROM claim c JOIN payment p"
        "   ON p.claim_id = c.id AND NOT EXISTS (SELECT FROM payment a WHERE a.after = p.id)"
        f"  WHERE {_ONE.format('c')} AND c.state = ANY(:to_pay) GROUP BY 1, 2, 3"
        "  UNION ALL SELECT c.reference, c.id, 'owed', 0, sum(p.state_cents + p.unedic_cents), sum(p.state_cents)"
        "   FROM claim c JOIN payment p ON p.claim_id = c.id AND p.state = 'booked'"
        f"  WHERE {_ONE.format('c')} AND c.state = 'void' GROUP BY 1, 2),"
        " found AS (SELECT reference, claim_id AS id, account, sum(hours) AS hours, sum(cents) AS cents,"
        f"   sum(state_cents) FROM {_MOVED} m"
        "  WHERE claim_id IS NOT NULL AND account NOT IN ('authorised', 'available') GROUP BY 1, 2, 3"
        "   HAVING sum(hours) <> 0 OR sum(cents) <> 0 OR sum(state_cents) <> 0)"
        " SELECT DISTINCT reference, id AS about FROM ((TABLE due EXCEPT TABLE found)"
        "   UNION ALL (TABLE found EXCEPT TABLE due)) d ORDER BY 1, 2"
    ),
    "les paiements de la demande {} n’en font pas la somme, ou ne sont pas ceux de son état": text(
        "SELECT c.reference, c.id AS about FROM claim c"  # noqa: S608  our own text
        " LEFT JOIN LATERAL (SELECT sum(p.hours) AS hours, sum(p.state_cents) AS state, sum(p.unedic_cents) AS unedic,"
        "   bool_and(p.state = 'booked') AS booked,"
        "   coalesce(bool_or(p.state IN ('due', 'held', 'in_run', 'sent', 'taken')), false) AS moving FROM payment p"
        "   WHERE p.claim_id = c.id AND NOT EXISTS (SELECT FROM payment a WHERE a.after = p.id)) p ON true"
        f" WHERE {_ONE.format('c')} AND (CASE WHEN c.state = 'void' THEN p.moving"
        "   ELSE (c.state = ANY(:to_pay)) <> (p.hours IS NOT NULL) END OR p.hours IS NOT NULL AND"
        " ((c.hours, c.state_cents, c.unedic_cents) IS DISTINCT FROM (p.hours, p.state, p.unedic)"
        " OR c.state <> 'void' AND p.booked <> (c.state = 'paid'))) ORDER BY 1, 2"
    ),
    "la demande {} n’est pas la somme de ses lignes": text(
        "SELECT c.reference, c.id AS about FROM claim c"  # noqa: S608  our own text
        " LEFT JOIN LATERAL (SELECT count(*) AS people, sum(p.payable) AS hours, sum(p.allowance_cents) AS allowance,"
        "   sum(p.indemnity_cents) AS indemnity FROM claim_person p WHERE p.claim_id = c.id) p ON true"
        " LEFT JOIN LATERAL (SELECT sum(w.payable) AS hours FROM claim_week w WHERE w.claim_id = c.id) w ON true"
        f" WHERE {_ONE.format('c')} AND c.version IS NOT NULL"
        " AND (c.people, c.hours, c.hours, c.allowance_cents, c.indemnity_cents) IS DISTINCT FROM"
        " (p.people, p.hours, w.hours, p.allowance, p.indemnity) ORDER BY 1, 2"
    ),
    "l’établissement {} compte pour un salarié d’autres heures par semaine ou une autre limite que ses demandes": text(
        f"WITH found AS (SELECT * FROM person_week t WHERE t.siret IN {_SIRETS}"  # noqa: S608  our own text
        "   AND (t.payable <> 0 OR t.limit_hours <> 0)),"
        "  stated AS (SELECT blind, siret, week_on, sum(payable) AS payable, max(limit_hours) AS limit_hours"
        f"   FROM ({limit_weeks(f'{_WEEK} {_STANDING} AND w.payable > 0 AND NOT {ERASED}')}) l GROUP BY 1, 2, 3),"
        f"  erased AS (SELECT r.siret, w.week_on, sum(w.payable) AS payable {_STANDING} AND {ERASED} GROUP BY 1, 2)"
        " SELECT DISTINCT '' AS reference, siret AS about FROM (SELECT siret, week_on FROM found t"
        "  FULL JOIN stated s USING (blind, siret, week_on) LEFT JOIN erased e USING (siret, week_on)"
        "  GROUP BY siret, week_on"
        "  HAVING bool_or(e.payable IS NULL AND (t.payable, t.limit_hours) IS DISTINCT FROM (s.payable, s.limit_hours))"
        f"  OR {_OUT_OF_BOUNDS.format(hours='payable')}) d ORDER BY 2"
    ),
    "l’établissement {} compte pour un salarié d’autres heures par année que ses demandes": text(
        f"WITH found AS (SELECT * FROM person_year y WHERE y.siret IN {_SIRETS}"  # noqa: S608  our own text
        "   AND (y.hours <> 0 OR y.hours_ground_4 <> 0)),"
        f"  stated AS (SELECT p.blind, {_BY_YEAR} {_STANDING} AND NOT {ERASED}"
        "   GROUP BY 1, 2, 3 HAVING sum(w.payable) <> 0),"
        f"  erased AS (SELECT {_BY_YEAR} {_STANDING} AND {ERASED} GROUP BY 1, 2)"
        " SELECT DISTINCT '' AS reference, siret AS about FROM (SELECT siret, year FROM found t"
        "  FULL JOIN stated s USING (blind, siret, year) LEFT JOIN erased e USING (siret, year) GROUP BY siret, year"
        "  HAVING bool_or(e.hours IS NULL AND (t.hours, t.hours_ground_4) IS DISTINCT FROM (s.hours, s.hours_ground_4))"
        f"  OR {_OUT_OF_BOUNDS.format(hours='hours')} OR {_OUT_OF_BOUNDS.format(hours='hours_ground_4')}) d ORDER BY 2"
    ),
}
"""What is wrong, in French, → the rows: a reference, and what names the row."""
