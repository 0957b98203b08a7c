-- The balance of an account is the sum of its entries: only their insertion changes it. Rows are locked in the order of
-- their accounts, so that two entries never wait for each other.
CREATE FUNCTION move_ledger_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moved record;
BEGIN
    FOR moved IN
        SELECT side.account, side.hours, side.cents FROM (VALUES
            (NEW.from_account, -NEW.hours, -NEW.cents), (NEW.to_account, NEW.hours, NEW.cents)
        ) side (account, hours, cents) ORDER BY side.account
    LOOP
        INSERT INTO ledger_balance (reference, account, hours, cents)
            VALUES (NEW.reference, moved.account, 0, 0) ON CONFLICT DO NOTHING;
        UPDATE ledger_balance b SET hours = b.hours + moved.hours, cents = b.cents + moved.cents
            WHERE b.reference = NEW.reference AND b.account = moved.account;
    END LOOP;
    RETURN NULL;
END
$$;

CREATE TRIGGER ledger_entry_moves_balances AFTER INSERT ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION move_ledger_balances();
CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Whatever is not done by the trigger above is one trigger deep, this one.
CREATE FUNCTION refuse_own_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'balances change by entries of the ledger only';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER ledger_balance_of_entries BEFORE INSERT OR UPDATE ON ledger_balance
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_own_balance();
CREATE TRIGGER ledger_balance_stays BEFORE DELETE OR TRUNCATE ON ledger_balance
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Appends one entry and returns its number, or NULL when the same one is known already by its key, at whatever instant;
-- it raises when the key is that of another. The caller holds the row of the
-- entitlement; the primary key (reference, seq) makes two writers collide rather than give one number twice.
CREATE FUNCTION append_ledger_entry(
    entry_reference text, entry_key text, entry_kind text, entry_from text, entry_to text, entry_hours numeric,
    entry_state_cents bigint, entry_unedic_cents bigint, entry_claim uuid, entry_at timestamptz
) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    appended integer;
BEGIN
    INSERT INTO ledger_entry (
        reference, seq, at, kind, from_account, to_account, hours, cents, state_cents, unedic_cents, claim_id, key
    ) VALUES (
        entry_reference,
        (SELECT coalesce(max(e.seq), 0) + 1 FROM ledger_entry e WHERE e.reference = entry_reference),
        entry_at, entry_kind, entry_from, entry_to, entry_hours, entry_state_cents + entry_unedic_cents,
        entry_state_cents, entry_unedic_cents, entry_claim, entry_key
    ) ON CONFLICT (key) DO NOTHING RETURNING seq INTO appended;
    IF appended IS NULL AND NOT EXISTS (
        SELECT FROM ledger_entry e WHERE e.key = entry_key
            AND (e.reference, e.kind, e.from_account, e.to_account, e.hours, e.state_cents, e.unedic_cents)
                = (entry_reference, entry_kind, entry_from, entry_to, entry_hours, entry_state_cents,
                    entry_unedic_cents)
            AND e.claim_id IS NOT DISTINCT FROM entry_claim
    ) THEN
        RAISE EXCEPTION 'the key % is that of another entry', entry_key USING ERRCODE = 'unique_violation';
    END IF;
    RETURN appended;
END
$$;
