-- As in 0054_facts.sql, without the reason of a payment in a state that no event states.
-- Digests of the rows that an event makes true: those of its case as they are now; those of the account, token,
-- delegation or letter that an event of the access log or of an establishment names; those of the establishment; those of
-- an entitlement or a claim.
-- The text of the statements is that of models/store/journal/fact_statements.py, by which the audit recomputes them.
CREATE OR REPLACE FUNCTION event_facts(event_subject text, event_data jsonb) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    found jsonb := '{}';
    firms jsonb;
BEGIN
    IF length(event_subject) IN (9, 11) THEN
        SELECT c.facts INTO found FROM (
SELECT r.reference, jsonb_strip_nulls(jsonb_build_object(
    'v', '4',
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
        FROM document p WHERE p.reference = r.reference AND p.claim_id IS NULL AND p.published_at IS NOT NULL),
    'deposits', (SELECT encode(sha256(convert_to(jsonb_agg(jsonb_build_array(
        w.key, w.channel, w.document_id, f.name, encode(sha256(f.salt || convert_to(f.sha256, 'UTF8')), 'hex'), w.line)
        ORDER BY w.key)::text, 'UTF8')), 'base64')
        FROM deposit_row w JOIN deposit f ON f.id = w.deposit_id
        WHERE w.reference = r.reference AND w.claim_id IS NULL AND f.written_at IS NOT NULL),
    'filing', encode(sha256(convert_to(jsonb_build_array(
        r.other_employees, r.filing_signals)::text, 'UTF8')), 'base64'),
    'scopes', (SELECT encode(sha256(convert_to(jsonb_agg(jsonb_build_array(
        d.id, d.siret, d.ground, d.other_employees) ORDER BY d.id)::text, 'UTF8')), 'base64')
        FROM decision d WHERE d.reference = r.reference),
    'parties', (SELECT encode(sha256(convert_to(jsonb_agg(jsonb_build_array(d.id, d.party) ORDER BY d.id)::text,
        'UTF8')), 'base64') FROM decision d WHERE d.reference = r.reference),
    'filed_for', r.party,
    'amends', r.amends,
    'bank_changes', (SELECT encode(sha256(n.salt || convert_to(jsonb_agg(jsonb_build_array(
        b.number, b.account_id, b.author, b.iban, b.holder, b.reasons, extract(epoch FROM b.received_at), b.state,
        b.decision_id, b.agent_id, b.delegation_id, b.outcome, b.grounds, encode(b.body_digest, 'hex'),
        extract(epoch FROM b.decided_at), extract(epoch FROM b.effective_at)) ORDER BY b.number)::text, 'UTF8')),
        'base64') FROM bank_change b WHERE b.reference = r.reference),
    'holds', (SELECT encode(sha256(convert_to(jsonb_agg(jsonb_build_array(
        h.id, h.reason, extract(epoch FROM h.held_at), h.held_by, extract(epoch FROM h.released_at), h.released_by)
        ORDER BY h.id)::text, 'UTF8')), 'base64') FROM hand_over_hold h WHERE h.reference = r.reference),
    'files', (SELECT encode(sha256(n.salt || convert_to(jsonb_agg(jsonb_build_array(a.id, a.sha256)
        ORDER BY a.id)::text, 'UTF8')), 'base64') FROM file a WHERE a.id = ANY(ARRAY(
            SELECT o.file_id FROM opinion o WHERE o.reference = r.reference
            UNION SELECT CASE WHEN s.value ->> 'file' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
                THEN (s.value ->> 'file')::uuid END
            FROM completion c CROSS JOIN LATERAL
                jsonb_each(CASE jsonb_typeof(c.supplied) WHEN 'object' THEN c.supplied ELSE '{}' END) s
            WHERE c.reference = r.reference AND c.state = 'fulfilled')))
)) AS facts FROM request r LEFT JOIN nominal n ON n.reference = r.reference
) c WHERE c.reference = event_subject;
    ELSIF event_subject LIKE 'access:%' OR event_subject ~ '^[0-9]{14}$' THEN
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
UNION ALL
SELECT p.id, 'person:' || p.id, p.created_at, encode(sha256(p.salt || convert_to(jsonb_build_array(
    p.name, p.email)::text, 'UTF8')), 'base64') FROM account p WHERE p.email <> ''
