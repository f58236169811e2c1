-- Secrets of second factors: only the identity that resolves a sign-in sees them, not even their owner does again.
ALTER TABLE accounts_secondfactor ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (last_step), DELETE ON accounts_secondfactor TO app_auth;
CREATE POLICY auth_all ON accounts_secondfactor TO app_auth USING ((SELECT identity.acts_as('auth')));
CREATE POLICY definer ON accounts_secondfactor TO clinic_definer USING (true) WITH CHECK (true);
GRANT ALL ON accounts_secondfactor TO clinic_definer;

ALTER TABLE accounts_recoverycode ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, DELETE ON accounts_recoverycode TO app_auth;
GRANT USAGE ON SEQUENCE accounts_recoverycode_id_seq TO app_auth;
CREATE POLICY auth_all ON accounts_recoverycode TO app_auth USING ((SELECT identity.acts_as('auth')));
CREATE POLICY definer ON accounts_recoverycode TO clinic_definer USING (true) WITH CHECK (true);
GRANT ALL ON accounts_recoverycode TO clinic_definer;
