DO $$
BEGIN
    -- The words that every later block is written in. Each looks before it acts.
    CREATE OR REPLACE FUNCTION dl_tenant_table(target text, rights text) RETURNS void LANGUAGE plpgsql AS $f$
    BEGIN
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', target);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', target);
        IF NOT EXISTS (SELECT 1 FROM pg_policies WHERE schemaname = 'public' AND tablename = target
                       AND policyname = 'tenant') THEN
            EXECUTE format($p$CREATE POLICY tenant ON %I
                USING (tenant_id = (SELECT NULLIF(current_setting('app.tenant_id', true), '')::int))
                WITH CHECK (tenant_id = (SELECT NULLIF(current_setting('app.tenant_id', true), '')::int))$p$, target);
        END IF;
        EXECUTE format('REVOKE ALL ON %I FROM dentalogic_app', target);
        EXECUTE format('GRANT %s ON %I TO dentalogic_app', rights, target);
    END $f$;

    CREATE OR REPLACE FUNCTION dl_constraint(label text, target text, definition text) RETURNS void
    LANGUAGE plpgsql AS $f$
    BEGIN
        IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = label AND conrelid = target::regclass) THEN
            EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I %s', target, label, definition);
        END IF;
    END $f$;

    CREATE OR REPLACE FUNCTION dl_unique(label text, target text, columns text) RETURNS void LANGUAGE plpgsql AS $f$
    BEGIN
        PERFORM dl_constraint(label, target, 'UNIQUE ' || columns);
    END $f$;

    CREATE OR REPLACE FUNCTION dl_check(label text, target text, expression text) RETURNS void LANGUAGE plpgsql AS $f$
    BEGIN
        PERFORM dl_constraint(label, target, 'CHECK (' || expression || ')');
    END $f$;

    -- The composite foreign key: a row of one clinic cannot point at a row of another.
    CREATE OR REPLACE FUNCTION dl_link(source text, link text, target text) RETURNS void LANGUAGE plpgsql AS $f$
    BEGIN
        PERFORM dl_constraint(source || '_' || link || '_same_tenant', source,
            format('FOREIGN KEY (tenant_id, %I) REFERENCES %I (tenant_id, id)', link, target));
    END $f$;

    CREATE OR REPLACE FUNCTION dl_index(label text, target text, columns text, condition text DEFAULT NULL)
    RETURNS void LANGUAGE plpgsql AS $f$
    BEGIN
        IF NOT EXISTS (SELECT 1 FROM pg_indexes WHERE schemaname = 'public' AND indexname = label) THEN
            EXECUTE format('CREATE INDEX %I ON %I %s', label, target, columns)
                || coalesce(' WHERE ' || condition, '');
        END IF;
    END $f$;

    -- Working hours of data: days "0" to "6", sorted slots that do not overlap, 24:00 as an end only.
    CREATE OR REPLACE FUNCTION dl_hours_ok(week jsonb) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS $f$
    DECLARE
        day record;
        slot jsonb;
        last text;
    BEGIN
        IF week IS NULL THEN RETURN true; END IF;
        IF jsonb_typeof(week) <> 'object' THEN RETURN false; END IF;
        FOR day IN SELECT * FROM jsonb_each(week) LOOP
            IF day.key !~ '^[0-6]$' OR jsonb_typeof(day.value) <> 'object'
               OR jsonb_typeof(day.value -> 'enabled') IS DISTINCT FROM 'boolean'
               OR jsonb_typeof(day.value -> 'slots') IS DISTINCT FROM 'array'
               OR (day.value - 'enabled' - 'slots') <> '{}'::jsonb THEN
                RETURN false;
            END IF;
            last := '';
            FOR slot IN SELECT * FROM jsonb_array_elements(day.value -> 'slots') LOOP
                IF jsonb_typeof(slot) <> 'object' OR (slot - 'start' - 'end') <> '{}'::jsonb
                   OR (slot ->> 'start') IS NULL OR (slot ->> 'end') IS NULL
                   OR (slot ->> 'start') !~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'
                   OR (slot ->> 'end') !~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$'
                   OR (slot ->> 'end') COLLATE "C" <= (slot ->> 'start') COLLATE "C"
                   OR (slot ->> 'start') COLLATE "C" < last COLLATE "C" THEN
                    RETURN false;
                END IF;
                last := slot ->> 'end';
            END LOOP;
        END LOOP;
        RETURN true;
    END $f$;
END
$$;
