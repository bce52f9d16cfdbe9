DO $$
BEGIN
    -- A phone that somebody said in a conversation which does not come from it: it may be anybody's.
    ALTER TABLE patients ADD COLUMN IF NOT EXISTS phone_unproved boolean NOT NULL DEFAULT false;
END
$$;
