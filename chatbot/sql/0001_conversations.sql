-- Conversations: whoever began one, and nobody else, admins included: they hold what somebody told about their health.
ALTER TABLE chatbot_conversation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON chatbot_conversation TO app_anonymous, app_patient, app_dentist, app_desk, app_admin, app_bot;
CREATE POLICY own ON chatbot_conversation TO app_anonymous, app_patient, app_dentist, app_desk, app_admin, app_bot
    USING (holder = ANY ((SELECT identity.holders())::text[])) WITH CHECK (holder = ANY ((SELECT identity.holders())::text[]));
CREATE POLICY definer ON chatbot_conversation TO clinic_definer USING (true) WITH CHECK (true);
GRANT ALL ON chatbot_conversation TO clinic_definer;

-- That something was said is news for whoever began it: ids and numbers, never a word.
CREATE FUNCTION chatbot_told() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM realtime_write('conversation.message', ARRAY['conversation.' || NEW.id],
                           jsonb_build_object('id', NEW.id, 'messages', NEW.said));
    RETURN NULL;
END
$$;
CREATE TRIGGER told AFTER INSERT ON chatbot_conversation FOR EACH ROW EXECUTE FUNCTION chatbot_told();
CREATE TRIGGER told_changed AFTER UPDATE ON chatbot_conversation FOR EACH ROW WHEN (OLD.said IS DISTINCT FROM NEW.said)
    EXECUTE FUNCTION chatbot_told();

-- Conversations in which nothing was said for so long, by the database's clock: so many at once. Gives how many went.
CREATE FUNCTION chatbot_forget_old(p_kept interval, p_many integer) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    gone integer;
BEGIN
    IF p_kept < interval '1 hour' THEN
        RAISE EXCEPTION 'a conversation that goes on must not be forgotten';
    END IF;
    WITH old AS (
        SELECT c.id FROM chatbot_conversation c WHERE c.updated_at < clock_timestamp() - p_kept
         ORDER BY c.updated_at LIMIT p_many FOR UPDATE SKIP LOCKED
    )
    DELETE FROM chatbot_conversation c USING old WHERE c.id = old.id;
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END
$$;

-- Conversations go with the account under which they were held, and with what its holder holds in the same browser.
CREATE FUNCTION chatbot_account_gone() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM chatbot_conversation
     WHERE holder = 'u:' || OLD.id OR (OLD.id = identity.user_as('patient') AND holder = ANY (identity.holders()));
    RETURN NULL;
END
$$;
CREATE TRIGGER conversations_go AFTER DELETE ON accounts_user FOR EACH ROW EXECUTE FUNCTION chatbot_account_gone();

REVOKE ALL ON FUNCTION chatbot_told(), chatbot_forget_old(interval, integer), chatbot_account_gone() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION chatbot_forget_old(interval, integer) TO app_service;