UNION ALL
SELECT l.id, 'letter:' || l.id, l.requested_at, encode(sha256(convert_to(jsonb_build_array(
    l.account_id, l.siret, l.ordered_by, extract(epoch FROM l.printed_at),
    CASE WHEN l.printed_at IS NOT NULL THEN encode(l.digest, 'hex') END,
    CASE WHEN l.printed_at IS NOT NULL THEN extract(epoch FROM l.expires_at) END)::text, 'UTF8')), 'base64')
    FROM letter l WHERE l.ordered_at IS NOT NULL OR l.printed_at IS NOT NULL
UNION ALL
SELECT t.id, 'terms:' || t.id, t.created_at, encode(sha256(convert_to(jsonb_build_array(
    t.account_id, t.scope, encode(t.digest, 'hex'), extract(epoch FROM t.created_at),
    extract(epoch FROM t.expires_at))::text, 'UTF8')), 'base64') FROM token t
UNION ALL
SELECT d.id, 'terms:' || d.id, d.given_at, encode(sha256(convert_to(jsonb_build_array(
    d.account_id, d.outcomes, d.departments, d.from_on, d.until_on, d.certificate, d.act, d.given_by,
    extract(epoch FROM d.given_at))::text, 'UTF8')), 'base64') FROM delegation d
UNION ALL
SELECT i.id, 'instruction:' || i.id, i.given_at, encode(sha256(convert_to(jsonb_build_array(
    i.account_id, i.delegation_id, i.departments, i.ceiling_cents, i.from_on, i.to_on,
    extract(epoch FROM i.given_at), extract(epoch FROM i.revoked_at))::text, 'UTF8')), 'base64')
    FROM standing_instruction i
UNION ALL
SELECT i.id, 'terms:' || i.id, i.given_at, encode(sha256(convert_to(jsonb_build_array(
    i.account_id, i.delegation_id, i.departments, i.ceiling_cents, i.from_on, i.to_on,
    extract(epoch FROM i.given_at))::text, 'UTF8')), 'base64') FROM standing_instruction i
UNION ALL
SELECT q.id, 'quota_exception:' || q.id, q.given_at, encode(sha256(convert_to(jsonb_build_array(
    q.siret, q.reference, q.year, q.hours, q.authority, q.decided_on, q.file_id,
    (SELECT f.sha256 FROM file f WHERE f.id = q.file_id), q.account_id, q.delegation_id,
    extract(epoch FROM q.given_at))::text, 'UTF8')), 'base64') FROM quota_exception q
UNION ALL
SELECT q.id, 'quota_end:' || q.id, q.ended_at, encode(sha256(convert_to(jsonb_build_array(
    q.ended_by, q.ended_under, q.end_reason, extract(epoch FROM q.ended_at))::text, 'UTF8')), 'base64')
    FROM quota_exception q WHERE q.ended_at IS NOT NULL
UNION ALL
SELECT s.id, 'sign_in:' || s.id, s.created_at, encode(sha256(s.salt || convert_to(s.means::text, 'UTF8')), 'base64')
    FROM (SELECT a.id, a.salt, a.created_at, jsonb_build_array(
        (SELECT jsonb_build_array(c.login, c.password_hash) FROM credential c WHERE c.account_id = a.id),
        (SELECT encode(o.sealed, 'hex') FROM totp o WHERE o.account_id = a.id AND o.confirmed_at IS NOT NULL),
        (SELECT jsonb_agg(jsonb_build_array(encode(k.credential, 'hex'), encode(k.public_key, 'hex'))
            ORDER BY k.credential) FROM passkey k WHERE k.account_id = a.id),
        (SELECT jsonb_agg(jsonb_build_array(i.issuer, i.subject) ORDER BY i.issuer, i.subject)
            FROM identity i WHERE i.account_id = a.id)) AS means FROM account a) s
