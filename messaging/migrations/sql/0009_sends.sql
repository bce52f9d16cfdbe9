DO $$
BEGIN
    -- A message that WhatsApp took, failed with, and got once more: which POST of it counts, the provider's id of the
    -- one before, and reports of either found by WhatsApp's id alone.
    ALTER TABLE chat_messages
        ADD COLUMN IF NOT EXISTS send_number smallint NOT NULL DEFAULT 1,
        ADD COLUMN IF NOT EXISTS former_ref text NOT NULL DEFAULT '';
    PERFORM dl_check('chat_messages_send_number_ok', 'chat_messages', 'send_number > 0');
    PERFORM dl_index('message_statuses_provider_id', 'message_statuses', '(tenant_id, provider_id)',
        'message_id IS NOT NULL');

    -- What is listened to costs by the minute: its price, its end, and how much of it there was.
    ALTER TABLE language_models
        ADD COLUMN IF NOT EXISTS price_minute numeric(10, 4), ADD COLUMN IF NOT EXISTS budget_minutes integer;
    PERFORM dl_check('language_models_heard', 'language_models', 'price_minute >= 0 AND budget_minutes >= 0');
    ALTER TABLE model_usage
        ADD COLUMN IF NOT EXISTS audio_seconds bigint NOT NULL DEFAULT 0,
        ADD COLUMN IF NOT EXISTS unpriced_seconds bigint NOT NULL DEFAULT 0;
END
$$;
