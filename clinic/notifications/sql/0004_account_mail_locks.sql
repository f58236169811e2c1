-- One kind of mail does not wait for another: a code must not stand behind a confirmation that is tried again in an hour.
CREATE OR REPLACE FUNCTION notifications_account_mail(p_kind text, p_user uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF p_kind NOT IN ('confirm', 'reset', 'known', 'code', 'new_email', 'email_asked')
        OR NOT identity.acts_as('auth') THEN
        RAISE EXCEPTION 'no such mail';
    END IF;
    PERFORM procrastinate_defer_jobs_v1(ARRAY[ROW(
        'mail', 'notifications.account_mail', 0, format('account:%s:%s', p_user, p_kind), NULL,
        jsonb_build_object('kind', p_kind, 'user_id', p_user), NULL
    )::procrastinate_job_to_defer_v1]);
END
$$;
