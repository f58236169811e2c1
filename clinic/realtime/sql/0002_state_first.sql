-- Whoever touches rows of events or channels locks the row of the state first, as realtime_drain does: an erasure, the relay
-- and the forgetting take turns, and none of them ends in a deadlock.

CREATE FUNCTION realtime_alone() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM realtime_state s FOR UPDATE;
END
$$;
REVOKE ALL ON FUNCTION realtime_alone() FROM PUBLIC;

CREATE OR REPLACE FUNCTION realtime_published(p_first bigint, p_last bigint) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT realtime_alone();
    UPDATE realtime_events SET published_at = clock_timestamp()
     WHERE position BETWEEN p_first AND p_last AND published_at IS NULL
$$;

CREATE OR REPLACE FUNCTION realtime_forget(p_kept interval) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    gone bigint;
    reached bigint;
BEGIN
    IF p_kept < interval '10 minutes' THEN
        RAISE EXCEPTION 'readers who were away for some minutes must find what they missed';
    END IF;
    PERFORM realtime_alone();
    WITH old AS (
        SELECT e.id FROM realtime_events e
         WHERE e.position IS NOT NULL AND e.published_at < clock_timestamp() - p_kept ORDER BY e.position LIMIT 5000
    ), deleted AS (
        DELETE FROM realtime_events e USING old WHERE e.id = old.id RETURNING e.position
    )
    SELECT count(*), max(d.position) INTO gone, reached FROM deleted d;
    UPDATE realtime_state s SET horizon = reached WHERE reached > s.horizon;
    -- A channel without an event that is still known begins anew.
    DELETE FROM realtime_channels c USING realtime_state s WHERE c.position <= s.horizon;
    RETURN gone;
END
$$;
