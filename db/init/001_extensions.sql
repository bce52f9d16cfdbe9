-- Written by `manage.py write_foundation` from the migrations' blocks; a test compares both. Do not edit.

-- clinics 0001_extensions
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS btree_gist;
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE EXTENSION IF NOT EXISTS unaccent;
END
$$;
