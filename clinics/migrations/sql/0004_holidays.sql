DO $$
BEGIN
    -- National holidays: of which part of the country, and whether the clinic closes on them.
    ALTER TABLE tenants ADD COLUMN IF NOT EXISTS holiday_region text NOT NULL DEFAULT '';
    ALTER TABLE tenants ADD COLUMN IF NOT EXISTS closes_on_holidays boolean NOT NULL DEFAULT true;
END
$$;
