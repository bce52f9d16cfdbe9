DO $$
BEGIN
    -- A chair that is out of use stays where visits name it, and is offered no more.
    ALTER TABLE chairs ADD COLUMN IF NOT EXISTS active boolean NOT NULL DEFAULT true;
END
$$;
