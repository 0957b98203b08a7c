"""What whoever owns the tables can do to the guards and the verdicts themselves."""

from tests.activities.tampering import Crime

GUARD_CRIMES = {
    "a guard that stands on another table": Crime(
        (
            "DO $$ BEGIN DROP TRIGGER audit_append_only ON audit; CREATE TRIGGER audit_append_only"
            " BEFORE DELETE OR UPDATE OR TRUNCATE ON leave FOR EACH STATEMENT EXECUTE FUNCTION refuse_change(); END $$",
        ),
        "journal",
        0,
        "audit.audit_append_only du registre est absent",
    ),
    "a guard that forgets an event": Crime(
        (
            "DO $$ BEGIN DROP TRIGGER event_append_only ON event; CREATE TRIGGER event_append_only"
            " BEFORE DELETE OR TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change(); END $$",
        ),
        "journal",
        0,
        "event.event_append_only du registre n’est plus celui de la migration",
    ),
    "a guard that refuses nothing": Crime(
        (
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RETURN NULL; END $$",
        ),
        "journal",
        0,
        "la fonction refuse_change() du registre n’est plus celle de la migration",
    ),
    "a trigger that exchanges bank accounts": Crime(
        (
            "CREATE FUNCTION swap() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN NEW.iban = 'FR7630006000011234567890189'; RETURN NEW; END $$",
            "CREATE TRIGGER swap BEFORE INSERT ON nominal FOR EACH ROW EXECUTE FUNCTION swap()",
        ),
        "journal",
        0,
        "le déclencheur nominal.swap du registre a été ajouté",
    ),
    "a trigger that drops events": Crime(
        (
            "CREATE TRIGGER zap BEFORE INSERT ON event"
            " FOR EACH ROW WHEN (NEW.type = 'request_desisted') EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        ),
        "journal",
        0,
        "le déclencheur event.zap du registre a été ajouté",
    ),
    "a rule that drops verdicts": Crime(
        ("CREATE RULE zap AS ON INSERT TO audit DO INSTEAD NOTHING",),
        "journal",
        0,
        "la règle audit.zap du registre a été ajoutée",
    ),
    "rows hidden from readers": Crime(
        ("ALTER TABLE event ENABLE ROW LEVEL SECURITY",), "journal", 0, "la table event du registre n’est plus celle"
    ),
    "rows of another table among those of ours": Crime(
        ("CREATE TABLE more () INHERITS (authority)",), "journal", 0, "la table authority du registre n’est plus celle"
    ),
    "a constraint dropped": Crime(
        ("ALTER TABLE decision DROP CONSTRAINT decision_overlap",),
        "journal",
        0,
        "la contrainte decision.decision_overlap du registre est absente",
    ),
    "a unique index that spares some rows": Crime(
        (
            "DROP INDEX decision_standing",
            "CREATE UNIQUE INDEX decision_standing ON decision (reference) WHERE outcome = 'refusal'",
        ),
        "journal",
        0,
        "l’index decision.decision_standing du registre n’est plus celui",
    ),
    "a reference that is not checked": Crime(
        ("ALTER TABLE opinion DISABLE TRIGGER ALL",), "journal", 0, "ou est désactivée"
    ),
    "a salt that is always the same": Crime(
        ("ALTER TABLE nominal ALTER salt SET DEFAULT 'x'",), "journal", 0, "la colonne nominal.salt du registre"
    ),
    "events that state nothing any more": Crime(
        (
            "CREATE OR REPLACE FUNCTION event_facts(event_subject text, event_data jsonb) RETURNS jsonb"
            " LANGUAGE plpgsql AS $$ BEGIN RETURN '{{}}'; END $$",
        ),
        "journal",
        0,
        "la fonction event_facts(text,jsonb) du registre n’est plus celle de la migration",
    ),
    "a function beside ours": Crime(
        ("CREATE FUNCTION sha256(text) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$ SELECT NULL::bytea $$",),
        "journal",
        0,
        "la fonction sha256(text) du registre a été ajoutée",
    ),
    "a register of another version": Crime(
        ("UPDATE alembic_version SET version_num = '0001'",), "journal", 0, "le registre est à la version 0001"
    ),
    "a verdict that no event chains": Crime(
        ("INSERT INTO audit (everything, upto, events, anchors, broken) VALUES (true, 1000000000, 1, 1, '[]')",),
        "journal",
        0,
        "un verdict d’audit du registre n’est pas celui qu’un événement a inscrit",
    ),
    "the bytes of a file that somebody sent": Crime(
        (
            "INSERT INTO file (account_id, sha256, media_type, bytes)"
            " SELECT account_id, encode(sha256('avis'), 'hex'), 'text/plain', 'avis' FROM request LIMIT 1",
            "UPDATE file SET bytes = 'autre'",
        ),
        "journal",
        0,
        "ne sont plus ceux de son empreinte",
    ),
}

FORGED_EVENTS = {
    "filed": (
        "decision_notified",
        "decision_voided",
        "completion_request_cancelled",
        "completion_received",
        "holder_stated",
        "nominal_erased",
        "request_received",
        "handed_to_asp",
        "hand_over_released",
        "attestation_issued",
        "decision_forged",
    ),
    "granted": ("authorization_tacitly_granted", "handed_to_asp", "request_desisted", "decision_registered"),
    "stopped": ("authorization_tacitly_granted", "completion_requested", "case_closed"),
}
"""Events that `append_event` takes from anybody, by the case in which they cannot come: each tells its own."""
