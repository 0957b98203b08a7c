"""Rows that belong to no case, or that no event of their case could have left behind."""

from sqlalchemy import Connection, text

from models.store.audit.findings import JOURNAL, Findings
from models.store.schema.messages import SEALED_DIGEST


def check(connection: Connection, findings: Findings, *, offsets: bool) -> None:
    """Find cases without an event, rows without a case or a cause and, unless `offsets`, clocks that were advanced."""
    for what, statement in _ORPHANS.items():
        for row in connection.execute(statement):
            findings.add(row.reference or JOURNAL, 0, what.format(row.id))
    if not offsets:
        for reference in connection.execute(_ADVANCED).scalars():
            findings.add(reference, 0, "l’horloge du dossier a été avancée")


_OF_CASES = (
    "nominal",
    "receipt",
    "opinion",
    "decision",
    "completion",
    "document",
    "deposit_row",
    "hand_over_hold",
    "message",
    "entitlement",
)
_ORPHANS = {
    "aucun événement ne raconte ce dossier": text(
        "SELECT reference, NULL AS id FROM request r"
        " WHERE NOT EXISTS (SELECT FROM event e WHERE e.subject = r.reference) ORDER BY reference"
    ),
    "aucun événement ne raconte la demande d’indemnisation {}": text(
        "SELECT c.reference, c.id::text AS id FROM claim c WHERE c.version IS NOT NULL"
        " AND NOT EXISTS (SELECT FROM event e WHERE e.subject = 'claim:' || c.id) ORDER BY c.id"
    ),
    "aucun événement ne raconte ce à quoi l’autorisation donne droit": text(
        "SELECT g.reference, NULL AS id FROM entitlement g"
        " WHERE NOT EXISTS (SELECT FROM event e WHERE e.subject = 'entitlement:' || g.reference) ORDER BY g.reference"
    ),
    "une ligne de la table {} est celle d’un dossier qui n’est pas au registre": text(
        " UNION ALL ".join(
            f"SELECT DISTINCT o.reference, '{table}' AS id FROM {table} o"  # noqa: S608  our own names
            " WHERE NOT EXISTS (SELECT FROM request r WHERE r.reference = o.reference)"
            for table in _OF_CASES
        )
    ),
    "le document {} n’est ni publié, ni celui d’une décision ou d’une demande de pièces": text(
        "SELECT p.reference, p.id::text AS id FROM document p WHERE p.published_at IS NULL"
        " AND NOT EXISTS (SELECT FROM decision d WHERE d.reference = p.reference AND d.id = p.subject)"
        " AND NOT EXISTS (SELECT FROM completion c WHERE c.reference = p.reference AND c.id = p.subject)"
        " ORDER BY p.id"
    ),
    "la demande papier numérisée n’est plus celle que sa réception a inscrite": text(
        "SELECT r.reference, NULL AS id FROM request r"
        " JOIN event e ON e.subject = r.reference AND e.type = 'request_received' LEFT JOIN file f ON f.id = r.scan_id"
        " WHERE r.channel = 'paper' AND f.sha256 IS DISTINCT FROM e.data ->> 'scan' ORDER BY r.reference"
    ),
    "la ligne {} est destinée à l’ASP sans autorisation": text(
        "SELECT w.reference, w.key AS id FROM deposit_row w JOIN request r ON r.reference = w.reference"
        " WHERE r.outcome IS NULL OR r.outcome NOT IN ('granted', 'tacit') ORDER BY w.key"
    ),
    "le message {} n’est pas, ou plus, celui de son événement": text(
        "SELECT coalesce(m.reference, e.subject) AS reference,"  # noqa: S608  our own text
        " coalesce(m.id::text, e.data ->> 'message') AS id"
        " FROM message m FULL JOIN (SELECT subject, at, actor_role, actor_id, data FROM event"
        "   WHERE type = 'message_sent') e"
        " ON e.subject = m.reference AND e.data ->> 'message' = m.id::text"
        " WHERE CASE WHEN m.id IS NULL THEN NOT EXISTS"
        "   (SELECT FROM event x WHERE x.subject = e.subject AND x.type = 'nominal_erased')"
        f" ELSE e.data ->> 'digest' IS DISTINCT FROM {SEALED_DIGEST.format('m')}"
        "   OR (e.at, e.actor_id, e.actor_role = 'employer') IS DISTINCT FROM"
        "     (m.sent_at, m.account_id, m.side = 'employer') END ORDER BY 1, 2"
    ),
    "le fichier {} n’a la ligne d’aucun dossier": text(
        "SELECT NULL AS reference, d.name AS id FROM deposit d"
        " WHERE NOT EXISTS (SELECT FROM deposit_row w WHERE w.deposit_id = d.id) ORDER BY d.name"
    ),
    "le fichier {}, qui attend l’ASP, n’a plus les octets de son empreinte": text(
        "SELECT NULL AS reference, d.name AS id FROM deposit d"
        " WHERE d.written_at IS NULL AND encode(sha256(d.bytes), 'hex') <> d.sha256 ORDER BY d.name"
    ),
}
"""What is wrong, in French, → the rows: a reference, or none, and what names the row."""
_ADVANCED = text("SELECT reference FROM request WHERE clock_offset <> interval '0' ORDER BY reference")