UNION ALL
SELECT b.id, 'members:' || b.id, b.created_at, encode(sha256(convert_to(b.belongs::text, 'UTF8')), 'base64')
    FROM (SELECT a.id, a.created_at, jsonb_build_array(
        (SELECT jsonb_agg(jsonb_build_array(l.siret, l.role, extract(epoch FROM l.joined_at), l.invited_by)
            ORDER BY l.siret) FROM account_establishment l WHERE l.account_id = a.id),
        (SELECT jsonb_agg(jsonb_build_array(m.id, m.siret, m.starts_on, m.ends_on, m.given_by, m.party,
            extract(epoch FROM m.given_at), extract(epoch FROM m.accepted_at), extract(epoch FROM m.revoked_at))
            ORDER BY m.id) FROM mandate m WHERE m.account_id = a.id),
        (SELECT jsonb_agg(jsonb_build_array(p.siret, p.party) ORDER BY p.siret)
            FROM party p WHERE p.account_id = a.id)) AS belongs FROM account a) b
UNION ALL
SELECT m.id, 'mandate:' || m.id, m.given_at, encode(sha256(g.salt || convert_to(jsonb_build_array(
    m.name, m.email)::text, 'UTF8')), 'base64') FROM mandate m JOIN account g ON g.id = m.given_by
) k WHERE k.id = ANY(ARRAY(
            SELECT named.value::uuid FROM jsonb_each_text(event_data) named
            WHERE named.key IN ('account', 'token', 'delegation', 'instruction', 'exception', 'letter', 'about', 'mandate')
            AND named.value ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'));
        SELECT jsonb_object_agg(k.key, k.digest) INTO firms FROM (
SELECT e.siret, 'establishment:' || e.siret AS key,
    encode(sha256(convert_to(e.department, 'UTF8')), 'base64') AS digest FROM establishment e
UNION ALL
SELECT a.siret, 'authority:' || a.siret, encode(sha256(convert_to(jsonb_agg(jsonb_build_array(
    a.id, a.account_id, a.proof, extract(epoch FROM a.proven_at), a.proven_by, a.inherited_from, a.mandate_id,
    a.evidence, extract(epoch FROM a.ended_at), a.ending) ORDER BY a.id)::text, 'UTF8')), 'base64')
    FROM authority a GROUP BY a.siret
) k
            WHERE k.siret = ANY(ARRAY[event_data ->> 'siret', event_subject]);
        found := coalesce(found, '{}') || coalesce(firms, '{}');
    ELSIF event_subject ~ '^claim:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
        SELECT k.facts INTO found FROM (
SELECT c.id, jsonb_strip_nulls(jsonb_build_object(
    'v', '2',
    'claim', encode(sha256(c.salt || convert_to(jsonb_build_array(
        c.reference, c.month, c.part, c.version, extract(epoch FROM c.received_at), c.due_on, c.people, c.hours,
        c.allowance_cents, c.indemnity_cents, c.state_cents, c.unedic_cents, c.monthly_reimbursement,
        c.regularisation, c.replaces, c.account_id, encode(c.body_digest, 'hex'))::text, 'UTF8')), 'base64'),
    'claim_terms', encode(sha256(c.salt || convert_to(jsonb_build_array(
        c.sector, c.structural, c.reference_months, (SELECT
        jsonb_agg(jsonb_build_array(t.n, t.week_on, t.terms) ORDER BY t.n, t.week_on)
        FROM claim_week t WHERE t.claim_id = c.id AND t.terms IS NOT NULL))::text, 'UTF8')), 'base64'),
    'claim_holidays', CASE WHEN c.holidays_worked IS NOT NULL THEN encode(sha256(c.salt || convert_to(
        c.holidays_worked::text, 'UTF8')), 'base64') END,
    'claim_withdrawn', extract(epoch FROM c.withdrawn_at)::text,
    'claim_state', concat_ws('|', c.state, c.signals::text),
    'people', (SELECT encode(sha256(c.salt || convert_to(jsonb_agg(jsonb_build_array(
        p.n, encode(p.blind, 'hex'), p.payable, p.allowance_cents, p.indemnity_cents, p.category, p.mode,
        p.contract_hours, p.hourly_gross, p.apprentice, encode(sha256(p.sealed), 'hex')) ORDER BY p.n)::text,
        'UTF8')), 'base64') FROM claim_person p WHERE p.claim_id = c.id),
    'weeks', (SELECT encode(sha256(c.salt || convert_to(jsonb_agg(jsonb_build_array(
        w.n, w.week_on, w.worked, w.idle, w.payable, w.limit_hours) ORDER BY w.n, w.week_on)::text, 'UTF8')), 'base64')
        FROM claim_week w WHERE w.claim_id = c.id),
    'entries', (SELECT encode(sha256(convert_to(jsonb_agg(jsonb_build_array(
        l.reference, l.seq, extract(epoch FROM l.at), l.kind, l.from_account, l.to_account, l.hours, l.cents,
        l.state_cents, l.unedic_cents, l.key) ORDER BY l.seq)::text, 'UTF8')), 'base64')
        FROM ledger_entry l WHERE l.claim_id = c.id),
    'visas', (SELECT encode(sha256(c.salt || convert_to(jsonb_agg(jsonb_build_array(
        v.id, v.account_id, v.delegation_id, v.instruction_id, v.outcome, v.grounds, extract(epoch FROM v.given_at),
        extract(epoch FROM v.lapsed_at)) ORDER BY v.id)::text, 'UTF8')), 'base64') FROM visa v WHERE v.claim_id = c.id),
    'documents', (SELECT encode(sha256(convert_to(jsonb_agg(jsonb_build_array(
        p.id, p.kind, p.subject, p.number, p.sha256, extract(epoch FROM p.signed_at),
        extract(epoch FROM p.published_at)) ORDER BY p.id)::text, 'UTF8')), 'base64')
        FROM document p WHERE p.claim_id = c.id AND p.published_at IS NOT NULL),
    'deposits', (SELECT encode(sha256(convert_to(jsonb_agg(jsonb_build_array(
        w.key, w.channel, w.document_id, f.name, encode(sha256(f.salt || convert_to(f.sha256, 'UTF8')), 'hex'), w.line,
        n.sha256) ORDER BY w.key)::text, 'UTF8')), 'base64')
        FROM deposit_row w JOIN deposit f ON f.id = w.deposit_id LEFT JOIN claim_file n ON n.claim_id = w.claim_id
        WHERE w.claim_id = c.id AND f.written_at IS NOT NULL),
    'payments', (SELECT encode(sha256(c.salt || convert_to(jsonb_agg(jsonb_build_array(
        p.id, p.person_n, p.attempt, p.end_to_end, p.hours, p.state_cents, p.unedic_cents,
        encode(p.iban_mark, 'hex'),
        CASE WHEN p.state IN ('booked', 'rejected', 'returned', 'stopped') THEN p.state END,
        CASE WHEN p.state IN ('booked', 'rejected', 'returned', 'stopped') THEN p.reason END, p.after,
        extract(epoch FROM p.booked_at)) ORDER BY p.id)::text, 'UTF8')), 'base64')
        FROM payment p WHERE p.claim_id = c.id),
    'answers', (SELECT encode(sha256(convert_to(jsonb_agg(jsonb_build_array(
        a.deposit_id, a.line, a.nth, a.code, a.label, a.digest, a.lines, extract(epoch FROM a.answered_at))
        ORDER BY a.deposit_id, a.line, a.nth)::text, 'UTF8')), 'base64')
        FROM agency_answer a WHERE a.claim_id = c.id AND a.binding)
)) AS facts FROM claim c
) k WHERE k.id = split_part(event_subject, ':', 2)::uuid;
    ELSIF event_subject LIKE 'entitlement:%' THEN
        SELECT k.facts INTO found FROM (
SELECT g.reference, jsonb_strip_nulls(jsonb_build_object(
    'v', '1',
    'entitlement', encode(sha256(convert_to(jsonb_build_array(
        g.authorised_hours, g.authorised_employees, g.start_on, g.end_on, g.forfeited_on, g.regularise_until,
        g.payment, encode(g.iban_digest, 'hex'), g.state)::text, 'UTF8')), 'base64'),
    'grants', (SELECT encode(sha256(convert_to(jsonb_agg(jsonb_build_array(
        l.seq, extract(epoch FROM l.at), l.kind, l.hours, l.key) ORDER BY l.seq)::text, 'UTF8')), 'base64')
        FROM ledger_entry l WHERE l.reference = g.reference AND l.claim_id IS NULL),
    'amended_by', g.amended_by
)) AS facts FROM entitlement g
) k WHERE k.reference = split_part(event_subject, ':', 2);
    END IF;
    RETURN coalesce(found, '{}');
END
$$;
