-- The settings that came later, and an account's second factor: that one was set up or taken away, and of which account.
-- Its secret is never kept; that a code was used is no change.
DROP TRIGGER history_comes ON core_clinicsettings;
DROP TRIGGER history_changes ON core_clinicsettings;
SELECT history_watch('core_clinicsettings', '{
    emergency_number, currency, slot_step_minutes, hold_minutes, min_notice_minutes, max_advance_days,
    same_day_release_minutes, confirms_at_once, cancel_cutoff_hours, reschedule_cutoff_hours, holds_per_address,
    holds_per_hour, consent_version, guests_kept_months, cancelled_kept_months}');
SELECT history_watch('accounts_secondfactor', '{}', '{last_step}', p_key => 'user_id');

-- Text that is encrypted anew says what it said before: with `clinic.same_text` set, the owner's own login (nobody else's
-- word counts) may leave out lines whose every changed column is named there.
CREATE OR REPLACE FUNCTION history_note() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    kept CONSTANT text[] := TG_ARGV[1];
    ignored CONSTANT text[] := TG_ARGV[2];
    same CONSTANT text := coalesce(current_setting('clinic.same_text', true), '');
    is_now jsonb := CASE WHEN TG_OP = 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
    was jsonb;
    changed text[] := '{}';
    before jsonb := '{}';
    after jsonb := '{}';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        was := to_jsonb(OLD);
        SELECT array_agg(key ORDER BY key),
               coalesce(jsonb_object_agg(key, was -> key) FILTER (WHERE key = ANY (kept)), '{}'),
               coalesce(jsonb_object_agg(key, value) FILTER (WHERE key = ANY (kept)), '{}')
          INTO changed, before, after
          FROM jsonb_each(is_now) WHERE value IS DISTINCT FROM was -> key AND key <> ALL (ignored);
        IF changed IS NULL THEN
            RETURN NULL;
        END IF;
        IF same <> '' AND changed <@ string_to_array(same, ',') AND pg_has_role(session_user, 'clinic_definer', 'MEMBER') THEN
            RETURN NULL;
        END IF;
    ELSE
        SELECT coalesce(jsonb_object_agg(name, is_now -> name), '{}') INTO after
          FROM unnest(kept) name WHERE is_now ->> name NOT IN ('', '[]');
        IF TG_OP = 'DELETE' THEN
            before := after;
            after := '{}';
        END IF;
    END IF;
    PERFORM history_write(
        TG_TABLE_NAME, is_now ->> TG_ARGV[0],
        CASE TG_OP WHEN 'INSERT' THEN 'created' WHEN 'UPDATE' THEN 'changed' ELSE 'deleted' END,
        (is_now ->> TG_ARGV[3])::uuid, (is_now ->> TG_ARGV[4])::uuid, changed, before, after);
    RETURN NULL;
END
$$;
