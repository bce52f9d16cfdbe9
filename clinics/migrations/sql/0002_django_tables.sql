-- What the application's role may read of Django's own tables: the admin names content types, health reads migrations.
DO $$
BEGIN
    GRANT SELECT ON django_content_type, django_migrations TO dentalogic_app;
END
$$;
