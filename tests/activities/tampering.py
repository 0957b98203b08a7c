"""What whoever owns the tables can do to them, and by which place and words the audit must tell it."""

from typing import NamedTuple

from sqlalchemy import text

from models.store.database import Database

GUARDED = ("event", "anchor", "receipt", "request")


def tamper(database: Database, *statements: str) -> None:
    """Do as the owner of the tables can: the triggers are off meanwhile, and on again afterwards."""
    with database.begin() as connection:
        for table in GUARDED:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        for statement in statements:
            assert connection.execute(text(statement)).rowcount != 0, statement
        for table in GUARDED:
            connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


RECHAIN = """
DO $$ DECLARE e event; previous bytea; BEGIN
    FOR e IN SELECT * FROM event ORDER BY subject, seq LOOP
        SELECT digest INTO previous FROM event WHERE subject = e.subject AND seq = e.seq - 1;
        UPDATE event SET digest = event_digest(coalesce(previous, ''), e) WHERE subject = e.subject AND seq = e.seq;
    END LOOP;
END $$
"""
"""Computes every chain again, as if nothing had happened."""
REANCHOR = """
DO $$ DECLARE a anchor; previous bytea := ''; after bigint := 0; new bytea; BEGIN
    FOR a IN SELECT * FROM anchor ORDER BY upto LOOP
        SELECT sha256(previous || string_agg(digest, ''::bytea ORDER BY position)) INTO new
            FROM event WHERE position > after AND position <= a.upto;
        UPDATE anchor SET digest = new WHERE upto = a.upto;
        previous := new; after := a.upto;
    END LOOP;
END $$
"""
"""Computes every anchor again, tokens left alone: nobody can make those."""


class Crime(NamedTuple):
    """Something changed: statements with names of cases, and the place and words by which it is told."""

    statements: tuple[str, ...]
    place: str
    seq: int | None
    what: str


