-- Verifying a signature costs more than all else that a policy asks. A context, genuine or not, that names no visit, no
-- account and no keys gives nobody anything, so it is looked into first, and verified only where the answer would be a value.
CREATE OR REPLACE FUNCTION identity.user_as(wanted text) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE c text[];
BEGIN
    IF split_part(current_setting('clinic.context', true), '|', 2) <> '' THEN
        c := identity.context();
        IF c[1] = wanted THEN
            RETURN nullif(c[2], '')::uuid;
        END IF;
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION identity.dentist() RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE c text[];
BEGIN
    IF split_part(current_setting('clinic.context', true), '|', 3) <> '' THEN
        c := identity.context();
        IF c[1] = 'dentist' THEN
            RETURN nullif(c[3], '')::uuid;
        END IF;
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION identity.holders() RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE c text[];
BEGIN
    IF split_part(current_setting('clinic.context', true), '|', 4) <> '' THEN
        c := identity.context();
        IF c[4] <> '' THEN
            RETURN string_to_array(c[4], ',');
        END IF;
    END IF;
    RETURN '{}';
END
$$;

CREATE OR REPLACE FUNCTION identity.visit_as(wanted text) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE c text[];
BEGIN
    IF split_part(current_setting('clinic.context', true), '|', 5) <> '' THEN
        c := identity.context();
        IF c[1] = wanted THEN
            RETURN nullif(c[5], '')::uuid;
        END IF;
    END IF;
    RETURN NULL;
END
$$;
