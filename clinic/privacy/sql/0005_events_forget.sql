-- Whoever erases an account is not to be found in events either: of them, a channel's name alone says whose news it was.
CREATE FUNCTION privacy_events_forget() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    own CONSTANT text := 'account.' || OLD.id;
BEGIN
    DELETE FROM realtime_channels WHERE name = own;
    UPDATE realtime_events SET channels = array_replace(channels, own, 'account.erased') WHERE own = ANY (channels);
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION privacy_events_forget() FROM PUBLIC;
CREATE TRIGGER events_forget AFTER DELETE ON accounts_user FOR EACH ROW EXECUTE FUNCTION privacy_events_forget();