CRIMES = {
    "an event": Crime(
        ("UPDATE event SET actor_id = uuidv7() WHERE subject = '{granted}' AND type = 'decision_registered'",),
        "{granted}",
        3,
        "n’est plus celui dont l’empreinte a été chaînée",
    ),
    "an event and its chain": Crime(
        ("UPDATE event SET actor_id = uuidv7() WHERE subject = '{granted}' AND seq = 3", RECHAIN),
        "anchors",
        1,
        "ne sont plus ceux de l’ancrage",
    ),
    "a chain with its anchors": Crime(
        ("UPDATE event SET actor_id = uuidv7() WHERE subject = '{granted}' AND seq = 3", RECHAIN, REANCHOR),
        "anchors",
        1,
        "porte sur une autre empreinte",
    ),
    "an event removed": Crime(
        ("DELETE FROM event WHERE subject = '{granted}' AND seq = 2",), "{granted}", 3, "il manque un événement"
    ),
    "the last event of a case removed": Crime(
        ("DELETE FROM event WHERE subject = '{tacit}' AND type = 'handed_to_asp'",),
        "{tacit}",
        3,
        "une ligne transmise à l’ASP",
    ),
    "digests taken out of an event": Crime(
        ("UPDATE event SET facts = NULL WHERE subject = '{filed}'", RECHAIN),
        "{filed}",
        1,
        "les empreintes de cet événement ont été retirées",
    ),
    "digests replaced by something else": Crime(
        ("UPDATE event SET facts = '[1]', data = '7' WHERE subject = '{filed}'", RECHAIN),
        "anchors",
        2,
        "ne sont plus ceux de l’ancrage",
    ),
    "an event added": Crime(
        (
            "SELECT append_event('{filed}', 'forged', now(), now(), 'system', NULL, '{{}}')",
            "UPDATE event SET digest = 'x' WHERE subject = '{filed}' AND seq = 1",
        ),
        "{filed}",
        1,
        "n’est plus celui",
    ),
    "an IBAN": Crime(
        ("UPDATE nominal SET iban = 'FR7630006000011234567890189' WHERE reference = '{filed}'",),
        "{filed}",
        1,
        "le compte bancaire",
    ),
    "the holder of an account": Crime(
        ("UPDATE nominal SET holder = 'Pirate' WHERE reference = '{granted}'",), "{granted}", 1, "le compte bancaire"
    ),
    "an IBAN before another event of the case": Crime(
        (
            "UPDATE nominal SET iban = 'FR7630006000011234567890189' WHERE reference = '{filed}'",
            "SELECT append_event('{filed}', 'reminder_sent', now(), now(), 'system', NULL, '{{}}')",
        ),
        "{filed}",
        1,
        "le compte bancaire",
    ),
    "a deadline before another event of the case": Crime(
        (
            "UPDATE request SET deadline_at = deadline_at + interval '40 days' WHERE reference = '{filed}'",
            "SELECT append_event('{filed}', 'reminder_sent', now(), now(), 'system', NULL, '{{}}')",
        ),
        "{filed}",
        1,
        "l’échéance",
    ),
    "an IBAN with its salt": Crime(
        ("UPDATE nominal SET iban = 'FR7630006000011234567890189', salt = new_salt() WHERE reference = '{filed}'",),
        "{filed}",
        1,
        "le compte bancaire",
    ),
    "circumstances": Crime(
        ("UPDATE nominal SET circumstances = 'Rien.' WHERE reference = '{filed}'",), "{filed}", 1, "circonstances"
    ),
    "nominal data removed": Crime(
        ("DELETE FROM nominal WHERE reference = '{filed}'",), "{filed}", 1, "le compte bancaire"
    ),
    "a deadline": Crime(
        ("UPDATE request SET deadline_at = deadline_at + interval '40 days' WHERE reference = '{filed}'",),
        "{filed}",
        1,
        "l’échéance",
    ),
    "a stopped clock": Crime(
        ("UPDATE request SET deadline_at = now() WHERE reference = '{stopped}'",), "{stopped}", 3, "l’échéance"
    ),
    "a receipt": Crime(
        ("UPDATE receipt SET tacit_acceptance_at = now() WHERE reference = '{filed}'",), "{filed}", 1, "récépissé"
    ),
    "hours asked": Crime(
        ("UPDATE request SET hours = hours + 1 WHERE reference = '{filed}'",), "{filed}", 1, "la demande"
    ),
    "other employees": Crime(
        ("UPDATE request SET other_employees = true WHERE reference = '{filed}'",), "{filed}", 1, "autres salariés"
    ),
    "the ground of a decision": Crime(
        ("UPDATE decision SET ground = 'other' WHERE reference = '{granted}'",), "{granted}", 3, "d’une décision"
    ),
    "a hold released": Crime(
        ("UPDATE hand_over_hold SET released_at = now() WHERE reference = '{stopped}'",), "{stopped}", 4, "suspend"
    ),
    "a hold removed before another event of the case": Crime(
        (
            "DELETE FROM hand_over_hold WHERE reference = '{stopped}'",
            "SELECT append_event('{stopped}', 'reminder_sent', now(), now(), 'system', NULL, '{{}}')",
        ),
        "{stopped}",
        4,
        "suspend",
    ),
    "an authority": Crime(
        ("UPDATE authority SET proof = 'letter', evidence = repeat('a', 64)",), "access:", None, "habilitation"
    ),
    "an authority added before another event of the establishment": Crime(
        (
            "INSERT INTO authority (account_id, siret, proof) SELECT a.id, r.siret, 'letter' FROM account a, request r"
            " WHERE a.role <> 'employer' AND r.reference = '{filed}' LIMIT 1",
            "SELECT append_event(siret, 'enrolment_requested', now(), now(), 'system', NULL, '{{}}') FROM request",
        ),
        "access:",
        None,
        "habilitation",
    ),
    "a letter added": Crime(
        (
            "INSERT INTO letter (account_id, siret, digest, printed_at, expires_at) SELECT account_id, siret, 'x',"
            " now(), now() + interval '1 day' FROM request WHERE reference = '{filed}'",
        ),
        "journal",
        0,
        "aucun événement ne raconte la lettre",
    ),
    "the address of an account": Crime(
        ("UPDATE account SET email = 'pirate@example.org' WHERE role = 'employer'",), "access:", None, "électronique"
    ),
    "the département of an establishment": Crime(
        ("UPDATE establishment SET department = '075'",), "access:", None, "le département"
    ),
    "an outcome": Crime(
        ("UPDATE request SET outcome = 'refused' WHERE reference = '{granted}'",), "{granted}", 5, "l’issue"
    ),
    "an effect": Crime(
        ("UPDATE request SET effect_at = effect_at - interval '1 day' WHERE reference = '{tacit}'",),
        "{tacit}",
        2,
        "l’issue",
    ),
    "a decision": Crime(
        ("UPDATE decision SET hours = 99999 WHERE reference = '{granted}'",), "{granted}", 5, "une décision"
    ),
    "pieces requested": Crime(
        ("UPDATE completion SET due_on = '2150-12-31' WHERE reference = '{stopped}'",), "{stopped}", 3, "pièces"
    ),
    "the bytes of a document": Crime(
        ("UPDATE document SET bytes = bytes || 'x' WHERE reference = '{granted}' AND kind = 'receipt'",),
        "{granted}",
        2,
        "les octets du document",
    ),
    "a document with its digest": Crime(
        (
            "UPDATE document SET bytes = 'x', sha256 = encode(sha256('x'), 'hex')"
            " WHERE reference = '{granted}' AND kind = 'grant'",
        ),
        "{granted}",
        5,
        "documents publiés",
    ),
    "a document removed": Crime(
        ("DELETE FROM document WHERE reference = '{granted}' AND kind = 'receipt'",), "{granted}", 2, "registre"
    ),
    "a line for the agency": Crime(
        ("UPDATE deposit_row SET line = line + 10 WHERE reference = '{tacit}'",), "{tacit}", 4, "transmise à l’ASP"
    ),
    "a file for the agency": Crime(
        ("UPDATE deposit SET bytes = bytes || 'x'",), "{tacit}", 4, "n’est plus celui qui a été déposé"
    ),
    "a case removed from its events": Crime(
        ("DELETE FROM event WHERE subject = '{filed}'",), "{filed}", 0, "aucun événement ne raconte ce dossier"
    ),
    "an account's role": Crime(
        ("UPDATE account SET role = 'operator' WHERE role = 'employer'",), "access:", None, "le rôle"
    ),
    "an account opened behind our back": Crime(
        ("INSERT INTO account (role, name, email) VALUES ('auditor', 'x', 'x')",),
        "journal",
        0,
        "aucun événement ne raconte le compte",
    ),
    "a second beginning of digests": Crime(
        (
            "SELECT append_event('journal', 'facts_begun', now(), now(), 'system', NULL, '{{}}')",
            "UPDATE event SET facts = NULL WHERE subject = '{filed}'",
            RECHAIN,
        ),
        "{granted}",
        1,
        "d’avant leur début",
    ),
    "two tokens exchanged": Crime(
        ("UPDATE anchor a SET token = b.token FROM anchor b WHERE b.number = 3 - a.number",),
        "anchors",
        1,
        "porte sur une autre empreinte",
    ),
    "the instant of an anchor": Crime(
        ("UPDATE anchor SET stamped_at = stamped_at - interval '1 year' WHERE number = 1",),
        "anchors",
        1,
        "loin de l’instant de l’ancrage",
    ),
    "a token of nobody": Crime(("UPDATE anchor SET token = 'x' WHERE number = 2",), "anchors", 2, "illisible"),
    "an anchor removed": Crime(("DELETE FROM anchor WHERE number = 1",), "anchors", 2, "il manque un ancrage"),
}
