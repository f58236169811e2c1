-- Clinic settings: everybody reads, admins change.
ALTER TABLE core_clinicsettings ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT ON core_clinicsettings TO app_anonymous, app_patient, app_dentist, app_desk, app_admin, app_bot, app_auth, app_service;
GRANT UPDATE ON core_clinicsettings TO app_admin;
CREATE POLICY everyone_reads ON core_clinicsettings FOR SELECT
    TO app_anonymous, app_patient, app_dentist, app_desk, app_admin, app_bot, app_auth, app_service USING (true);
CREATE POLICY admin_changes ON core_clinicsettings FOR UPDATE TO app_admin USING ((SELECT identity.acts_as('admin')));
CREATE POLICY definer ON core_clinicsettings TO clinic_definer USING (true) WITH CHECK (true);
GRANT ALL ON core_clinicsettings TO clinic_definer;

-- Kept answers: a key belongs to its caller. The scope is the caller's first holder key, or a secret of the request.
ALTER TABLE core_idempotencykey ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON core_idempotencykey TO app_anonymous, app_patient, app_dentist, app_desk, app_admin, app_bot;
GRANT SELECT, DELETE ON core_idempotencykey TO app_service;
CREATE POLICY own ON core_idempotencykey
    TO app_anonymous, app_patient, app_dentist, app_desk, app_admin, app_bot
    USING (scope = ANY ((SELECT identity.holders())::text[])) WITH CHECK (scope = ANY ((SELECT identity.holders())::text[]));
CREATE POLICY service ON core_idempotencykey TO app_service USING ((SELECT identity.acts_as('service')));
CREATE POLICY definer ON core_idempotencykey TO clinic_definer USING (true) WITH CHECK (true);
GRANT ALL ON core_idempotencykey TO clinic_definer;
