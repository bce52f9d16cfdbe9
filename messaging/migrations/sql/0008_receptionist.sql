DO $$
BEGIN
    NULL;
END
$$;
