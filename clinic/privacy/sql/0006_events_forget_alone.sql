-- While an account's channel is taken out of events, no relay reads them: it would note the channel's name anew, or wait for
-- the rows of this transaction while this one waits for the relay's.
CREATE OR REPLACE FUNCTION privacy_events_forget() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    own CONSTANT text := 'account.' || OLD.id;
BEGIN
    PERFORM realtime_alone();
    DELETE FROM realtime_channels WHERE name = own;
    UPDATE realtime_events SET channels = array_replace(channels, own, 'account.erased') WHERE own = ANY (channels);
    RETURN NULL;
END
$$;
