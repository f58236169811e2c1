-- Mails about an account: the job says which account and which mail, and is enqueued in the transaction that wants it.
-- Only the identity that resolves sign-ins may ask for one. The link is made when the mail is, so no secret waits anywhere.
CREATE FUNCTION notifications_account_mail(p_kind text, p_user uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF p_kind NOT IN ('confirm', 'reset', 'known') OR NOT identity.acts_as('auth') THEN
        RAISE EXCEPTION 'no such mail';
    END IF;
    PERFORM procrastinate_defer_jobs_v1(ARRAY[ROW(
        'mail', 'notifications.account_mail', 0, 'account:' || p_user, NULL,
        jsonb_build_object('kind', p_kind, 'user_id', p_user), NULL
    )::procrastinate_job_to_defer_v1]);
END
$$;
REVOKE ALL ON FUNCTION notifications_account_mail(text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION notifications_account_mail(text, uuid) TO app_auth;
