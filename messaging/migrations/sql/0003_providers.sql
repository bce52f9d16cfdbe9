DO $$
BEGIN
    -- A number at Meta has a name of its own there; how a line is, as its provider says.
    ALTER TABLE channels ADD COLUMN IF NOT EXISTS phone_number_id text NOT NULL DEFAULT '';
    ALTER TABLE channels ADD COLUMN IF NOT EXISTS waba_id text NOT NULL DEFAULT '';
    ALTER TABLE channels ADD COLUMN IF NOT EXISTS health text NOT NULL DEFAULT '';
    ALTER TABLE channels ADD COLUMN IF NOT EXISTS health_code text NOT NULL DEFAULT '';
    ALTER TABLE channels ADD COLUMN IF NOT EXISTS health_text text NOT NULL DEFAULT '';
    ALTER TABLE channels ADD COLUMN IF NOT EXISTS health_at timestamptz;
    ALTER TABLE channels ADD COLUMN IF NOT EXISTS quality text NOT NULL DEFAULT '';
    ALTER TABLE channels ADD COLUMN IF NOT EXISTS looked_at timestamptz;
    ALTER TABLE channels ADD COLUMN IF NOT EXISTS proven_at timestamptz;
    ALTER TABLE channels ADD COLUMN IF NOT EXISTS webhook_id text NOT NULL DEFAULT '';
    ALTER TABLE channels ADD COLUMN IF NOT EXISTS former_secret_until timestamptz;
    PERFORM dl_check('channels_health_ok', 'channels', $c$health IN ('', 'ok', 'warning', 'out')$c$);
    CREATE UNIQUE INDEX IF NOT EXISTS channels_phone_number_id_key
        ON channels (tenant_id, phone_number_id) WHERE phone_number_id <> '';

    -- What happens to a message after it came: reactions, an answer to another one, another text.
    ALTER TABLE chat_messages ADD COLUMN IF NOT EXISTS reply_to text NOT NULL DEFAULT '';
    ALTER TABLE chat_messages ADD COLUMN IF NOT EXISTS referral jsonb NOT NULL DEFAULT '{}';
    ALTER TABLE chat_messages ADD COLUMN IF NOT EXISTS reactions jsonb NOT NULL DEFAULT '{}';
    ALTER TABLE chat_messages ADD COLUMN IF NOT EXISTS edited_at timestamptz;
    ALTER TABLE chat_messages ADD COLUMN IF NOT EXISTS former_text text NOT NULL DEFAULT '';
END
$$;
