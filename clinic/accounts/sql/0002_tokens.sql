-- Sign-ins of programs: only the identity that resolves a sign-in sees them.
ALTER TABLE accounts_refreshfamily ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON accounts_refreshfamily TO app_auth;
CREATE POLICY auth_all ON accounts_refreshfamily TO app_auth USING ((SELECT identity.acts_as('auth')));
CREATE POLICY definer ON accounts_refreshfamily TO clinic_definer USING (true) WITH CHECK (true);
GRANT ALL ON accounts_refreshfamily TO clinic_definer;

-- An account that is switched off, gets another role or another password: its tokens end at once, whatever changed it.
CREATE FUNCTION accounts_revoke_tokens() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE accounts_refreshfamily SET revoked_at = clock_timestamp() WHERE user_id = NEW.id AND revoked_at IS NULL;
    RETURN NULL;
END
$$;
CREATE TRIGGER revoke_tokens AFTER UPDATE OF is_active, password, role ON accounts_user FOR EACH ROW
    WHEN ((OLD.is_active AND NOT NEW.is_active) OR OLD.role <> NEW.role OR OLD.password <> NEW.password)
    EXECUTE FUNCTION accounts_revoke_tokens();

-- Anybody may register an email that is not theirs. When such an account is to become staff (a dentist is added under that
-- email), the password of whoever registered it must not open it.
CREATE FUNCTION accounts_forget_unproven_password() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    NEW.password := '!' || replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
    RETURN NEW;
END
$$;
CREATE TRIGGER forget_unproven_password BEFORE UPDATE OF role ON accounts_user FOR EACH ROW
    WHEN (OLD.role = 'patient' AND NEW.role <> 'patient' AND OLD.email_verified_at IS NULL)
    EXECUTE FUNCTION accounts_forget_unproven_password();

REVOKE ALL ON FUNCTION accounts_revoke_tokens(), accounts_forget_unproven_password() FROM PUBLIC;
