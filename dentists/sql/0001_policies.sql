-- Dentists, treatments and offers are public reading. Admins change all; a dentist their own profile and offers.
DO $$
DECLARE
    t text;
    callers text := 'app_anonymous, app_patient, app_dentist, app_desk, app_admin, app_bot, app_service';
BEGIN
    FOREACH t IN ARRAY ARRAY['dentists_dentist', 'dentists_treatment', 'dentists_offer'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('GRANT SELECT ON %I TO %s, app_auth', t, callers);
        EXECUTE format('GRANT INSERT, UPDATE, DELETE ON %I TO app_admin', t);
        EXECUTE format('CREATE POLICY everyone_reads ON %I FOR SELECT TO %s, app_auth USING (true)', t, callers);
        EXECUTE format('CREATE POLICY admin_inserts ON %I FOR INSERT TO app_admin WITH CHECK ((SELECT identity.acts_as(''admin'')))', t);
        EXECUTE format('CREATE POLICY admin_changes ON %I FOR UPDATE TO app_admin USING ((SELECT identity.acts_as(''admin'')))', t);
        EXECUTE format('CREATE POLICY admin_deletes ON %I FOR DELETE TO app_admin USING ((SELECT identity.acts_as(''admin'')))', t);
        EXECUTE format('CREATE POLICY definer ON %I TO clinic_definer USING (true) WITH CHECK (true)', t);
        EXECUTE format('GRANT ALL ON %I TO clinic_definer', t);
    END LOOP;
END
$$;
GRANT USAGE ON SEQUENCE dentists_offer_id_seq TO app_admin, app_dentist;
GRANT UPDATE (title, specializations, languages, bio, practising_since) ON dentists_dentist TO app_dentist;
CREATE POLICY dentist_changes_own ON dentists_dentist FOR UPDATE TO app_dentist USING (id = (SELECT identity.dentist()));
GRANT INSERT, UPDATE, DELETE ON dentists_offer TO app_dentist;
CREATE POLICY dentist_inserts_own ON dentists_offer FOR INSERT TO app_dentist WITH CHECK (dentist_id = (SELECT identity.dentist()));
CREATE POLICY dentist_changes_own ON dentists_offer FOR UPDATE TO app_dentist USING (dentist_id = (SELECT identity.dentist()));
CREATE POLICY dentist_deletes_own ON dentists_offer FOR DELETE TO app_dentist USING (dentist_id = (SELECT identity.dentist()));

-- A new dentist can sign in with their email at once, whatever makes the row: with the account that has it, or a new one
-- that waits for a password (or a code by mail). One who goes takes the login along; one who changes email keeps it.
CREATE FUNCTION dentists_login_begins() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    has accounts_user;
BEGIN
    IF NEW.user_id IS NULL THEN
        SELECT * INTO has FROM accounts_user WHERE email = NEW.email FOR UPDATE;
        IF has.id IS NULL THEN
            NEW.user_id := gen_random_uuid();
            INSERT INTO accounts_user (id, email, name, role, password, is_active)
            VALUES (NEW.user_id, NEW.email, NEW.name, 'dentist', '!' || replace(gen_random_uuid()::text, '-', ''), true);
        ELSIF has.role NOT IN ('patient', 'dentist') OR (has.dentist_id IS NOT NULL AND has.dentist_id <> NEW.id) THEN
            RAISE EXCEPTION USING ERRCODE = 'unique_violation', CONSTRAINT = 'dentist_account_free', TABLE = 'dentists_dentist',
                MESSAGE = 'this email belongs to an account with another role';
        ELSE
            NEW.user_id := has.id;
        END IF;
    END IF;
    UPDATE accounts_user SET role = 'dentist', is_active = true, dentist_id = NEW.id, name = NEW.name WHERE id = NEW.user_id;
    RETURN NEW;
END
$$;
CREATE FUNCTION dentists_login_follows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE accounts_user SET is_active = false, dentist_id = NULL WHERE id = OLD.user_id;
        RETURN OLD;
    END IF;
    UPDATE accounts_user SET email = NEW.email, name = NEW.name WHERE id = NEW.user_id;
    RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION dentists_login_begins(), dentists_login_follows() FROM PUBLIC;
CREATE TRIGGER login_begins BEFORE INSERT ON dentists_dentist FOR EACH ROW EXECUTE FUNCTION dentists_login_begins();
CREATE TRIGGER login_ends AFTER DELETE ON dentists_dentist FOR EACH ROW EXECUTE FUNCTION dentists_login_follows();
CREATE TRIGGER login_follows AFTER UPDATE OF name, email ON dentists_dentist FOR EACH ROW
    WHEN (OLD.name IS DISTINCT FROM NEW.name OR OLD.email IS DISTINCT FROM NEW.email)
    EXECUTE FUNCTION dentists_login_follows();

-- Deleting a dentist by any means takes their offers along.
ALTER TABLE dentists_offer DROP CONSTRAINT IF EXISTS dentists_offer_dentist_fk,
    ADD CONSTRAINT dentists_offer_dentist_fk FOREIGN KEY (dentist_id) REFERENCES dentists_dentist (id) ON DELETE CASCADE;
