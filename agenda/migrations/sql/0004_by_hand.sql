DO $$
BEGIN
    -- Closures that come again, and rows of the same table that open by hand.
    ALTER TABLE closures ADD COLUMN IF NOT EXISTS repeats text NOT NULL DEFAULT '';
    ALTER TABLE closures ADD COLUMN IF NOT EXISTS until_on date;
    ALTER TABLE closures ADD COLUMN IF NOT EXISTS usual_hours boolean NOT NULL DEFAULT false;
    PERFORM dl_check('closures_repeats', 'closures',
        $c$repeats IN ('', 'weekly', 'yearly') AND (repeats <> '' OR until_on IS NULL)$c$);
    PERFORM dl_check('closures_opens_no_chair', 'closures', $c$kind <> 'open' OR chair_id IS NULL$c$);
    PERFORM dl_check('closures_usual_hours', 'closures', $c$NOT usual_hours OR kind = 'open'$c$);
    PERFORM dl_index('closures_repeating', 'closures', '(tenant_id, start_at)', $c$repeats <> ''$c$);
END
$$;
