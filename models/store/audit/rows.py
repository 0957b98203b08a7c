"""Rows against their events: each case, document, deposit, account, token and delegation as its events state it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, text

from models.identifiers import REFERENCE, UUID
from models.store.audit.chains import CASE_LENGTHS, Chain
from models.store.audit.findings import JOURNAL, Findings
from models.store.journal import facts
from models.store.journal.access_grammar import STATING
from models.store.journal.claim_grammar import CLAIM_PREFIX, ENTITLEMENT_PREFIX
from models.store.journal.fact_statements import ACCESS_FACTS, CLAIM_FACTS, ENTITLEMENT_FACTS, FIRM_FACTS
from models.store.journal.facts import LABELS, NAMED_CHANGES


def check(connection: Connection, chains: Sequence[Chain], findings: Findings) -> None:
    """Compare what some chains state with the rows as they are."""
    cases = [each for each in chains if len(each.subject) in CASE_LENGTHS]
    if cases:
        found = facts.read(connection, [each.subject for each in cases])
        for case in cases:
            _check_case(case, found.get(case.subject), findings)
    _check_claims(connection, chains, findings)
    _check_files(connection, chains, findings)
    _check_deposits(connection, chains, findings)


def _check_claims(connection: Connection, chains: Sequence[Chain], findings: Findings) -> None:
    for prefix, (form, statement) in _OF_CLAIMS.items():
        claimed = [each for each in chains if each.subject.startswith(prefix)]
        named = [each.subject.removeprefix(prefix) for each in claimed]
        rows = connection.execute(statement, {"ids": [each for each in named if form.fullmatch(each)]})
        now = {f"{prefix}{row.id}": row.facts for row in rows}
        for chain in claimed:
            _check_case(chain, now.get(chain.subject), findings)


_OF_CLAIMS: Final = {
    CLAIM_PREFIX: (
        UUID,
        text(f"SELECT c.id::text, c.facts FROM ({CLAIM_FACTS}) c WHERE c.id = ANY(CAST(:ids AS uuid[]))"),  # noqa: S608
    ),
    ENTITLEMENT_PREFIX: (
        REFERENCE,
        text(f"SELECT g.reference AS id, g.facts FROM ({ENTITLEMENT_FACTS}) g WHERE g.reference = ANY(:ids)"),  # noqa: S608
    ),
}
"""Beginning of a chain → the form of what follows, and the facts of the rows that it names."""


def _check_case(case: Chain, found: Mapping[str, str] | None, findings: Findings) -> None:
    if found is None:
        findings.add(case.subject, case.last, "le dossier n’est plus au registre")
    elif not case.stated:
        findings.unstated += 1
    else:
        for key in facts.differing(case.facts(), dict(found)):
            seq = case.stated[key][1] if key in case.stated else case.last
            findings.add(case.subject, seq, LABELS.get(key, f"« {key} » n’est plus ce que cet événement établit"))


def _check_files(connection: Connection, chains: Sequence[Chain], findings: Findings) -> None:
    """Compare the bytes of documents with their column, and with the events that name them."""
    bytes_of = _digests(connection, [each.subject for each in chains])
    for chain in chains:
        own = bytes_of.pop(chain.subject, {})
        for identity, (column, content) in own.items():
            stated, seq = chain.files.get(identity, (column, chain.last))
            if content != column or content != stated:
                findings.add(
                    chain.subject, seq, f"les octets du document {identity} ne sont plus ceux de son empreinte"
                )
        for identity in chain.files.keys() - own.keys():
            if len(chain.subject) in CASE_LENGTHS:
                findings.add(chain.subject, chain.files[identity][1], f"le document {identity} n’est plus au registre")
            elif identity in chain.activated:
                what = f"le récépissé de l’adhésion {identity} n’est plus au registre"
                findings.add(chain.subject, chain.files[identity][1], what)


def _digests(connection: Connection, subjects: Sequence[str]) -> dict[str, dict[str, tuple[str, str]]]:
    """Return, by subject and id, the digest that a document’s row states and that of its bytes."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for row in connection.execute(_DIGESTS, {"subjects": list(subjects)}):
        found.setdefault(row.subject, {})[row.id] = row.stated, row.content
    return found


# A lapsed enrolment is erased with its receipt: what has no bytes has nothing to compare.
_DIGESTS = text(
    "SELECT reference AS subject, id::text AS id, sha256 AS stated, encode(sha256(bytes), 'hex') AS content"
    " FROM document WHERE reference = ANY(:subjects) UNION ALL"
    " SELECT siret, id::text, receipt_sha256, encode(sha256(receipt), 'hex') FROM enrolment"
    " WHERE siret = ANY(:subjects) AND receipt IS NOT NULL"
)


