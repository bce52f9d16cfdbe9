DO $$
BEGIN
    -- The application's role owns nothing and cannot bypass row level security. Whoever installs gives it its login.
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'dentalogic_app') THEN
        CREATE ROLE dentalogic_app NOLOGIN;
    END IF;
    GRANT USAGE ON SCHEMA public TO dentalogic_app;
END
$$;
