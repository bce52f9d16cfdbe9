DO $$
BEGIN
    -- What came of asking the model once, by a person's button: when, which one, how long it took, and why not.
    ALTER TABLE language_models
        ADD COLUMN IF NOT EXISTS tried_at timestamptz,
        ADD COLUMN IF NOT EXISTS tried_model text NOT NULL DEFAULT '',
        ADD COLUMN IF NOT EXISTS tried_error text NOT NULL DEFAULT '',
        ADD COLUMN IF NOT EXISTS tried_milliseconds integer NOT NULL DEFAULT 0;
    PERFORM dl_check('language_models_tried', 'language_models', 'tried_milliseconds >= 0');
END
$$;
