-- Thirty-two random bytes: the salt of what must stay unguessable once it is erased.
CREATE FUNCTION new_salt() RETURNS bytea LANGUAGE sql VOLATILE
    RETURN sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));

-- What one event’s digest covers; events of before carry no facts, and `concat_ws` leaves the absence out.
CREATE OR REPLACE FUNCTION event_digest(previous bytea, e event) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(previous || convert_to(concat_ws('|',
        e.subject, e.seq, e.type, extract(epoch FROM e.at), extract(epoch FROM e.recorded_at),
        e.actor_role, coalesce(e.actor_id::text, '-'), e.data::text, e.facts::text), 'UTF8'))
$$;

-- Digests of the rows that an event makes true: those of its case as they are now, and those of the account,
-- token or delegation that an event of the access log names. The text of the statements is that of
-- models/store/journal/facts.py, by which the audit recomputes them.
CREATE FUNCTION event_facts(event_subject text, event_data jsonb) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    found jsonb := '{}';
BEGIN
    IF length(event_subject) = 9 THEN
        SELECT c.facts INTO found FROM (
SELECT r.reference, jsonb_strip_nulls(jsonb_build_object(
    'v', '1',
    'request', encode(sha256(convert_to(jsonb_build_array(
        r.siret, r.account_id, r.department, r.channel, r.ground, r.perimeter, r.placement_on, r.start_on, r.end_on,
        r.headcount, r.employees, r.hours, r.direct_payment, r.commitments, r.law_on,
        extract(epoch FROM r.received_at))::text, 'UTF8')), 'base64'),
    'deadline', coalesce(extract(epoch FROM r.deadline_at)::text, 'stopped'),
    'outcome', nullif(concat_ws('|', r.outcome, extract(epoch FROM r.effect_at), extract(epoch FROM r.notified_at),
        extract(epoch FROM r.recorded_at), extract(epoch FROM r.closed_at)), ''),
    'nominal', encode(sha256(n.salt ||
        convert_to(jsonb_build_array(n.author, n.circumstances)::text, 'UTF8')), 'base64'),
    'bank_account', encode(sha256(n.salt || convert_to(jsonb_build_array(n.iban, n.holder)::text, 'UTF8')), 'base64'),
    'receipts', (SELECT encode(sha256(convert_to(jsonb_agg(jsonb_build_array(
        t.version, extract(epoch FROM t.received_at), t.rule, t.last_day_on, extract(epoch FROM t.tacit_acceptance_at),
        t.why) ORDER BY t.version)::text, 'UTF8')), 'base64') FROM receipt t WHERE t.reference = r.reference),
    'opinions', (SELECT encode(sha256(convert_to(jsonb_agg(jsonb_build_array(
        o.version, o.form, o.given_on, o.file_id, o.due_on) ORDER BY o.version)::text, 'UTF8')), 'base64')
        FROM opinion o WHERE o.reference = r.reference),
    'decisions', (SELECT encode(sha256(n.salt || convert_to(jsonb_agg(jsonb_build_array(
        d.id, d.agent_id, d.delegation_id, d.outcome, d.start_on, d.end_on, d.employees, d.hours, d.partial, d.grounds,
        d.commitments, encode(d.body_digest, 'hex'), d.state, extract(epoch FROM d.registered_at),
        extract(epoch FROM d.signed_at), extract(epoch FROM d.notified_at), extract(epoch FROM d.voided_at))
        ORDER BY d.id)::text, 'UTF8')), 'base64') FROM decision d WHERE d.reference = r.reference),
    'completions', (SELECT encode(sha256(n.salt || convert_to(jsonb_agg(jsonb_build_array(
        c.id, c.agent_id, c.pieces, c.reasons, c.due_on, encode(c.body_digest, 'hex'), c.state,
        CASE c.state WHEN 'fulfilled' THEN c.supplied END, extract(epoch FROM c.registered_at),
        extract(epoch FROM c.notified_at), extract(epoch FROM c.ended_at)) ORDER BY c.id)::text, 'UTF8')), 'base64')
        FROM completion c WHERE c.reference = r.reference),
    'documents', (SELECT encode(sha256(convert_to(jsonb_agg(jsonb_build_array(
        p.id, p.kind, p.subject, p.number, p.sha256, extract(epoch FROM p.signed_at),
        extract(epoch FROM p.published_at)) ORDER BY p.id)::text, 'UTF8')), 'base64')
        FROM document p WHERE p.reference = r.reference AND p.published_at IS NOT NULL),
    'deposits', (SELECT encode(sha256(convert_to(jsonb_agg(jsonb_build_array(
        w.key, w.channel, w.document_id, f.name, encode(sha256(f.salt || convert_to(f.sha256, 'UTF8')), 'hex'), w.line)
        ORDER BY w.key)::text, 'UTF8')), 'base64')
        FROM deposit_row w JOIN deposit f ON f.id = w.deposit_id
        WHERE w.reference = r.reference AND f.written_at IS NOT NULL)
)) AS facts FROM request r LEFT JOIN nominal n ON n.reference = r.reference
) c WHERE c.reference = event_subject;
    ELSIF event_subject LIKE 'access:%' THEN
        SELECT jsonb_object_agg(k.key, k.digest) INTO found FROM (
SELECT a.id, 'account:' || a.id AS key, a.created_at AS at, encode(sha256(convert_to(jsonb_build_array(
    a.role, a.departments, extract(epoch FROM a.created_at), extract(epoch FROM a.closed_at))::text, 'UTF8')),
    'base64') AS digest FROM account a
UNION ALL
SELECT t.id, 'token:' || t.id, t.created_at, encode(sha256(convert_to(jsonb_build_array(
    t.account_id, t.scope, encode(t.digest, 'hex'), extract(epoch FROM t.created_at),
    extract(epoch FROM t.expires_at), extract(epoch FROM t.revoked_at))::text, 'UTF8')), 'base64') FROM token t
UNION ALL
SELECT d.id, 'delegation:' || d.id, d.given_at, encode(sha256(convert_to(jsonb_build_array(
    d.account_id, d.outcomes, d.departments, d.from_on, d.until_on, d.certificate, d.act, d.given_by,
    extract(epoch FROM d.given_at), d.revoked_by, extract(epoch FROM d.revoked_at))::text, 'UTF8')), 'base64')
    FROM delegation d
) k WHERE k.id = ANY(ARRAY(
            SELECT named.value::uuid FROM jsonb_each_text(event_data) named
            WHERE named.key IN ('account', 'token', 'delegation', 'about')
            AND named.value ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'));
    END IF;
    RETURN coalesce(found, '{}');
END
$$;

CREATE OR REPLACE FUNCTION append_event(
    event_subject text, event_type text, event_at timestamptz, event_recorded_at timestamptz,
    event_role text, event_actor uuid, event_data jsonb
) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    last event;
    new event;
BEGIN
    SELECT * INTO last FROM event WHERE subject = event_subject ORDER BY seq DESC LIMIT 1;
    new.subject := event_subject;
    new.seq := coalesce(last.seq, 0) + 1;
    new.type := event_type;
    new.at := event_at;
    new.recorded_at := event_recorded_at;
    new.actor_role := event_role;
    new.actor_id := event_actor;
    new.data := event_data;
    new.facts := event_facts(event_subject, event_data);
    new.digest := event_digest(coalesce(last.digest, ''), new);
    INSERT INTO event (subject, seq, type, at, recorded_at, actor_role, actor_id, data, facts, digest)
        VALUES (new.subject, new.seq, new.type, new.at, new.recorded_at, new.actor_role, new.actor_id,
            new.data, new.facts, new.digest);
    RETURN new.seq;
END
$$;

-- The deadline of a case is the instant that its last receipt fixed, or stopped: nothing else may write it. It fires
-- only for statements that set the deadline, which those of silence and of a notification do not.
CREATE FUNCTION refuse_other_deadline() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.deadline_at IS NOT NULL AND NEW.deadline_at IS DISTINCT FROM (
        SELECT tacit_acceptance_at FROM receipt WHERE reference = NEW.reference ORDER BY version DESC LIMIT 1
    ) THEN
        RAISE EXCEPTION 'the deadline of % is not that of its last receipt', NEW.reference;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER request_deadline_of_receipt BEFORE UPDATE OF deadline_at ON request
    FOR EACH ROW EXECUTE FUNCTION refuse_other_deadline();

CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Events up to here were written before events carried facts; later ones all do. In an empty journal all do.
SELECT append_event('journal', 'facts_begun', clock_timestamp(), clock_timestamp(), 'system', NULL, '{}')
    WHERE EXISTS (SELECT FROM event);
