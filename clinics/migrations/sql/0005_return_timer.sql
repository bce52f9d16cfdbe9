DO $$
BEGIN
    -- Hours without a word of staff after which the receptionist attends a conversation again; 0 is never.
    ALTER TABLE tenants ADD COLUMN IF NOT EXISTS return_hours smallint NOT NULL DEFAULT 12;
END
$$;
