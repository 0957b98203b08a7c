CREATE EXTENSION IF NOT EXISTS btree_gist;

-- What generated columns need: both are pure.
CREATE FUNCTION due_at(deadline_at timestamptz, clock_offset interval) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE RETURN deadline_at - make_interval(secs => extract(epoch FROM clock_offset)::double precision);

CREATE FUNCTION request_status(outcome text, deadline_at timestamptz, closed_at timestamptz) RETURNS text
    LANGUAGE sql IMMUTABLE RETURN CASE
        WHEN outcome IN ('granted', 'tacit') AND closed_at IS NOT NULL THEN 'closed'
        WHEN outcome = 'granted' THEN 'authorized'
        WHEN outcome = 'tacit' THEN 'tacitly_authorized'
        WHEN outcome IS NOT NULL THEN outcome
        WHEN deadline_at IS NULL THEN 'awaiting_completion'
        ELSE 'under_review'
    END;
