-- Codes that were mailed, and addresses that wait to be confirmed: for the identity that resolves a sign-in alone.
ALTER TABLE accounts_mailedcode ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON accounts_mailedcode TO app_auth;
CREATE POLICY auth_all ON accounts_mailedcode TO app_auth USING ((SELECT identity.acts_as('auth')));
CREATE POLICY definer ON accounts_mailedcode TO clinic_definer USING (true) WITH CHECK (true);
GRANT ALL ON accounts_mailedcode TO clinic_definer;

ALTER TABLE accounts_emailchange ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, DELETE ON accounts_emailchange TO app_auth;
CREATE POLICY auth_all ON accounts_emailchange TO app_auth USING ((SELECT identity.acts_as('auth')));
CREATE POLICY definer ON accounts_emailchange TO clinic_definer USING (true) WITH CHECK (true);
GRANT ALL ON accounts_emailchange TO clinic_definer;

-- Another address is another way in: whoever came by the old one signs in anew.
CREATE TRIGGER end_sessions_of_address AFTER UPDATE OF email ON accounts_user FOR EACH ROW
    WHEN (OLD.email <> NEW.email) EXECUTE FUNCTION accounts_end_sessions();
CREATE TRIGGER revoke_tokens_of_address AFTER UPDATE OF email ON accounts_user FOR EACH ROW
    WHEN (OLD.email <> NEW.email) EXECUTE FUNCTION accounts_revoke_tokens();

-- What could still open an account goes with the right to open it.
CREATE FUNCTION accounts_forget_ways_in() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM accounts_mailedcode WHERE user_id = NEW.id;
    DELETE FROM accounts_emailchange WHERE user_id = NEW.id;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION accounts_forget_ways_in() FROM PUBLIC;
CREATE TRIGGER forget_ways_in AFTER UPDATE OF is_active, email, password ON accounts_user FOR EACH ROW
    WHEN ((OLD.is_active AND NOT NEW.is_active) OR OLD.email <> NEW.email OR OLD.password <> NEW.password)
    EXECUTE FUNCTION accounts_forget_ways_in();