def _check_deposits(connection: Connection, chains: Sequence[Chain], findings: Findings) -> None:
    """Compare the bytes of deposits with their column; the column is among the facts of each case in them."""
    named = {name: (chain.subject, seq) for chain in chains for name, seq in chain.deposits.items()}
    if not named:
        return
    intact = set(connection.execute(_INTACT, {"names": list(named)}).scalars())
    for name in named.keys() - intact:
        findings.add(*named[name], f"le fichier {name} n’est plus celui qui a été déposé auprès de l’ASP")


_INTACT = text("SELECT name FROM deposit WHERE name = ANY(:names) AND encode(sha256(bytes), 'hex') = sha256")


def check_attached(connection: Connection, findings: Findings, *, everything: bool) -> None:
    """Compare the bytes of every file that somebody sent with its digest; at night, of those of the last days."""
    for row in connection.execute(_ATTACHED, {"everything": everything}):
        what = f"les octets du fichier {row.id} ne sont plus ceux de son empreinte"
        findings.add(row.reference or JOURNAL, 0, what)


_ATTACHED = text(
    "SELECT f.id, coalesce((SELECT min(o.reference) FROM opinion o WHERE o.file_id = f.id),"
    "  (SELECT min(r.reference) FROM request r WHERE r.scan_id = f.id),"
    "  (SELECT min(c.reference) FROM completion c WHERE strpos(c.supplied::text, f.id::text) > 0)) AS reference"
    " FROM file f"
    " WHERE (:everything OR f.created_at > clock_timestamp() - interval '3 days')"
    " AND encode(sha256(f.bytes), 'hex') <> f.sha256 ORDER BY f.id"
)


def check_people(connection: Connection, began: datetime | None, findings: Findings) -> None:
    """Compare what the access log and events of establishments name with the last event that may have changed it.

    What was made before events carried facts (`began`; None: in a register that always did) may have none. What
    is erased, people, letters and mandates, gives nobody anything; the département of an establishment is stated late.
    """
    kinds = "|".join(f"{key}:({types})" for key, types in NAMED_CHANGES.items())
    for row in connection.execute(_PEOPLE, {"kinds": kinds, "stating": STATING}):
        kind = row.key.partition(":")[0]
        if row.stated is None and kind == "establishment":
            continue
        if row.stated is None and began is not None and row.at is not None and row.at < began:
            findings.unstated += 1
        elif row.stated is None:
            findings.add(JOURNAL, 0, f"aucun événement ne raconte {_named(row.key)}")
        elif row.found is not None:
            findings.add(row.subject, row.seq, f"{LABELS[kind]} : {_named(row.key)}")
        elif kind not in _ERASED:
            findings.add(row.subject, row.seq, f"{_named(row.key)} n’est plus au registre")


_ERASED: Final = ("person", "letter", "mandate")


def _named(key: str) -> str:
    kind, _, identity = key.partition(":")
    return f"{_ARTICLES[kind]} {identity}"


_ARTICLES: Final = {
    "account": "le compte",
    "token": "le jeton",
    "delegation": "la délégation",
    "instruction": "l’instruction permanente",
    "quota_exception": "le dépassement du contingent",
    "quota_end": "la fin du dépassement du contingent",
    "terms": "ce que donne",
    "sign_in": "les moyens de connexion du compte",
    "members": "les appartenances du compte",
    "mandate": "le nom du mandat",
    "person": "le nom du compte",
    "letter": "la lettre",
    "establishment": "l’établissement",
    "authority": "l’habilitation sur",
}


_PEOPLE = text(
    "WITH named AS (SELECT f.key, f.value, e.subject, e.seq, e.position,"  # noqa: S608  our own text
    "   right(e.type, length(:stating)) = :stating AS stating,"
    "   split_part(f.key, ':', 1) || ':' || e.type AS change"
    "   FROM event e CROSS JOIN LATERAL jsonb_each_text(e.facts) f"
    "   WHERE (e.subject LIKE 'access:%' OR e.subject ~ '^[0-9]{14}$') AND jsonb_typeof(e.facts) = 'object'),"
    " stated AS (SELECT DISTINCT ON (key) key, value, subject, seq FROM named"
    "   WHERE change ~ ('^(' || :kinds || ')$')"
    "   ORDER BY key, stating, CASE WHEN stating THEN position ELSE -position END),"
    f" found AS (SELECT key, at, digest FROM ({ACCESS_FACTS}) people"
    f"   UNION ALL SELECT key, NULL, digest FROM ({FIRM_FACTS}) firms)"
    " SELECT key, s.subject, s.seq, s.value AS stated, f.digest AS found, f.at"
    " FROM stated s FULL JOIN found f USING (key) WHERE s.value IS DISTINCT FROM f.digest ORDER BY key"
)
