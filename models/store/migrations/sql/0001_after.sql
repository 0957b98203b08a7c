-- The clock of a case and of a draft: the database's, plus their offset (zero outside development).
CREATE FUNCTION case_now(case_reference text) RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
    SELECT clock_timestamp() + clock_offset FROM request WHERE reference = case_reference
$$;

CREATE FUNCTION draft_now(draft_id uuid) RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
    SELECT clock_timestamp() + clock_offset FROM draft WHERE id = draft_id
$$;

-- What one event's digest covers, the digest of the event before it first.
CREATE FUNCTION event_digest(previous bytea, e event) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(previous || convert_to(concat_ws('|',
        e.subject, e.seq, e.type, extract(epoch FROM e.at), extract(epoch FROM e.recorded_at),
        e.actor_role, coalesce(e.actor_id::text, '-'), e.data::text), 'UTF8'))
$$;

-- Appends one event to its subject's chain. The caller holds the subject's row; the primary key
-- (subject, seq) makes two writers collide rather than fork the chain.
CREATE FUNCTION append_event(
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
    new.digest := event_digest(coalesce(last.digest, ''), new);
    INSERT INTO event (subject, seq, type, at, recorded_at, actor_role, actor_id, data, digest)
        VALUES (new.subject, new.seq, new.type, new.at, new.recorded_at, new.actor_role, new.actor_id,
            new.data, new.digest);
    RETURN new.seq;
END
$$;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME;
END
$$;

CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER anchor_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON anchor
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER receipt_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON receipt
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Every row of the outbox wakes the relay when its transaction commits.
CREATE FUNCTION wake_relay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('tacite_outbox', '');
    RETURN NULL;
END
$$;

CREATE TRIGGER outbox_wakes_relay AFTER INSERT ON outbox
    FOR EACH STATEMENT EXECUTE FUNCTION wake_relay();
