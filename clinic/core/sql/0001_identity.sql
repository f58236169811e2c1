-- Who asks, as the database itself can check it (docs/identity.md).
-- The context is "role|user|dentist|holders|visit|source|signature", signed over itself and the backend's process id.

CREATE SCHEMA identity;

CREATE TABLE identity.signing_key (
    slot smallint PRIMARY KEY,  -- 0 signs now, 1 is the one before, still good while processes restart
    inner_pad bytea NOT NULL,
    outer_pad bytea NOT NULL
);
REVOKE ALL ON identity.signing_key FROM PUBLIC;

-- HMAC-SHA256 by hand, since the embedded build has no pgcrypto: the padded keys are stored instead of the key.
CREATE FUNCTION identity.context() RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    raw text := current_setting('clinic.context', true);
    body text;
    given text;
BEGIN
    IF raw IS NULL OR length(raw) < 66 THEN
        RETURN NULL;
    END IF;
    body := left(raw, -65);
    given := right(raw, 64);
    PERFORM FROM identity.signing_key k
     WHERE encode(sha256(k.outer_pad || sha256(k.inner_pad || convert_to(body || '|' || pg_backend_pid(), 'UTF8'))), 'hex') = given;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    RETURN string_to_array(body, '|');
END
$$;

-- Whether the caller acts in this role; policies ask it once a query, as (SELECT identity.acts_as('…')).
CREATE FUNCTION identity.acts_as(wanted text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce((identity.context())[1] = wanted, false)
$$;

CREATE FUNCTION identity.user_as(wanted text) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE c text[] := identity.context();
BEGIN
    IF c[1] = wanted AND c[2] <> '' THEN
        RETURN c[2]::uuid;
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION identity.dentist() RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE c text[] := identity.context();
BEGIN
    IF c[1] = 'dentist' AND c[3] <> '' THEN
        RETURN c[3]::uuid;
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION identity.holders() RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE c text[] := identity.context();
BEGIN
    IF c[4] <> '' THEN
        RETURN string_to_array(c[4], ',');
    END IF;
    RETURN '{}';
END
$$;

-- The visit that a private link opened, for the caller's role only.
CREATE FUNCTION identity.visit_as(wanted text) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE c text[] := identity.context();
BEGIN
    IF c[1] = wanted AND c[5] <> '' THEN
        RETURN c[5]::uuid;
    END IF;
    RETURN NULL;
END
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA identity FROM PUBLIC;
GRANT USAGE ON SCHEMA identity TO app_anonymous, app_patient, app_dentist, app_desk, app_admin, app_bot, app_auth, app_service, clinic_definer;
GRANT EXECUTE ON FUNCTION identity.acts_as(text), identity.user_as(text), identity.dentist(), identity.holders(), identity.visit_as(text)
    TO app_anonymous, app_patient, app_dentist, app_desk, app_admin, app_bot, app_auth, app_service, clinic_definer;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
-- A temporary table stays with its connection, is found before the table of the same name, and would take in what the
-- next callers write.
DO $$ BEGIN EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()); END $$;
GRANT USAGE ON SCHEMA public TO app_anonymous, app_patient, app_dentist, app_desk, app_admin, app_bot, app_auth, app_service, clinic_definer;

-- The GiST operator classes that let a constraint say "same dentist, overlapping time".
CREATE EXTENSION IF NOT EXISTS btree_gist;
