-- Everybody says what language to write to them in; who writes asks for that alone.
GRANT UPDATE (language) ON accounts_user TO app_patient, app_dentist, app_desk;

-- '' where nothing is known, or nobody is.
CREATE FUNCTION accounts_language(p_account uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce((SELECT u.language FROM accounts_user u WHERE u.id = p_account), '')
$$;
REVOKE ALL ON FUNCTION accounts_language(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION accounts_language(uuid) TO app_service, app_admin;
