-- Accounts: one's own row; admins all; the identity that resolves a sign-in all.
ALTER TABLE accounts_user ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON accounts_user TO app_patient, app_dentist, app_desk, app_bot, app_admin, app_auth;
GRANT UPDATE (name) ON accounts_user TO app_patient, app_dentist, app_desk;
GRANT INSERT, UPDATE, DELETE ON accounts_user TO app_admin;
GRANT INSERT, UPDATE ON accounts_user TO app_auth;
CREATE POLICY patient_own ON accounts_user TO app_patient USING (id = (SELECT identity.user_as('patient')));
CREATE POLICY dentist_own ON accounts_user TO app_dentist USING (id = (SELECT identity.user_as('dentist')));
CREATE POLICY desk_own ON accounts_user TO app_desk USING (id = (SELECT identity.user_as('desk')));
CREATE POLICY bot_own ON accounts_user TO app_bot USING (id = (SELECT identity.user_as('bot')));
CREATE POLICY admin_all ON accounts_user TO app_admin USING ((SELECT identity.acts_as('admin')));
CREATE POLICY auth_all ON accounts_user TO app_auth USING ((SELECT identity.acts_as('auth')));
CREATE POLICY definer ON accounts_user TO clinic_definer USING (true) WITH CHECK (true);
GRANT ALL ON accounts_user TO clinic_definer;

ALTER TABLE accounts_session ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON accounts_session TO app_auth;
GRANT SELECT, DELETE ON accounts_session TO app_service;
CREATE POLICY auth_all ON accounts_session TO app_auth USING ((SELECT identity.acts_as('auth')));
CREATE POLICY service_sweeps ON accounts_session TO app_service USING ((SELECT identity.acts_as('service')));
CREATE POLICY definer ON accounts_session TO clinic_definer USING (true) WITH CHECK (true);
GRANT ALL ON accounts_session TO clinic_definer;

-- An account that is switched off is signed out everywhere, whatever switched it off.
CREATE FUNCTION accounts_end_sessions() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM accounts_session WHERE user_id = NEW.id;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION accounts_end_sessions() FROM PUBLIC;
CREATE TRIGGER end_sessions AFTER UPDATE OF is_active, password, role ON accounts_user
    FOR EACH ROW WHEN ((OLD.is_active AND NOT NEW.is_active) OR OLD.role <> NEW.role OR OLD.password <> NEW.password)
    EXECUTE FUNCTION accounts_end_sessions();

-- Django admin's own log repeats names, so it is kept like personal data.
ALTER TABLE django_admin_log ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON django_admin_log TO app_admin;
GRANT USAGE ON SEQUENCE django_admin_log_id_seq TO app_admin;
CREATE POLICY admin_all ON django_admin_log TO app_admin USING ((SELECT identity.acts_as('admin')));
CREATE POLICY definer ON django_admin_log TO clinic_definer USING (true) WITH CHECK (true);
GRANT ALL ON django_admin_log TO clinic_definer;
GRANT SELECT ON django_content_type TO app_admin;
