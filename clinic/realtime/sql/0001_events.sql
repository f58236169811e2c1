-- What happened, for everybody who may know of it (docs/realtime.md). Triggers write events in the transaction of the
-- change; the relay gives each a position and publishes it; the hub of a server process reads what it missed.

ALTER TABLE realtime_events
    ADD CONSTRAINT event_has_position_and_previous CHECK ((position IS NULL) = (previous IS NULL));
ALTER TABLE realtime_channels SET (fillfactor = 70);
INSERT INTO realtime_state (id, head, horizon) VALUES (1, 0, 0);

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['realtime_events', 'realtime_channels', 'realtime_state', 'realtime_relays'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY definer ON %I TO clinic_definer USING (true) WITH CHECK (true)', t);
        EXECUTE format('GRANT ALL ON %I TO clinic_definer', t);
    END LOOP;
END
$$;
GRANT SELECT ON realtime_events TO app_admin;
CREATE POLICY admin_reads ON realtime_events FOR SELECT TO app_admin USING ((SELECT identity.acts_as('admin')));

-- The hub has no rights but to read events in order, and the position that all readers may know.
GRANT USAGE ON SCHEMA public, identity TO app_hub;
GRANT EXECUTE ON FUNCTION identity.acts_as(text) TO app_hub;

-- An instant as events hold it: UTC, to the second.
CREATE FUNCTION realtime_instant(p_at timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
$$;

-- Writes one event and wakes the relay: PostgreSQL sends equal notices of a transaction once. What the owner loads quietly
-- is nobody's news.
CREATE FUNCTION realtime_write(p_kind text, p_channels text[], p_body jsonb, p_open_kind text DEFAULT NULL, p_open_body jsonb DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF current_setting('clinic.quiet', true) = 'on' AND pg_has_role(session_user, 'clinic_definer', 'MEMBER') THEN
        RETURN;
    END IF;
    INSERT INTO realtime_events (written_at, kind, channels, body, open_kind, open_body)
    VALUES (clock_timestamp(), p_kind, ARRAY(SELECT DISTINCT c FROM unnest(p_channels) c WHERE c IS NOT NULL), p_body,
            p_open_kind, p_open_body);
    PERFORM pg_notify('realtime', '');
END
$$;

-- When the row of an event was committed, where PostgreSQL keeps that.
CREATE FUNCTION realtime_committed(p_writer xid, p_written timestamptz) RETURNS timestamptz
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_setting('track_commit_timestamp') = 'on' THEN
        RETURN coalesce(pg_xact_commit_timestamp(p_writer), p_written);
    END IF;
    RETURN p_written;
END
$$;

-- Gives the next events their positions, in an order in which nothing that a reader can see is ever passed over: an event
-- that is not visible yet gets a later one. Whoever holds the row of the state is the only one who does it, so positions
-- have neither a hole nor a twin, were there ever two relays.
CREATE FUNCTION realtime_drain(p_limit integer)
RETURNS TABLE (r_position bigint, r_previous bigint[], r_channels text[], r_kind text, r_body jsonb, r_open_kind text,
               r_open_body jsonb, r_written_at timestamptz)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    was bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM realtime_events e WHERE e.position IS NULL) THEN
        RETURN;
    END IF;
    SELECT s.head INTO was FROM realtime_state s FOR UPDATE;
    RETURN QUERY
    WITH fresh AS MATERIALIZED (
        SELECT e.id, was + row_number() OVER (ORDER BY e.id) AS position, e.channels, realtime_committed(e.xmin, e.written_at) AS committed
          FROM realtime_events e WHERE e.position IS NULL ORDER BY e.id LIMIT p_limit
    ), told AS MATERIALIZED (
        SELECT f.id, f.position, c.channel, c.nth,
               coalesce(lag(f.position) OVER (PARTITION BY c.channel ORDER BY f.position), h.position, 0) AS before
          FROM fresh f CROSS JOIN LATERAL unnest(f.channels) WITH ORDINALITY c (channel, nth)
          LEFT JOIN realtime_channels h ON h.name = c.channel
    ), chains AS (
        SELECT t.id, array_agg(t.before ORDER BY t.nth) AS previous FROM told t GROUP BY t.id
    ), heads AS (
        INSERT INTO realtime_channels (name, position) SELECT t.channel, max(t.position) FROM told t GROUP BY t.channel
        ON CONFLICT (name) DO UPDATE SET position = EXCLUDED.position
    ), counted AS (
        UPDATE realtime_state s SET head = s.head + (SELECT count(*) FROM fresh) WHERE EXISTS (SELECT FROM fresh)
    ), placed AS (
        UPDATE realtime_events e
           SET position = f.position, previous = coalesce(c.previous, '{}'), committed_at = f.committed
          FROM fresh f LEFT JOIN chains c ON c.id = f.id WHERE e.id = f.id
        RETURNING e.position, e.previous, e.channels, e.kind::text, e.body, e.open_kind::text, e.open_body, e.written_at
    )
    SELECT p.* FROM placed p ORDER BY p.position;
END
$$;

-- What has a position and was perhaps not published: a relay stopped in between.
CREATE FUNCTION realtime_unpublished(p_limit integer)
RETURNS TABLE (r_position bigint, r_previous bigint[], r_channels text[], r_kind text, r_body jsonb, r_open_kind text,
               r_open_body jsonb, r_written_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT e.position, e.previous, e.channels, e.kind::text, e.body, e.open_kind::text, e.open_body, e.written_at
      FROM realtime_events e WHERE e.published_at IS NULL AND e.position IS NOT NULL ORDER BY e.position LIMIT p_limit
$$;

CREATE FUNCTION realtime_published(p_first bigint, p_last bigint) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE realtime_events SET published_at = clock_timestamp()
     WHERE position BETWEEN p_first AND p_last AND published_at IS NULL
$$;

-- A relay shows itself; those that have been silent for a minute are forgotten.
CREATE FUNCTION realtime_beat(p_relay uuid, p_active boolean) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO realtime_relays AS r (id, is_active, started_at, seen_at) VALUES (p_relay, p_active, clock_timestamp(), clock_timestamp())
    ON CONFLICT (id) DO UPDATE SET is_active = EXCLUDED.is_active, seen_at = EXCLUDED.seen_at;
    DELETE FROM realtime_relays WHERE seen_at < clock_timestamp() - interval '1 minute'
$$;

-- How many relays have shown themselves of late, and whether one of them is at work. Anybody may ask.
CREATE FUNCTION realtime_relays_there(p_silence interval, OUT active boolean, OUT standing_by bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(bool_or(r.is_active), false), count(*) FILTER (WHERE NOT r.is_active)
      FROM realtime_relays r WHERE r.seen_at > clock_timestamp() - p_silence
$$;

-- The last position that was given, and the last one that was forgotten. Anybody may ask.
CREATE FUNCTION realtime_reach(OUT head bigint, OUT horizon bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.head, s.horizon FROM realtime_state s
$$;

-- Events after a position, of all channels or of one, for the hub: it knows who may hear what.
CREATE FUNCTION realtime_since(p_after bigint, p_limit integer, p_channel text DEFAULT NULL)
RETURNS TABLE (r_position bigint, r_previous bigint[], r_channels text[], r_kind text, r_body jsonb, r_open_kind text,
               r_open_body jsonb, r_written_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF identity.acts_as('hub') THEN
        RETURN QUERY
        SELECT e.position, e.previous, e.channels, e.kind::text, e.body, e.open_kind::text, e.open_body, e.written_at
          FROM realtime_events e
         WHERE e.position > p_after AND (p_channel IS NULL OR p_channel = ANY (e.channels))
         ORDER BY e.position LIMIT p_limit;
    END IF;
END
$$;

-- Forgets events that were published so long ago, some thousand at a time; says how many.
CREATE FUNCTION realtime_forget(p_kept interval) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    gone bigint;
    reached bigint;
BEGIN
    IF p_kept < interval '10 minutes' THEN
        RAISE EXCEPTION 'readers who were away for some minutes must find what they missed';
    END IF;
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

REVOKE ALL ON FUNCTION realtime_instant(timestamptz), realtime_write(text, text[], jsonb, text, jsonb),
    realtime_committed(xid, timestamptz), realtime_drain(integer), realtime_unpublished(integer), realtime_published(bigint, bigint),
    realtime_beat(uuid, boolean), realtime_relays_there(interval), realtime_reach(), realtime_since(bigint, integer, text),
    realtime_forget(interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION realtime_drain(integer), realtime_unpublished(integer), realtime_published(bigint, bigint),
    realtime_beat(uuid, boolean), realtime_forget(interval) TO app_service;
GRANT EXECUTE ON FUNCTION realtime_since(bigint, integer, text) TO app_hub;
GRANT EXECUTE ON FUNCTION realtime_reach(), realtime_relays_there(interval)
    TO app_anonymous, app_patient, app_dentist, app_desk, app_admin, app_bot, app_service, app_hub;
